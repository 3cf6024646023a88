"""Whether the tables could be distributed by city over several machines (Citus), and what stands against it.

Nothing of it is done: one deployment for each city comes first (docs/scale.md). What is tested is that the
way stays open, and that nobody closes it without noticing.
"""

from collections import Counter

import pytest
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    Uuid,
)

from app.database.migrations import all_tables
from tests.architecture.distribution import (
    CITY,
    Kind,
    is_kept_in_city,
    kinds,
    references,
    unique_keys,
)

TABLES = all_tables()
KINDS = kinds(TABLES)

REFERENCE = {
    "attempt": "Attempts to sign in, before it is known who it is.",
    "audit_link": "The seal of the whole trail, of all cities in one chain.",
    "change_epoch": "One number for a whole database.",
    "departure": "What the feed says of who has left, by the transaction.",
    "idempotent_answer": "An account's own, and of two days.",
    "ledger_key": "The public halves of the keys that sign heads.",
    "retelling": "What the feed tells again, by the transaction.",
    "unit_set": "Sets of schools that a token names.",
}
"""Tables that belong to no city, each with the reason."""

LARGE = {
    "activity", "attendance", "audit_act", "audit_change", "certificate", "credit_claim",
    "credit_entry", "enrolment", "note", "standing", "file", "teacher", "what_if",
}  # fmt: skip
"""Tables that grow with people and years: they have to be led by the city themselves."""

ACROSS_CITIES = {
    (
        "account",
        ("name",),
    ): "One signs in by it before the city is known: a directory beside the cities.",
    (
        "audit_act",
        ("sequence",),
    ): "The order of the whole trail, which would be sealed city by city.",
    ("authorisation_code", ("code_hash",)): "Drawn at random: 256 bits.",
    ("calendar_link", ("token_hash",)): "Drawn at random: 256 bits.",
    ("certificate", ("code",)): "Drawn at random; whoever verifies one does not know the city.",
    ("device_code", ("code_hash",)): "Drawn at random: 256 bits.",
    (
        "device_code",
        ("user_code",),
    ): "Typed by somebody whose city is not known yet; it lives ten minutes.",
    ("identity_request", ("state_hash",)): "Drawn at random: 256 bits.",
    ("import_origin", ("subject", "thing_id")): "A key, which lies in one city.",
    ("provision", ("source_id",)): "The key of a row, which lies in one city.",
    ("refresh_token", ("token_hash",)): "Drawn at random: 256 bits.",
    (
        "reminder",
        ("kind", "subject_id", "waits_at", "reminded_on"),
    ): "A key, which lies in one city.",
    ("survey_token", ("token_hash",)): "Drawn at random: 256 bits.",
    (
        "teacher",
        ("id_number_index",),
    ): "One person is registered once in all cities: a directory beside them.",
    ("unit", ("open_id",)): "Drawn at random.",
    ("unit_code", ("kind", "code")): "A code of GB/T 2260 is given once in the country.",
}
"""Keys that hold beyond one city, and what would become of each."""

LOOSE = 321
"""References from one led table to another by the key alone; each would have `city_id` put in front."""


def test_every_table_has_its_place() -> None:
    assert {name for name, kind in KINDS.items() if kind is Kind.REFERENCE} == REFERENCE.keys()


def test_what_is_large_is_led_by_the_city() -> None:
    assert {name for name in LARGE if KINDS[name] is not Kind.LED} == set()


def test_no_reference_table_refers_to_a_city() -> None:
    """A row that lies on every machine cannot depend on one that lies on one."""
    assert [
        (name, to.name)
        for name in REFERENCE
        for _, to in references(TABLES.tables[name])
        if KINDS[to.name] is not Kind.REFERENCE
    ] == []


def test_keys_hold_within_a_city_or_say_why_not() -> None:
    found = {
        (name, key)
        for name, table in TABLES.tables.items()
        if KINDS[name] is not Kind.REFERENCE
        for key in unique_keys(table)
        if not is_kept_in_city(table, key, KINDS)
    }
    assert found == ACROSS_CITIES.keys()


def test_no_further_reference_goes_without_the_city() -> None:
    """The number only falls: a new reference between led tables names the city, or is thought about."""
    loose = Counter(
        name
        for name, table in TABLES.tables.items()
        if KINDS[name] is Kind.LED
        for columns, to in references(table)
        if KINDS[to.name] is Kind.LED and CITY not in columns
    )
    assert loose.total() <= LOOSE


@pytest.fixture
def small() -> MetaData:
    tables = MetaData()
    Table(
        "city_row", tables, Column("id", Uuid, primary_key=True), Column(CITY, Uuid, nullable=False)
    )
    Table(
        "part", tables,
        Column("row_id", Uuid, nullable=False), Column("number", Integer),
        ForeignKeyConstraint(["row_id"], ["city_row.id"]),
        UniqueConstraint("row_id", "number"), UniqueConstraint("number"),
    )  # fmt: skip
    Table(
        "loose_part",
        tables,
        Column("row_id", Uuid),
        ForeignKeyConstraint(["row_id"], ["city_row.id"]),
    )
    return tables


def test_the_kinds_are_told_apart(small: MetaData) -> None:
    found = kinds(small)
    assert found == {"city_row": Kind.LED, "part": Kind.FOLLOWS, "loose_part": Kind.REFERENCE}
    part = small.tables["part"]
    assert is_kept_in_city(part, ("row_id", "number"), found)
    assert not is_kept_in_city(part, ("number",), found)
