"""Reversals: what is struck frees room, once, and may be recognised anew."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.credits.entries import EntryNotFound
from app.domain.credits.explanations import get_explanation
from app.domain.credits.packs import PackDocument
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import (
    AlreadyReversed,
    CorrectionNotCovered,
    NewEntryCorrection,
    NewReversal,
    NothingCorrected,
    ReversalOfReversal,
    correct_entry,
    reverse_entry,
)
from app.domain.credits.standings import get_standing
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.request import Resources
from app.sql import Connection
from tests.domain.credits.making import (
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
    open_ended,
)
from tests.make import NOW, City, Person, make_city

WRONG = NewReversal(reason="登记有误")
LEDGER = "SELECT * FROM credit_entry ORDER BY teacher_id, sequence"


async def entry_of(driver: asyncpg.Connection, activity: dict[str, Any], attempt: int = 1) -> UUID:
    entry_id = await driver.fetchval(
        "SELECT id FROM credit_entry WHERE source_id = $1 AND attempt = $2", activity["id"], attempt
    )
    assert isinstance(entry_id, UUID)
    return entry_id


async def counted(driver: asyncpg.Connection, city: City) -> tuple[Decimal, Decimal, int]:
    row = await driver.fetchrow(
        "SELECT earned_credits, counted_credits, entries FROM standing WHERE teacher_id = $1",
        city.teacher["id"],
    )
    assert row is not None
    return tuple(row)


async def test_a_reversal_under_a_full_cap_lets_later_entries_count(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """S4 art. 25 lets 120 school-based credits count: +100, +30, minus the 100 gives 30."""
    await make_pack(db, city.city)
    by = city.county_admin
    first = await make_recognised(db, city.school, by, [city.teacher], hours="100.00")
    await make_recognised(db, city.school, by, [city.teacher], hours="30.00")
    assert await counted(driver, city) == (Decimal(130), Decimal(120), 2)

    struck = await entry_of(driver, first)
    reversal = await reverse_entry(db, by.actor, entry_id=struck, new=WRONG, now=NOW)

    assert await counted(driver, city) == (Decimal(30), Decimal(30), 1)
    told = ("kind", "sequence", "reverses_id", "hours", "credits", "reason", "attempt", "level")
    assert [reversal[name] for name in told] == [
        "reverse", 3, struck, Decimal("-100.00"), Decimal("-100.00"), "登记有误", 1, "school",
    ]  # fmt: skip
    sums = await driver.fetchrow("SELECT entries, counted_credits FROM school_credit")
    assert sums is not None
    assert tuple(sums) == (1, Decimal(30))
    assert (await verify_ledger(db)).finding is None


async def test_an_entry_is_reversed_once_and_a_reversal_never(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by = city.county_admin
    activity = await make_recognised(db, city.school, by, [city.teacher])
    struck = await entry_of(driver, activity)
    reversal = await reverse_entry(db, by.actor, entry_id=struck, new=WRONG, now=NOW)
    before = await driver.fetch(LEDGER)
    with pytest.raises(AlreadyReversed):
        await reverse_entry(db, by.actor, entry_id=struck, new=WRONG, now=NOW)
    with pytest.raises(ReversalOfReversal):
        await reverse_entry(db, by.actor, entry_id=reversal["id"], new=WRONG, now=NOW)
    assert await driver.fetch(LEDGER) == before


async def test_what_was_reversed_may_be_recognised_again(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by = city.county_admin
    activity = await make_recognised(db, city.school, by, [city.teacher, city.colleague])
    struck = await driver.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1", city.teacher["id"]
    )
    await reverse_entry(db, by.actor, entry_id=struck, new=WRONG, now=NOW)
    for entered, already in ((1, 1), (0, 2)):
        done = await recognise_activity(db, by.actor, activity_id=activity["id"], now=NOW)
        assert (done["entered"], done["already_entered"]) == (entered, already)
    attempts = await driver.fetch(
        "SELECT kind, attempt, sequence FROM credit_entry WHERE teacher_id = $1 ORDER BY sequence",
        city.teacher["id"],
    )
    assert [tuple(row) for row in attempts] == [("earn", 1, 1), ("reverse", 1, 2), ("earn", 2, 3)]


async def test_only_the_bureau_in_charge_reverses(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_recognised(db, city.school, city.county_admin, [city.teacher])
    struck = await entry_of(driver, activity)

    async def tries(person: Person) -> None:
        await reverse_entry(db, person.actor, entry_id=struck, new=WRONG, now=NOW)

    for person in (city.school_admin, city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await tries(person)
    for person in (city.other_county_admin, city.sibling_admin, city.colleague_account):
        with pytest.raises(EntryNotFound):
            await tries(person)
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 1


async def test_two_at_once_reverse_once(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        await make_recognised(db, city.school, city.county_admin, [city.teacher])
    async with real_pool.connection() as db:
        driver: asyncpg.Connection = db._driver
        struck = await driver.fetchval("SELECT id FROM credit_entry")

    async def race() -> str:
        async with real_pool.transaction() as db:
            try:
                await reverse_entry(
                    db, city.county_admin.actor, entry_id=struck, new=WRONG, now=NOW
                )
            except AlreadyReversed as refusal:
                return refusal.code
        return "reversed"

    outcomes = await asyncio.gather(*(race() for _ in range(12)))
    assert sorted(outcomes) == ["credit_entry_already_reversed"] * 11 + ["reversed"]


def version(number: int, first: str, last: str) -> PackDocument:
    """The demonstration pack in force on these days of a cycle that began with 2026."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    stated = content["effective_from"]
    content["calendar"]["cycle_start"]["value"] = "2026-01-01"
    dates = {"effective_from": stated | {"value": first}, "effective_to": stated | {"value": last}}
    return PackDocument.model_validate(content | dates | {"version": number})


async def test_what_an_older_version_gave_is_reversed_under_every_version(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """The second version goes on with the cycle of the first: it counts what that one recognised."""
    await make_pack(db, city.city, version(1, "2026-01-01", "2026-06-30"))
    await make_pack(db, city.city, version(2, "2026-07-01", "2030-12-31"))
    by, teacher_id = city.county_admin, city.teacher["id"]
    older, newer = date(2026, 3, 10), date(2026, 9, 10)
    first = await make_recognised(db, city.school, by, [city.teacher], hours="100.00", on=older)
    await make_recognised(db, city.school, by, [city.teacher], hours="30.00", on=newer)

    async def stored() -> list[tuple[Any, ...]]:
        rows = await driver.fetch(
            "SELECT pack_version, counted_credits FROM standing ORDER BY pack_version"
        )
        return [tuple(row) for row in rows]

    async def told(day: date) -> Decimal:
        standing = await get_standing(db, by.actor, teacher_id=teacher_id, now=NOW, as_of=day)
        assert sum(each["counted"] for each in standing["entries"]) == standing["counted_credits"]
        for each in standing["entries"]:
            why = await get_explanation(
                db, by.actor, entry_id=each["entry_id"], now=NOW, as_of=day,
                pack_key=await driver.fetchval(
                    "SELECT id FROM rule_pack WHERE version = $1", standing["pack_version"]
                ),
            )  # fmt: skip
            assert why["counted"] == each["counted"]
        return Decimal(standing["counted_credits"])

    assert await stored() == [(1, 100), (2, 120)]
    assert [await told(day) for day in (older, newer)] == [100, 120]
    struck = await entry_of(driver, first)
    await reverse_entry(db, by.actor, entry_id=struck, new=WRONG, now=NOW)
    assert await stored() == [(1, 0), (2, 30)]
    assert [await told(day) for day in (older, newer)] == [0, 30]
    await recognise_activity(db, by.actor, activity_id=first["id"], now=NOW)
    # The later entry came first into the ledger, so that the cap cuts the one entered again.
    assert await stored() == [(1, 100), (2, 120)]
    assert [await told(day) for day in (older, newer)] == [100, 120]
    assert (await verify_ledger(db)).finding is None


async def test_a_correction_strikes_and_enters_anew_in_one_act(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """+100, +30 under 120; the first was 60: 60 and 30 count, and the two say which the other is."""
    await make_pack(db, city.city)
    by = city.county_admin
    first = await make_recognised(db, city.school, by, [city.teacher], hours="100.00")
    await make_recognised(db, city.school, by, [city.teacher], hours="30.00")
    wrong = await entry_of(driver, first)
    new = NewEntryCorrection(hours=Decimal(60), reason="学时登记有误")
    before = db.statements
    right = await correct_entry(db, by.actor, entry_id=wrong, new=new, now=NOW)
    assert db.statements - before == 16

    assert await counted(driver, city) == (Decimal(90), Decimal(90), 2)
    rows = await driver.fetch("SELECT * FROM credit_entry ORDER BY sequence")
    assert [(row["kind"], row["attempt"], row["credits"]) for row in rows] == [
        ("earn", 1, 100), ("earn", 1, 30), ("reverse", 1, -100), ("earn", 2, 60),
    ]  # fmt: skip
    assert rows[3]["id"] == right["id"]
    assert str(right["id"]) in rows[2]["reason"]
    assert str(wrong) in right["reason"]
    done = await recognise_activity(db, by.actor, activity_id=first["id"], now=NOW)
    assert (done["entered"], done["already_entered"]) == (0, 1)
    assert (await verify_ledger(db)).finding is None


async def test_a_correction_that_changes_nothing_or_is_of_no_entry_in_force_is_refused(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by = city.county_admin
    activity = await make_recognised(db, city.school, by, [city.teacher])
    entry_id = await entry_of(driver, activity)

    async def correct(hours: str, struck: UUID = entry_id) -> None:
        new = NewEntryCorrection(hours=Decimal(hours), reason="登记有误")
        await correct_entry(db, by.actor, entry_id=struck, new=new, now=NOW)

    with pytest.raises(NothingCorrected):
        await correct("10.00")
    reversal = await reverse_entry(db, by.actor, entry_id=entry_id, new=WRONG, now=NOW)
    before = await driver.fetch(LEDGER)
    with pytest.raises(AlreadyReversed):
        await correct("6.00")
    with pytest.raises(ReversalOfReversal):
        await correct("6.00", reversal["id"])
    assert await driver.fetch(LEDGER) == before


async def test_what_no_rule_covers_is_not_corrected(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    content["earning"] = content["earning"][:1]  # for speakers alone
    await make_pack(db, city.city, PackDocument.model_validate(content))
    by = city.county_admin
    activity = await make_closed_activity(db, city.school, by)
    await attend(db, activity, [city.teacher], role="speaker")
    await recognise_activity(db, by.actor, activity_id=activity["id"], now=NOW)
    new = NewEntryCorrection.model_validate(
        {"hours": "10.00", "role": "participant", "reason": "身份登记有误"}
    )
    with pytest.raises(CorrectionNotCovered):
        await correct_entry(
            db, by.actor, entry_id=await entry_of(driver, activity), new=new, now=NOW
        )
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 1
