"""Verification: what was tampered with is named."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database.embedded import Urls
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import verify_ledger
from app.request import Resources
from app.sql import Connection, prepare_connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, make_city


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection, with the ledger's refusal laid aside, in a transaction rolled back."""
    connection = await asyncpg.connect(urls.owner)
    await prepare_connection(connection)
    outer = connection.transaction()
    await outer.start()
    try:
        yield connection
    finally:
        await outer.rollback()
        await connection.close()


@pytest.fixture
async def ledger(owner: asyncpg.Connection, resources: Resources) -> City:
    """Two people with two entries each, and a reversal; the ledger's refusal is laid aside."""
    db = Connection(owner)
    city = await make_city(db, resources.cipher)
    await make_pack(db, city.city)
    people = [city.teacher, city.sibling_teacher]
    for _ in range(2):
        await make_recognised(db, city.school, city.county_admin, people)
    struck = await owner.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1 AND sequence = 1", city.teacher["id"]
    )
    await reverse_entry(
        db, city.county_admin.actor, entry_id=struck, new=NewReversal(reason="登记有误"), now=NOW
    )
    await owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await owner.execute("ALTER TABLE credit_entry DISABLE TRIGGER append_only")
    return city


async def test_what_was_not_touched_is_found_so(owner: asyncpg.Connection, ledger: City) -> None:
    found = await verify_ledger(Connection(owner))
    assert (found.people, found.entries, found.standings, found.finding) == (2, 5, 2, None)


@pytest.mark.parametrize(
    ("tampering", "table", "sequence", "en"),
    [
        (
            "UPDATE credit_entry SET credits = 99 WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "2", "Its content is not what was hashed.",
        ),
        (
            "UPDATE credit_entry SET reason = '改' WHERE teacher_id = $1 AND sequence = 3",
            "credit_entry", "3", "Its content is not what was hashed.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "3", "An entry before it is missing.",
        ),
        (
            "UPDATE credit_entry SET previous_hash = hash WHERE teacher_id = $1 AND sequence = 2",
            "credit_entry", "2", "It does not follow the one before.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1 AND sequence = 3",
            "credit_entry", "2", "The chain's head names another end.",
        ),
        (
            "DELETE FROM credit_entry WHERE teacher_id = $1",
            "credit_chain", "3", "Its entries are gone.",
        ),
        (
            "UPDATE standing SET counted_credits = 99 WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
        (
            "UPDATE standing SET state = jsonb_set(state, '{entries}', '7') WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
        (
            "DELETE FROM standing WHERE teacher_id = $1",
            "standing", None, "It is not what the ledger says.",
        ),
    ],
)  # fmt: skip
async def test_the_first_bad_row_is_named(
    owner: asyncpg.Connection,
    ledger: City,
    tampering: str,
    table: str,
    sequence: str | None,
    en: str,
) -> None:
    await owner.execute(tampering, ledger.teacher["id"])
    finding = (await verify_ledger(Connection(owner))).finding
    assert finding is not None
    assert (finding.table, finding.key.get("sequence"), finding.en) == (table, sequence, en)
    assert finding.key["teacher_id"] == str(ledger.teacher["id"])


async def test_wrong_sums_of_a_school_are_found(owner: asyncpg.Connection, ledger: City) -> None:
    await owner.execute(
        "UPDATE school_credit SET met = met + 1 WHERE school_id = $1", ledger.sibling["id"]
    )
    finding = (await verify_ledger(Connection(owner))).finding
    assert finding is not None
    assert (finding.table, finding.key["school_id"]) == ("school_credit", str(ledger.sibling["id"]))
