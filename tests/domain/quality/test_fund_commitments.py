"""Commitments: set aside for one purpose, used up by expenses for that purpose, released."""

import asyncio
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.paging import PageRequest
from app.domain.quality.budgets import (
    CommitmentExceeded,
    FundsInsufficient,
    get_budget_line,
)
from app.domain.quality.expenses import ExpenseNotAsCommitted, reverse_expense
from app.domain.quality.fund_commitments import (
    FundCommitmentNotFound,
    FundCommitmentReleased,
    NewFundCommitment,
    commit_funds,
    get_fund_commitment,
    list_fund_commitments,
    release_commitment,
)
from app.domain.quality.fund_verification import verify_funds
from app.domain.training.activities import ActivityNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_activity, make_city
from tests.make_funds import YES, approve, make_clerks, make_expense, make_limit, make_open

ALL = PageRequest(limit=100)
PURPOSE = "未对应登记事项"


async def opened(db: Connection, city: City) -> Row:
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    return line


async def commit(db: Connection, city: City, line: Row, amount: str, **more: Any) -> Row:
    said = {"amount": amount, "summary": "专家讲座"} | (more or {"other_purpose": PURPOSE})
    new = NewFundCommitment.model_validate(said)
    return await commit_funds(db, city.school_admin.actor, line_id=line["id"], new=new, now=NOW)


async def release(db: Connection, city: City, commitment: Row) -> Row:
    return await release_commitment(
        db, city.school_admin.actor, commitment_id=commitment["id"], opinion=YES, now=NOW
    )


async def where(db: Connection, city: City, line: Row) -> tuple[int, ...]:
    found = await get_budget_line(db, city.auditor.actor, line_id=line["id"])
    return int(found["available"]), int(found["committed"]), int(found["spent"])


async def test_what_is_set_aside_is_spent_on_its_purpose_and_the_rest_released(
    db: Connection, city: City
) -> None:
    clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
    before = db.statements
    made = await commit(db, city, line, "3000.00")
    assert (made["remaining"], db.statements - before) == (3000, 6)
    paid = {"commitment_id": made["id"], "other_purpose": PURPOSE}
    one = await make_expense(db, clerk, line, amount="1000.00", **paid)
    two = await make_expense(db, clerk, line, amount="2500.00", **paid)
    await approve(db, city.school_admin, one["id"])
    with pytest.raises(CommitmentExceeded):
        async with db.transaction():
            await approve(db, city.school_admin, two["id"])
    with pytest.raises(CommitmentExceeded):
        await make_expense(db, clerk, line, amount="2000.01", **paid)
    with pytest.raises(ExpenseNotAsCommitted):
        await make_expense(db, clerk, line, commitment_id=made["id"], other_purpose="别的用途")
    assert await where(db, city, line) == (7000, 2000, 1000)
    await reverse_expense(db, city.school_admin.actor, expense_id=one["id"], opinion=YES, now=NOW)
    assert await where(db, city, line) == (7000, 3000, 0)
    done = await release(db, city, made)
    assert (done["remaining"], done["release_reason"]) == (0, "同意")
    with pytest.raises(FundCommitmentReleased):
        await release(db, city, made)
    with pytest.raises(FundCommitmentReleased):
        await make_expense(db, clerk, line, amount="1.00", **paid)
    assert await where(db, city, line) == (10_000, 0, 0)
    assert (await verify_funds(db)).finding is None


async def test_what_is_refused_sets_nothing_aside(db: Connection, city: City) -> None:
    line = await opened(db, city)
    with pytest.raises(FundsInsufficient):
        async with db.transaction():
            await commit(db, city, line, "10000.01")
    with pytest.raises(ActivityNotFound):
        await commit(db, city, line, "1", activity_id=new_id())
    assert (await list_fund_commitments(db, city.city_admin.actor, page=ALL)).items == []
    with pytest.raises(FundCommitmentNotFound):
        await make_expense(
            db, city.school_admin, line, commitment_id=new_id(), other_purpose=PURPOSE
        )


async def test_lists_are_of_what_is_open_or_for_an_activity(db: Connection, city: City) -> None:
    line, activity = await opened(db, city), await make_activity(db, city.school, city.school_admin)
    one = await commit(db, city, line, "10", activity_id=activity["id"])
    two = await release(db, city, await commit(db, city, line, "20"))
    actor = city.auditor.actor
    for filters, found in (
        ({"activity_id": activity["id"]}, [one]), ({"released": True}, [two]),
        ({"released": False}, [one]), ({"line_id": line["id"]}, [one, two]),
    ):  # fmt: skip
        assert (await list_fund_commitments(db, actor, page=ALL, **filters)).items == found
    with pytest.raises(FundCommitmentNotFound):
        await get_fund_commitment(db, city.sibling_admin.actor, commitment_id=one["id"])


async def test_what_is_spent_while_it_is_released_is_counted_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        clerk, line = (await make_clerks(db, city))["school"], await opened(db, city)
        made = await commit(db, city, line, "1000.00")
        paid = {"commitment_id": made["id"], "other_purpose": PURPOSE}
        spent = [await make_expense(db, clerk, line, amount="300.00", **paid) for _ in range(4)]

    async def pay(one: Row) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await approve(db, city.school_admin, one["id"]))["state"])
        except (CommitmentExceeded, FundCommitmentReleased) as refused:
            return refused.code

    async def end() -> str:
        async with real_pool.transaction() as db:
            await release(db, city, made)
        return "released"

    outcomes = await asyncio.gather(*(pay(one) for one in spent[:2]), end(), *map(pay, spent[2:]))
    number = outcomes.count("approved")
    assert number <= 3
    async with real_pool.transaction() as db:
        assert await where(db, city, line) == (10_000 - 300 * number, 0, 300 * number)
        assert (await verify_funds(db)).finding is None
