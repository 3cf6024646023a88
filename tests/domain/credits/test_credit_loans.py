"""Loans of credit: lent where the pack lends, taken back when due, and once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.aside import RESTS, SetAside
from app.domain.credits.credit_loans import (
    CreditLoanNotFound,
    LendingTooMuch,
    LendingTooShort,
    LoanRepaid,
    NewCreditLoan,
    NothingLent,
    collect_due_loans,
    get_credit_loan,
    lend_credit,
    list_credit_loans,
    repay_credit_loan,
)
from app.domain.credits.credit_loans import lending as loans
from app.domain.credits.credit_transfers import NothingToTransfer
from app.domain.credits.entries.ledger import lock_free_heads
from app.domain.credits.packs import PackDocument
from app.domain.credits.reversals import CreditOfLoan, CreditOfOneself, NewReversal, reverse_entry
from app.domain.credits.statements import get_statement
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.histories import stated
from tests.domain.credits.making import (
    make_pack,
    make_recognised,
    open_ended,
    until_somebody_waits,
)
from tests.domain.credits.test_credit_transfers import give_away
from tests.make import NOW, TODAY, City, make_city
from tests.make_programmes import make_twins, merge_twins


def lending(**more: Any) -> PackDocument:
    """The demonstration pack, which lends twenty credits at most, for twelve months."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    terms = {"most": stated("20.00"), "months": stated(12)}
    return PackDocument.model_validate(content | {"lending": terms} | more)


async def lend(db: Connection, city: City, actor: Actor | None = None, **more: Any) -> Row:
    new = NewCreditLoan.model_validate({"amount": "15.00", "reason": "因公派出"} | more)
    by = actor or city.county_admin.actor
    return await lend_credit(db, by, teacher_id=city.teacher["id"], new=new, now=NOW)


async def counted(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await driver.fetch("SELECT entries, counted_credits FROM standing ORDER BY cycle_start")
    return [tuple(row) for row in rows]


async def test_what_is_lent_counts_until_it_is_repaid(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """10 earned, 15 lent: 25 count. Repaid: 10. At most 20 are lent at a time: 15 + 5, and not 5.01."""
    await make_pack(db, city.city, lending())
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    before = db.statements
    loan = await lend(db, city)
    assert db.statements - before <= 14
    assert (loan["credits"], loan["lent_on"], loan["due_on"], loan["repaid_on"]) == (
        Decimal("15.00"), TODAY, TODAY.replace(year=2027), None,
    )  # fmt: skip
    assert await counted(driver) == [(2, 25)]
    with pytest.raises(LendingTooMuch):
        await lend(db, city, amount="5.01")
    await lend(db, city, amount="5.00")
    actor = city.county_admin.actor
    done = await repay_credit_loan(db, actor, credit_loan_id=loan["id"], now=NOW)
    assert (done["repaid_on"], done["repaid_at"]) == (TODAY, NOW)
    with pytest.raises(LoanRepaid):
        await repay_credit_loan(db, actor, credit_loan_id=loan["id"], now=NOW)
    assert await counted(driver) == [(4, 15)]
    assert (await verify_ledger(db)).finding is None
    told = await get_statement(db, actor, teacher_id=city.teacher["id"], now=NOW)
    assert [(line["kind"], str(line["counted"]), str(line["balance_credits"]))
            for line in told["lines"]] == [
        ("earn", "10.00", "10.00"), ("lend", "15.00", "25.00"), ("lend", "5.00", "30.00"),
        ("repay", "-15.00", "15.00"),
    ]  # fmt: skip
    own = await list_credit_loans(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PageRequest()
    )
    assert [row["credits"] for row in own.items] == [15, 5]
    with pytest.raises(CreditLoanNotFound):
        await get_credit_loan(db, city.sibling_admin.actor, credit_loan_id=loan["id"])


async def test_what_falls_due_is_taken_back_on_its_day(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, lending())
    due = TODAY + timedelta(days=60)
    await lend(db, city, due_on=due.isoformat())
    assert await collect_due_loans(db, now=NOW + timedelta(days=59)) == 0
    assert await counted(driver) == [(1, 15)]
    before = db.statements
    assert await collect_due_loans(db, now=NOW + timedelta(days=90)) == 1
    assert db.statements - before <= 12
    assert await collect_due_loans(db, now=NOW + timedelta(days=90)) == 0
    assert await counted(driver) == [(2, 0)]
    last = await driver.fetchrow("SELECT * FROM credit_entry ORDER BY sequence DESC LIMIT 1")
    assert (last["kind"], last["earned_on"], last["recorded_by"]) == ("repay", due, None)
    assert (last["credits"], last["source_kind"]) == (Decimal("15.00"), "loan_repaid")
    assert (await verify_ledger(db)).finding is None


async def test_nothing_is_lent_where_the_pack_lends_nothing(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    with pytest.raises(NothingLent):
        await lend(db, city)
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0


async def test_who_may_lend_and_for_how_long(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, lending())
    for wrong in (TODAY, TODAY + timedelta(days=366)):
        with pytest.raises(LendingTooShort):
            await lend(db, city, due_on=wrong.isoformat())
    herself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    for actor, refusal in (
        (city.school_admin.actor, NotAllowed),
        (city.other_county_admin.actor, TeacherNotFound),
        (herself, CreditOfOneself),
    ):
        with pytest.raises(refusal):
            await lend(db, city, actor)
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0


async def test_a_loan_is_neither_reversed_nor_taken_along(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, lending())
    await lend(db, city)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    new = NewReversal(reason="误借")
    with pytest.raises(CreditOfLoan):
        await reverse_entry(db, city.county_admin.actor, entry_id=entry_id, new=new, now=NOW)
    with pytest.raises(NothingToTransfer):
        await give_away(db, city)
    assert await counted(driver) == [(1, 15)]


async def test_what_was_lent_to_a_merged_record_is_taken_back_from_the_one_that_stays(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    await make_pack(db, city.city, lending())
    one, other = await make_twins(db, city, resources)
    new = NewCreditLoan.model_validate({"amount": "15.00", "reason": "因公派出"})
    actor = city.city_admin.actor
    loan = await lend_credit(db, actor, teacher_id=other["id"], new=new, now=NOW)
    await merge_twins(db, resources, city.city_admin, one, other)
    assert await counted(driver) == [(1, 15)]
    moved = await get_credit_loan(db, actor, credit_loan_id=loan["id"])
    assert (moved["teacher_id"], moved["repaid_on"]) == (one["id"], None)
    assert await collect_due_loans(db, now=NOW + timedelta(days=366)) == 1
    assert await counted(driver) == [(2, 0)]
    assert (await verify_ledger(db)).finding is None


async def test_of_two_who_take_a_loan_back_one_does(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, lending())
        loan = await lend(db, city)

    async def take_back() -> str:
        try:
            async with real_pool.transaction() as db:
                actor = city.county_admin.actor
                await repay_credit_loan(db, actor, credit_loan_id=loan["id"], now=NOW)
        except DomainError as refused:
            return refused.code
        return "done"

    assert sorted(await asyncio.gather(take_back(), take_back())) == ["credit_loan_repaid", "done"]


async def test_a_loan_that_goes_along_with_a_merged_record_meanwhile_is_taken_back(
    real_pool: Pool, resources: Resources
) -> None:
    """Whoever takes it back waits for the merger, and is not told that it is repaid."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, lending())
        one, other = await make_twins(db, city, resources)
        new = NewCreditLoan.model_validate({"amount": "15.00", "reason": "因公派出"})
        actor = city.city_admin.actor
        loan = await lend_credit(db, actor, teacher_id=other["id"], new=new, now=NOW)

    async def take_back() -> Row:
        async with real_pool.transaction() as db:
            return await repay_credit_loan(db, actor, credit_loan_id=loan["id"], now=NOW)

    async with real_pool.transaction() as db:
        await merge_twins(db, resources, city.city_admin, one, other)
        waiting = asyncio.create_task(take_back())
        await until_somebody_waits(db)
    repaid = await waiting
    assert (repaid["teacher_id"], repaid["repaid_on"]) == (one["id"], TODAY)
    with pytest.raises(LoanRepaid):
        await take_back()


async def test_whoever_takes_back_a_loan_that_went_along_holds_one_head_at_a_time(
    real_pool: Pool, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head of the record that owes nothing any more is let go before the other's is waited for."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, lending())
        one, other = await make_twins(db, city, resources)
        new = NewCreditLoan.model_validate({"amount": "15.00", "reason": "因公派出"})
        actor = city.city_admin.actor
        loan = await lend_credit(db, actor, teacher_id=other["id"], new=new, now=NOW)
    free: list[set[Any]] = []
    repay, keys = loans._repay, [one["id"], other["id"]]

    async def look_and_repay(db: Connection, owed: Any, *rest: Any, **more: Any) -> int:
        async with real_pool.transaction() as beside:
            free.append(set(await lock_free_heads(beside, teacher_ids=keys)))
        return await repay(db, owed, *rest, **more)

    async def take_back() -> Row:
        async with real_pool.transaction() as db:
            return await repay_credit_loan(db, actor, credit_loan_id=loan["id"], now=NOW)

    monkeypatch.setattr(loans, "_repay", look_and_repay)
    async with real_pool.transaction() as db:
        await merge_twins(db, resources, city.city_admin, one, other)
        waiting = asyncio.create_task(take_back())
        await until_somebody_waits(db)
    assert (await waiting)["teacher_id"] == one["id"]
    assert free == [set(), set(keys)], "the merger held both, then nobody held any"


async def test_a_loan_that_cannot_be_taken_back_keeps_no_other_waiting(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await make_pack(db, city.city, lending())
    due = (TODAY + timedelta(days=60)).isoformat()
    new = NewCreditLoan.model_validate({"amount": "15.00", "reason": "因公派出", "due_on": due})
    poison, _ = [
        await lend_credit(db, city.county_admin.actor, teacher_id=each["id"], new=new, now=NOW)
        for each in (city.teacher, city.colleague)
    ]
    later, aside, make = NOW + timedelta(days=90), SetAside("loan"), loans._entry

    def fail(loan: Row, *rest: Any) -> Row:
        if loan["id"] == poison["id"]:
            raise KeyError("a defect")
        return make(loan, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(loans, "_entry", fail)
        assert await collect_due_loans(db, now=later, aside=aside) == 1
        assert await collect_due_loans(db, now=later, aside=aside) == 0
    assert f"loan {poison['id']} fails" in caplog.text
    assert await collect_due_loans(db, now=later, aside=aside) == 0, "it rests"
    assert await collect_due_loans(db, now=later + RESTS, aside=aside) == 1
