"""Transfers of credit: in and out, by a document that counts once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.domain.credits.credit_transfers import (
    CreditTransferNotFound,
    DocumentRegistered,
    EntryNotInForce,
    NewTransferIn,
    NewTransferOut,
    NothingToTransfer,
    TransferFromTheFuture,
    get_credit_transfer,
    list_credit_transfers,
    transfer_credit_in,
    transfer_credit_out,
)
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import (
    CreditOfAnotherAuthority,
    CreditOfOneself,
    NewEntryCorrection,
    correct_entry,
)
from app.domain.credits.standings import NoRulePack
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, Person
from tests.make_programmes import make_twins, merge_twins

DOCUMENT: dict[str, Any] = {
    "authority": "外市教育局", "document_number": "外教师〔2026〕7号", "decided_on": "2026-10-08",
}  # fmt: skip
LINE: dict[str, Any] = {"earned_on": "2026-04-01", "hours": "90.00", "credits": "90.00"}


def coming(*lines: dict[str, Any], **more: Any) -> NewTransferIn:
    return NewTransferIn.model_validate(DOCUMENT | more | {"items": list(lines or (LINE,))})


async def take_in(db: Connection, city: City, new: NewTransferIn, by: Person | None = None) -> Row:
    actor = (by or city.county_admin).actor
    return await transfer_credit_in(db, actor, teacher_id=city.teacher["id"], new=new, now=NOW)


async def give_away(db: Connection, city: City, by: Person | None = None, **more: Any) -> Row:
    actor, new = (by or city.county_admin).actor, NewTransferOut.model_validate(DOCUMENT | more)
    return await transfer_credit_out(db, actor, teacher_id=city.teacher["id"], new=new, now=NOW)


async def counted(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await driver.fetch(
        "SELECT entries, earned_credits, counted_credits FROM standing ORDER BY cycle_start"
    )
    return [tuple(row) for row in rows]


async def test_what_comes_in_counts_under_the_caps_of_this_city(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """90 school-based credits from elsewhere and 50 from here: 120 of the 140 count (S4 art. 25)."""
    await make_pack(db, city.city)
    before = db.statements
    moved = await take_in(
        db, city, coming(LINE | {"level": "school"}, LINE | {"earned_on": "2024-04-01"})
    )
    assert db.statements - before <= 16
    told = ("direction", "entries", "hours", "credits")
    assert [moved[name] for name in told] == ["in", 2, Decimal(180), Decimal(180)]
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="50.00")
    assert await counted(driver) == [(1, 90, 90), (2, 140, 120)]
    rows = await driver.fetch("SELECT * FROM credit_entry ORDER BY sequence")
    assert [(row["kind"], row["source_kind"], row["level"]) for row in rows] == [
        ("transfer_in", "transfer", "school"), ("transfer_in", "transfer", None),
        ("earn", "activity", "school"),
    ]  # fmt: skip
    assert rows[0]["reason"] == "外市教育局 外教师〔2026〕7号 转入 / transferred in"
    assert (await verify_ledger(db)).finding is None
    right = NewEntryCorrection(hours=Decimal(1), reason="有误")
    with pytest.raises(CreditOfAnotherAuthority):
        await correct_entry(db, city.county_admin.actor, entry_id=rows[0]["id"], new=right, now=NOW)


async def test_what_goes_out_counts_here_no_more(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    by = city.county_admin
    held = [
        await make_recognised(db, city.school, by, [city.teacher], hours=hours)
        for hours in ("100.00", "30.00")
    ]
    first = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 1")
    gone = await give_away(db, city, entry_ids=[first])
    assert (gone["direction"], gone["entries"], gone["credits"]) == ("out", 1, Decimal(100))
    assert await counted(driver) == [(1, 30, 30)]
    with pytest.raises(EntryNotInForce):
        await give_away(db, city, entry_ids=[first], document_number="8")
    await give_away(db, city, document_number="9")
    assert await counted(driver) == [(0, 0, 0)]
    with pytest.raises(NothingToTransfer):
        await give_away(db, city, document_number="10")
    # What is gone is not earned here a second time.
    for activity in held:
        done = await recognise_activity(db, by.actor, activity_id=activity["id"], now=NOW)
        assert (done["entered"], done["already_entered"]) == (0, 1)
    # Who comes back brings it along by a document of the other authority.
    await take_in(db, city, coming())
    assert await counted(driver) == [(1, 90, 90)]
    found = await list_credit_transfers(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PageRequest(limit=10)
    )
    assert [row["direction"] for row in found.items] == ["out", "out", "in"]
    assert (await verify_ledger(db)).finding is None


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (coming(decided_on="2026-11-21"), TransferFromTheFuture),
        (coming(LINE | {"earned_on": "2026-10-09"}), TransferFromTheFuture),
        (coming(LINE | {"earned_on": "2001-04-01"}), NoRulePack),
    ],
)
async def test_nothing_is_entered_of_what_is_refused(
    db: Connection, driver: asyncpg.Connection, city: City, new: NewTransferIn, refused: Any
) -> None:
    await make_pack(db, city.city)
    with pytest.raises(refused):
        await take_in(db, city, new)
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0
    assert await driver.fetchval("SELECT count(*) FROM credit_transfer") == 0


async def test_a_document_counts_once_and_for_others_alone(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    moved = await take_in(db, city, coming())
    with pytest.raises(DocumentRegistered):
        await take_in(db, city, coming(LINE | {"earned_on": "2026-04-02"}))
    herself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(CreditOfOneself):
        await give_away(db, city, replace(city.county_admin, actor=herself))
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 1
    with pytest.raises(CreditTransferNotFound):
        await get_credit_transfer(db, city.other_county_admin.actor, credit_transfer_id=moved["id"])


@pytest.mark.parametrize(
    "number", ["外教师[2026]7号", "外教师〔2026〕 7号", "外教师（2026）７号", "外教师【2026】7号"]
)
async def test_a_document_typed_otherwise_is_the_same_document(
    db: Connection, driver: asyncpg.Connection, city: City, number: str
) -> None:
    await make_pack(db, city.city)
    await take_in(db, city, coming())
    with pytest.raises(DocumentRegistered):
        await take_in(db, city, coming(document_number=number, authority="外市 教育局"))
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 1
    for other in ("外教师〔2026〕17号", "外教师〔2026〕7-1号", "外教师〔2025〕7号"):
        await take_in(db, city, coming(document_number=other))
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 4


@pytest.mark.parametrize(("hours", "credits"), [("8", "8.5"), ("1E+1", "2e0"), ("-0", "3")])
async def test_an_amount_written_otherwise_is_hashed_as_the_ledger_keeps_it(
    db: Connection, city: City, hours: str, credits: str
) -> None:
    """8 and 8.00 are one amount: whoever recomputes the hash has what the database says."""
    await make_pack(db, city.city)
    await take_in(db, city, coming(LINE | {"hours": hours, "credits": credits}))
    found = await verify_ledger(db)
    assert (found.entries, found.finding) == (1, None)


async def test_only_the_bureau_in_charge_moves_credit(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for person in (city.school_admin, city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await take_in(db, city, coming(), person)
        with pytest.raises(NotAllowed):
            await give_away(db, city, person)
    with pytest.raises(TeacherNotFound):
        await take_in(db, city, coming(), city.other_county_admin)


@pytest.mark.parametrize("leaves", ["merged", "survivor"])
async def test_what_went_away_from_either_record_of_a_person_stays_away(
    db: Connection,
    driver: asyncpg.Connection,
    city: City,
    resources: Resources,
    leaves: str,
) -> None:
    """Entered twice, credited twice, and moved once: it counts there alone, before and after."""
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    by = city.city_admin
    both = await make_recognised(db, city.city, by, [one, other], hours="30.00")
    only = await make_recognised(db, city.city, by, [other], hours="5.00", on=date(2026, 4, 1))
    teacher_id = (other if leaves == "merged" else one)["id"]
    entry_id = await driver.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1 AND source_id = $2", teacher_id, both["id"]
    )  # fmt: skip
    gone = NewTransferOut.model_validate(DOCUMENT | {"entry_ids": [entry_id]})
    await transfer_credit_out(db, by.actor, teacher_id=teacher_id, new=gone, now=NOW)
    done = await merge_twins(db, resources, by, one, other)
    assert (done["carried_over"], done["struck"]) == (1, 1)
    assert await counted(driver) == [(1, 5, 5)]
    for activity in (both, only):
        again = await recognise_activity(db, by.actor, activity_id=activity["id"], now=NOW)
        assert (again["entered"], again["already_entered"]) == (0, 1)
    assert await counted(driver) == [(1, 5, 5)]
    assert (await verify_ledger(db)).finding is None


async def test_what_is_gone_is_struck_before_anything_is_carried_over(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    """However the two ledgers lie, a merger goes on with them in one order."""
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    by = city.city_admin
    await make_recognised(db, city.city, by, [other], hours="5.00")
    await make_recognised(db, city.city, by, [one, other], hours="30.00")
    gone = NewTransferOut.model_validate(DOCUMENT)
    await transfer_credit_out(db, by.actor, teacher_id=one["id"], new=gone, now=NOW)
    await merge_twins(db, resources, by, one, other)
    rows = await driver.fetch(
        "SELECT credits FROM credit_entry WHERE teacher_id = $1 AND kind = 'reverse'"
        " ORDER BY sequence",
        other["id"],
    )
    assert [row["credits"] for row in rows] == [Decimal("-30.00"), Decimal("-5.00")]
    assert (await verify_ledger(db)).finding is None


async def test_what_a_merged_record_gave_away_is_not_recognised_for_the_one_that_stays(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    await make_pack(db, city.city)
    by = city.city_admin
    activity = await make_recognised(db, city.city, by, [other], hours="30.00")
    gone = NewTransferOut.model_validate(DOCUMENT)
    await transfer_credit_out(db, by.actor, teacher_id=other["id"], new=gone, now=NOW)
    await merge_twins(db, resources, by, one, other)
    again = await recognise_activity(db, by.actor, activity_id=activity["id"], now=NOW)
    assert (again["entered"], again["already_entered"]) == (0, 1)
    assert await driver.fetchval("SELECT count(*) FROM credit_entry WHERE kind = 'earn'") == 1
