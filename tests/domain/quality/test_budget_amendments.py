"""Amendments: from a day on, approved by the superior, never at the cost of an earmark or a priority."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError
from app.domain.paging import PageRequest
from app.domain.quality.budget_amendments import (
    AmendmentBeyondPlan,
    AmendmentDecided,
    AmendmentMixesSources,
    AmendmentOutsideYear,
    AmendmentTooEarly,
    BudgetAmendmentNotFound,
    NewBudgetAmendment,
    PriorityWeakened,
    approve_budget_amendment,
    get_budget_amendment,
    list_budget_amendments,
    propose_budget_amendment,
    reject_budget_amendment,
)
from app.domain.quality.budgets import (
    BudgetLineNotFound,
    DecidedBySuperior,
    FundsInsufficient,
    FundsOfOneself,
    get_budget_line,
)
from app.domain.quality.fund_verification import verify_funds
from app.domain.quality.paid_for import EarmarkBroken
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_funds import (
    YES,
    approve,
    make_clerk,
    make_clerks,
    make_expense,
    make_limit,
    make_open,
)

ALL = PageRequest(limit=100)


def new(lost: Row | None, gained: Row | None, amount: str = "1000", **more: Any) -> Any:
    return NewBudgetAmendment.model_validate(
        {
            "from_line_id": lost and lost["id"], "to_line_id": gained and gained["id"],
            "amount": amount, "effective_on": TODAY, "reason": "据实调整",
        } | more
    )  # fmt: skip


async def propose(db: Connection, by: Person, budget: Row, *said: Any, **more: Any) -> Row:
    return await propose_budget_amendment(
        db, by.actor, budget_id=budget["id"], new=new(*said, **more), now=NOW
    )


async def agree(db: Connection, by: Person, amendment: Row) -> Row:
    return await approve_budget_amendment(
        db, by.actor, amendment_id=amendment["id"], opinion=YES, now=NOW
    )


async def lines(db: Connection, city: City, *given: dict[str, Any]) -> tuple[Row, list[Row]]:
    titled = [{"title": f"科目{n}"} | each for n, each in enumerate(given)]
    return await make_open(db, city.school_admin, city.county_admin, city.school, *titled)


async def test_what_was_planned_stays_and_what_a_line_comes_to_changes(
    db: Connection, city: City
) -> None:
    budget, (one, two) = await lines(db, city, {}, {"spend_class": "equipment"})
    asked = await propose(db, city.school_admin, budget, one, two)
    with pytest.raises(DecidedBySuperior):
        await agree(db, city.school_admin, asked)
    before = db.statements
    done = await agree(db, city.county_admin, asked)
    assert (done["state"], db.statements - before) == ("approved", 9)
    with pytest.raises(AmendmentDecided):
        await agree(db, city.county_admin, asked)
    for more in ((None, one), (two, None)):
        await agree(db, city.county_admin, await propose(db, city.school_admin, budget, *more))
    found = [
        await get_budget_line(db, city.auditor.actor, line_id=each["id"]) for each in (one, two)
    ]
    assert [(each["planned"], each["amended"], each["available"]) for each in found] == [
        (10_000, 0, 10_000), (10_000, 0, 10_000),
    ]  # fmt: skip
    page = await list_budget_amendments(db, city.auditor.actor, page=ALL, budget_id=budget["id"])
    assert len(page.items) == 3
    with pytest.raises(BudgetAmendmentNotFound):
        await get_budget_amendment(db, city.sibling_admin.actor, amendment_id=asked["id"])
    assert (await verify_funds(db)).finding is None


async def test_a_promise_is_amended_without_money(db: Connection, city: City) -> None:
    budget, (line,) = await lines(db, city, {"source": "superior"})
    await agree(db, city.county_admin, await propose(db, city.school_admin, budget, None, line))
    found = await get_budget_line(db, city.auditor.actor, line_id=line["id"])
    assert (found["amended"], found["available"]) == (1000, 0)
    assert (await verify_funds(db)).finding is None


EARMARK = {"earmark": "骨干教师专款"}


@pytest.mark.parametrize(
    ("lost", "gained", "refusal"),
    [
        (EARMARK, {}, EarmarkBroken),
        ({}, EARMARK, EarmarkBroken),
        (EARMARK, EARMARK | {"spend_class": "visits"}, EarmarkBroken),
        ({"source": "superior"}, {}, AmendmentMixesSources),
        ({"is_priority": True}, {}, PriorityWeakened),
        ({"planned": "999.99"}, {}, AmendmentBeyondPlan),
    ],
)
async def test_what_is_kept_apart_is_not_exchanged(
    db: Connection,
    city: City,
    lost: dict[str, Any],
    gained: dict[str, Any],
    refusal: type[DomainError],
) -> None:
    budget, (one, two) = await lines(db, city, lost, gained)
    with pytest.raises(refusal):
        await propose(db, city.school_admin, budget, one, two)
    assert (await list_budget_amendments(db, city.city_admin.actor, page=ALL)).items == []


async def test_what_is_refused_leaves_the_budget_as_it_is(db: Connection, city: City) -> None:
    clerk = (await make_clerks(db, city))["school"]
    budget, (one, two) = await lines(db, city, {}, {})
    with pytest.raises(AmendmentOutsideYear):
        await propose(db, city.school_admin, budget, one, two, effective_on=date(2020, 1, 1))
    with pytest.raises(BudgetLineNotFound):
        await propose(db, city.school_admin, budget, {"id": new_id()}, two)
    later = await propose(
        db, city.school_admin, budget, one, two, effective_on=TODAY + timedelta(days=1)
    )
    with pytest.raises(AmendmentTooEarly):
        async with db.transaction():
            await agree(db, city.county_admin, later)
    bureau = (await make_clerk(db, city.county, Role.COUNTY_ADMIN, "bureau.clerk")).actor
    behalf = replace(bureau, on_behalf_of=city.school_admin.actor.account_id)
    written = await propose(db, Person(behalf, "delegate"), budget, one, two)
    with pytest.raises(FundsOfOneself):
        await agree(db, Person(bureau, "bureau"), written)
    own = await propose(db, city.county_admin, budget, one, two)
    with pytest.raises(FundsOfOneself):
        await agree(db, city.county_admin, own)
    no = await reject_budget_amendment(
        db, city.county_admin.actor, amendment_id=later["id"], opinion=YES, now=NOW
    )
    assert no["state"] == "rejected"
    # Planned is enough, but it was spent meanwhile.
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    spent = await make_expense(db, clerk, one, amount="9500.00")
    await approve(db, city.school_admin, spent["id"])
    late = await propose(db, city.school_admin, budget, one, two)
    with pytest.raises(FundsInsufficient):
        async with db.transaction():
            await agree(db, city.county_admin, late)
    found = await get_budget_line(db, city.auditor.actor, line_id=two["id"])
    assert (found["amended"], found["available"]) == (0, Decimal(10_000))


@pytest.mark.parametrize("more", [{"amount": "0"}, {"amount": "1.001"}, {"reason": ""}])
def test_an_amendment_is_an_amount_between_lines(more: dict[str, Any]) -> None:
    line = {"id": new_id()}
    with pytest.raises(ValidationError):
        new(line, None, **more)
    for lost, gained in ((None, None), (line, line)):
        with pytest.raises(ValidationError):
            new(lost, gained)


async def test_of_two_who_take_all_of_a_promise_one_is_refused(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        budget, (line,) = await lines(db, city, {"source": "superior"})
        asked = [
            await propose(db, city.school_admin, budget, line, None, "10000") for _ in range(4)
        ]

    async def take(one: Row) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await agree(db, city.county_admin, one))["state"])
        except AmendmentBeyondPlan as refused:
            return refused.code

    outcomes = await asyncio.gather(*(take(one) for one in asked))
    assert sorted(outcomes) == ["amendment_beyond_plan"] * 3 + ["approved"]
    async with real_pool.transaction() as db:
        found = await get_budget_line(db, city.auditor.actor, line_id=line["id"])
        assert found["planned"] + found["amended"] == 0
