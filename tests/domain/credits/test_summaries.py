"""Summaries: the sums of a school, a county and a city, each within what the actor may see."""

import re
from datetime import date
from decimal import Decimal

import asyncpg
import pytest

from app.domain.credits.summaries import (
    _summaries as statement_of_summaries,
)
from app.domain.credits.summaries import get_credit_summary, list_compliance, summaries_of
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City


async def recognised(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    today = date.today()  # noqa: DTZ011  summaries are of the database's today
    everybody = [
        city.teacher, city.colleague, city.sibling_teacher, city.far_teacher, city.direct_teacher,
    ]  # fmt: skip
    await make_recognised(db, city.city, city.city_admin, everybody, hours="8.00", on=today)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], on=today)


def told(row: Row | None) -> tuple[int, int, int, Decimal]:
    assert row is not None
    return row["teachers"], row["with_credit"], row["entries"], row["counted_credits"]


async def test_a_county_is_the_sum_of_its_schools_and_a_city_of_everything(
    db: Connection, city: City
) -> None:
    await recognised(db, city)
    units = (city.city, city.county, city.other_county, city.zone, city.school, city.direct_school)
    ids = [unit["id"] for unit in units]
    before = db.statements
    found = await summaries_of(db, city.city_admin.actor, unit_ids=ids)
    assert db.statements - before == 1
    assert [told(found[unit_id]) for unit_id in ids] == [
        (5, 5, 6, Decimal("50.00")),
        (3, 3, 4, Decimal("34.00")),
        (1, 1, 1, Decimal("8.00")),
        (0, 0, 0, Decimal("0.00")),
        (2, 2, 3, Decimal("26.00")),
        (1, 1, 1, Decimal("8.00")),
    ]
    assert str(found[city.zone["id"]]["counted_credits"]) == "0.00"  # type: ignore[index]


async def test_the_packs_in_force_are_read_once_and_not_for_each_school(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Of schools and of bureaux: PostgreSQL would join them, and look for them row by row."""
    await recognised(db, city)
    asked = statement_of_summaries(("city_id",), None)
    values = {"unit_ids": [city.city["id"]], "scope_city_id": [city.city["id"]]}
    rows = await driver.fetch(f"EXPLAIN {asked.text}", *asked.arguments(values))
    plan = "\n".join(row[0] for row in rows)
    assert len(set(re.findall(r"hashed SubPlan \d+", plan))) == 2, plan


async def test_what_is_only_shown_says_amounts_as_they_are_written(
    db: Connection, city: City
) -> None:
    await recognised(db, city)
    ids = [city.school["id"], city.county["id"], city.zone["id"]]
    actor, columns = city.city_admin.actor, frozenset({"teachers", "counted_credits"})
    whole = await summaries_of(db, actor, unit_ids=ids)
    shown = await summaries_of(db, actor, unit_ids=ids, columns=columns)
    for unit_id in ids:
        row, full = shown[unit_id], whole[unit_id]
        assert row is not None
        assert full is not None
        assert full["unit_id"] == unit_id
        assert row["teachers"] == full["teachers"]
        assert row["counted_credits"] == str(full["counted_credits"])


async def test_summaries_are_within_what_the_actor_may_see(db: Connection, city: City) -> None:
    await recognised(db, city)
    ids = [city.city["id"], city.county["id"], city.school["id"], city.sibling["id"]]
    seen = await summaries_of(db, city.school_admin.actor, unit_ids=ids)
    assert [seen[unit_id] is not None for unit_id in ids] == [False, False, True, False]
    nothing = await summaries_of(db, city.teacher_account.actor, unit_ids=ids)
    assert set(nothing.values()) == {None}
    with pytest.raises(UnitNotFound):
        await get_credit_summary(db, city.school_admin.actor, unit_id=city.sibling["id"])
    with pytest.raises(NotAllowed):
        await get_credit_summary(db, city.school_admin.actor, unit_id=city.county["id"])
    own = await get_credit_summary(db, city.school_admin.actor, unit_id=city.school["id"])
    assert told(own) == (2, 2, 3, Decimal("26.00"))


async def test_compliance_lists_what_lies_directly_below(db: Connection, city: City) -> None:
    await recognised(db, city)
    before = db.statements
    page = await list_compliance(
        db, city.city_admin.actor, unit_id=city.city["id"], page=PageRequest()
    )
    assert db.statements - before == 3
    rows = {row["name"]: row for row in page.items}
    assert {name: (row["teachers"], row["met"]) for name, row in rows.items()} == {
        "甲县": (3, 0),
        "乙县": (1, 0),
        "测试功能区": (0, 0),
        "市直第一中学": (1, 0),
    }
    assert rows["甲县"]["level"] == "county"
    first = await list_compliance(
        db, city.city_admin.actor, unit_id=city.city["id"], page=PageRequest(limit=1)
    )
    assert (len(first.items), first.more) == (1, True)
