"""Appropriations: one level down, back up, into the next year; acknowledged or returned by who receives."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import DomainError
from app.domain.organisation.reorganisations import MoneyInTransit, Move, move_school
from app.domain.organisation.units import get_unit
from app.domain.paging import PageRequest
from app.domain.quality.appropriations import (
    AppropriationAnswered,
    AppropriationNotFound,
    AppropriationOfReceiver,
    AppropriationRouteWrong,
    CarryOverChangesClass,
    acknowledge_appropriation,
    get_appropriation,
    list_appropriations,
    return_appropriation,
)
from app.domain.quality.budget_amendments import AmendmentMixesSources, PriorityWeakened
from app.domain.quality.budgets import (
    BudgetLineNotFound,
    BudgetNotOpen,
    FundsInsufficient,
    FundsOfOneself,
    get_budget_line,
)
from app.domain.quality.fund_verification import verify_funds
from app.domain.quality.paid_for import EarmarkBroken
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_funds import (
    YEAR,
    YES,
    make_clerks,
    make_draft,
    make_open,
    make_paid,
    make_sent,
)

ALL = PageRequest(limit=100)
PROMISED = {"title": "上级拨款", "source": "superior"}


async def county_and_school(db: Connection, city: City) -> tuple[Row, Row]:
    """A line of the county's own money, and one that the county provides to its school."""
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    _, (end,) = await make_open(db, city.school_admin, city.county_admin, city.school, PROMISED)
    return start, end


async def where(db: Connection, city: City, line: Row) -> tuple[int, int]:
    found = await get_budget_line(db, city.city_admin.actor, line_id=line["id"])
    return int(found["available"]), int(found["transit"])


async def test_both_sides_move_at_once_and_both_see_it(db: Connection, city: City) -> None:
    start, end = await county_and_school(db, city)
    before = db.statements
    sent = await make_sent(db, city.county_admin, start, end)
    assert (sent["kind"], sent["state"], db.statements - before) == ("allocate", "sent", 6)
    assert [await where(db, city, each) for each in (start, end)] == [(9000, 0), (0, 1000)]
    for person in (city.county_admin, city.school_admin, city.auditor):
        page = await list_appropriations(db, person.actor, page=ALL)
        assert page.items == [sent]
    with pytest.raises(AppropriationNotFound):
        await get_appropriation(db, city.sibling_admin.actor, appropriation_id=sent["id"])
    with pytest.raises(FundsOfOneself):
        await acknowledge_appropriation(
            db, city.county_admin.actor, appropriation_id=sent["id"], now=NOW
        )
    done = await acknowledge_appropriation(
        db, city.school_admin.actor, appropriation_id=sent["id"], now=NOW
    )
    assert (done["state"], await where(db, city, end)) == ("acknowledged", (1000, 0))
    with pytest.raises(AppropriationAnswered):
        await return_appropriation(
            db, city.school_admin.actor, appropriation_id=sent["id"], opinion=YES, now=NOW
        )
    assert (await verify_funds(db)).finding is None


async def test_what_is_returned_is_where_it_came_from(db: Connection, city: City) -> None:
    start, end = await county_and_school(db, city)
    sent = await make_sent(db, city.county_admin, start, end)
    back = await return_appropriation(
        db, city.school_admin.actor, appropriation_id=sent["id"], opinion=YES, now=NOW
    )
    assert (back["state"], back["opinion"]) == ("returned", "同意")
    assert [await where(db, city, each) for each in (start, end)] == [(10_000, 0), (0, 0)]
    assert (await verify_funds(db)).finding is None


async def test_what_is_left_goes_back_up_or_into_the_next_year(db: Connection, city: City) -> None:
    clerks = await make_clerks(db, city)
    start, end = await county_and_school(db, city)
    await make_paid(db, city.county_admin, city.school_admin, start, end)
    _, (next_year,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, PROMISED, year=YEAR + 1
    )
    over = await make_sent(db, city.school_admin, end, next_year, "600.00")
    assert over["kind"] == "carry_over"
    await acknowledge_appropriation(
        db, clerks["school"].actor, appropriation_id=over["id"], now=NOW
    )
    back = await make_sent(db, city.school_admin, end, start, "400.00")
    assert back["kind"] == "hand_back"
    with pytest.raises(AppropriationOfReceiver):
        await acknowledge_appropriation(
            db, clerks["school"].actor, appropriation_id=back["id"], now=NOW
        )
    await acknowledge_appropriation(
        db, city.county_admin.actor, appropriation_id=back["id"], now=NOW
    )
    assert [await where(db, city, each) for each in (start, end, next_year)] == [
        (9400, 0), (0, 0), (600, 0),
    ]  # fmt: skip


async def test_money_goes_no_other_way(db: Connection, city: City) -> None:
    start, end = await county_and_school(db, city)
    with pytest.raises(FundsInsufficient):
        async with db.transaction():
            await make_sent(db, city.county_admin, start, end, "10000.01")
    with pytest.raises(BudgetLineNotFound):
        await make_sent(db, city.school_admin, start, end)
    _, (far,) = await make_open(
        db, city.other_county_admin, city.city_admin, city.far_school, PROMISED
    )
    _, (own,) = await make_open(db, city.sibling_admin, city.county_admin, city.sibling)
    for other in (far, own, start):
        with pytest.raises(AppropriationRouteWrong):
            await make_sent(db, city.county_admin, start, other)
    _, (waiting,) = await make_draft(db, city.school_admin, city.school, PROMISED, year=YEAR + 1)
    with pytest.raises(BudgetNotOpen):
        await make_sent(db, city.county_admin, start, waiting)
    assert await where(db, city, start) == (10_000, 0)


async def test_an_earmark_stays_one_on_both_levels(db: Connection, city: City) -> None:
    start, _ = await county_and_school(db, city)
    _, (end,) = await make_open(
        db, city.sibling_admin, city.county_admin, city.sibling, PROMISED | {"earmark": "专款"}
    )
    with pytest.raises(EarmarkBroken):
        await make_sent(db, city.county_admin, start, end)


@pytest.mark.parametrize(
    ("left", "carried", "refusal"),
    [
        ({}, {"source": "superior"}, AmendmentMixesSources),
        ({"source": "superior"}, {}, AmendmentMixesSources),
        ({"is_priority": True}, {}, PriorityWeakened),
        ({}, {"spend_class": "equipment"}, CarryOverChangesClass),
    ],
)
async def test_the_next_year_keeps_apart_what_this_one_does(
    db: Connection,
    city: City,
    left: dict[str, Any],
    carried: dict[str, Any],
    refusal: type[DomainError],
) -> None:
    by, superior = city.school_admin, city.county_admin
    _, (start,) = await make_open(db, by, superior, city.school, left)
    _, (end,) = await make_open(db, by, superior, city.school, carried, year=YEAR + 1)
    with pytest.raises(refusal):
        await make_sent(db, by, start, end)


async def test_a_school_changes_county_when_nothing_is_on_its_way(
    db: Connection, city: City
) -> None:
    """Otherwise the old county waited for what it could neither see nor answer."""
    start, end = await county_and_school(db, city)
    await make_paid(db, city.county_admin, city.school_admin, start, end)
    back = await make_sent(db, city.school_admin, end, start, "400.00")
    move = Move(bureau_id=city.other_county["id"])
    asked: dict[str, Any] = {"unit_id": city.school["id"], "move": move}
    with pytest.raises(MoneyInTransit) as refused:
        await move_school(db, city.city_admin.actor, **asked, now=NOW)
    assert refused.value.details == {"sent": 1}
    assert (await get_unit(db, city.city_admin.actor, unit_id=city.school["id"]))[
        "parent_id"
    ] == city.county["id"]
    await acknowledge_appropriation(
        db, city.county_admin.actor, appropriation_id=back["id"], now=NOW
    )
    moved = await move_school(db, city.city_admin.actor, **asked, now=NOW)
    assert moved["parent_id"] == city.other_county["id"]


async def test_who_sends_for_another_does_not_receive(db: Connection, city: City) -> None:
    clerk = (await make_clerks(db, city))["county"]
    start, end = await county_and_school(db, city)
    delegate = replace(clerk.actor, on_behalf_of=city.county_admin.actor.account_id)
    sent = await make_sent(db, Person(delegate, "delegate"), start, end)
    for person in (clerk, city.county_admin):
        with pytest.raises(FundsOfOneself):
            await acknowledge_appropriation(db, person.actor, appropriation_id=sent["id"], now=NOW)
