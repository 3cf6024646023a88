"""A year of funds, played from the plan to the closed books, at the city, a county and a school."""

from decimal import Decimal
from typing import NamedTuple

import pytest

from app.domain.paging import PageRequest
from app.domain.quality.appropriations import acknowledge_appropriation
from app.domain.quality.budget_amendments import (
    NewBudgetAmendment,
    approve_budget_amendment,
    propose_budget_amendment,
)
from app.domain.quality.budgets import (
    BudgetLeftOver,
    BudgetNotOpen,
    close_budget,
    get_budget_line,
    list_budget_reviews,
    reopen_budget,
)
from app.domain.quality.expenses import reverse_expense
from app.domain.quality.fund_commitments import (
    NewFundCommitment,
    commit_funds,
    get_fund_commitment,
    release_commitment,
)
from app.domain.quality.fund_reports import (
    get_fund_efficiency,
    list_fund_execution,
    list_fund_guarantees,
)
from app.domain.quality.fund_verification import verify_funds
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_activity, make_attendance
from tests.make_funds import (
    YEAR,
    YES,
    approve,
    make_clerks,
    make_expense,
    make_limit,
    make_line,
    make_open,
    make_sent,
)

ALL = PageRequest(limit=100)
EARMARK = {
    "title": "青年骨干教师培养", "earmark": "市级骨干教师培养专款", "is_priority": True,
    "basis": "测教财〔2026〕1号",
}  # fmt: skip
PROMISED = {**EARMARK, "source": "superior"}


class Lines(NamedTuple):
    """The lines of the year: the earmark on its three levels, and the school's own money."""

    city: Row
    county: Row
    promised: Row
    own: Row
    school: Row
    """The school's budget."""
    clerk: Person
    """Who hands in what the school's administrator decides on."""


async def money(db: Connection, city: City, line: Row) -> dict[str, Decimal]:
    """Where the money of a line is, but for what is nowhere."""
    found = await get_budget_line(db, city.city_admin.actor, line_id=line["id"])
    names = ("amended", "available", "committed", "spent", "transit")
    return {name: found[name] for name in names if found[name]}


async def receive(db: Connection, by: Person, sent: Row) -> None:
    await acknowledge_appropriation(db, by.actor, appropriation_id=sent["id"], now=NOW)


async def plan(db: Connection, city: City) -> Lines:
    """The city plans 400,000; the county is to provide 30,000 to its school, which has 5,000 itself."""
    clerks = await make_clerks(db, city)
    _, (of_city,) = await make_open(
        db, clerks["city"], city.city_admin, city.city, {**EARMARK, "planned": "400000.00"}
    )
    _, (of_county,) = await make_open(
        db, city.county_admin, city.city_admin, city.county, {**PROMISED, "planned": "50000.00"}
    )
    school, (own, promised) = await make_open(
        db, city.school_admin, city.county_admin, city.school,
        {"planned": "5000.00"}, {**PROMISED, "planned": "30000.00"},
    )  # fmt: skip
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    return Lines(of_city, of_county, promised, own, school, clerks["school"])


async def provide(db: Connection, city: City, lines: Lines) -> None:
    """The money goes down level by level: out of one line and into transit at once, then received."""
    assert await money(db, city, lines.promised) == {}
    sent = await make_sent(db, city.city_admin, lines.city, lines.county, "50000.00")
    assert await money(db, city, lines.city) == {"available": 350_000}
    assert await money(db, city, lines.county) == {"transit": 50_000}
    await receive(db, city.county_admin, sent)
    sent = await make_sent(db, city.county_admin, lines.county, lines.promised, "20000.00")
    promises = await list_fund_guarantees(
        db, city.county_admin.actor, unit_id=city.county["id"], year=YEAR
    )
    (found,) = (row for row in promises if row["bureau_id"] == city.county["id"])
    assert (found["promised"], found["paid"], found["in_transit"]) == (30_000, 0, 20_000)
    await receive(db, city.school_admin, sent)


async def hold(db: Connection, city: City, lines: Lines) -> None:
    """An activity is held with two people at two sessions; the earmark pays what it cost."""
    activity = await make_activity(db, city.school, city.school_admin, sessions=2)
    for session in activity["sessions"]:
        await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    purpose = {"activity_id": activity["id"]}
    new = NewFundCommitment(amount=Decimal(8000), summary="骨干教师研修", **purpose)
    actor = lines.clerk.actor
    held = await commit_funds(db, actor, line_id=lines.promised["id"], new=new, now=NOW)
    assert await money(db, city, lines.promised) == {"available": 12_000, "committed": 8_000}
    paid = await make_expense(
        db, lines.clerk, lines.promised, amount="6000.00", commitment_id=held["id"], **purpose
    )
    await approve(db, city.school_admin, paid["id"])
    left = await get_fund_commitment(db, city.auditor.actor, commitment_id=held["id"])
    assert left["remaining"] == 2000
    await release_commitment(db, actor, commitment_id=held["id"], opinion=YES, now=NOW)
    assert await money(db, city, lines.promised) == {"available": 14_000, "spent": 6_000}


async def put_right(db: Connection, city: City, lines: Lines) -> None:
    """A mistake is reversed, never deleted; an amendment moves the school's own money."""
    wrong = await make_expense(db, lines.clerk, lines.own, amount="500.00")
    await approve(db, city.school_admin, wrong["id"])
    await reverse_expense(db, city.school_admin.actor, expense_id=wrong["id"], opinion=YES, now=NOW)
    books = await make_line(db, lines.clerk, lines.school, title="图书", planned="0")
    new = NewBudgetAmendment(
        from_line_id=lines.own["id"], to_line_id=books["id"], amount=Decimal(1000),
        effective_on=TODAY, reason="增购研修用书",
    )  # fmt: skip
    amendment = await propose_budget_amendment(
        db, lines.clerk.actor, budget_id=lines.school["id"], now=NOW, new=new
    )
    await approve_budget_amendment(
        db, city.county_admin.actor, amendment_id=amendment["id"], opinion=YES, now=NOW
    )
    assert await money(db, city, lines.own) == {"amended": -1000, "available": 4000}
    for line, amount in ((lines.own, "4000.00"), (books, "1000.00")):
        spent = await make_expense(db, lines.clerk, line, amount=amount)
        await approve(db, city.school_admin, spent["id"])


async def report(db: Connection, city: City) -> None:
    """What it came to: 6,000 yuan for four attendances of two people."""
    actor, unit = city.county_admin.actor, city.school["id"]
    found = await get_fund_efficiency(db, actor, unit_id=unit, year=YEAR)
    assert (found["activities"], found["spent_elsewhere"]) == (1, 5000)
    assert found["per_person_time"] == {"spent": 6000, "person_times": 4, "yuan": 1500}
    assert found["per_person"] == {"spent": 6000, "persons": 2, "yuan": 3000}
    assert found["per_credit"]["yuan"] is None
    rows = await list_fund_execution(db, actor, unit_id=unit, year=YEAR)
    assert [(row["earmark"], row["planned"], row["spent"], row["share"]) for row in rows] == [
        (None, 5000, 5000, 1),
        (EARMARK["earmark"], 30_000, 6000, Decimal("0.2000")),
    ]


async def close(db: Connection, city: City, lines: Lines) -> None:
    """The year is closed when nothing is left that was not handed back."""
    budget_id, actor = lines.school["id"], lines.clerk.actor
    with pytest.raises(BudgetLeftOver):
        await close_budget(db, actor, budget_id=budget_id, now=NOW)
    back = await make_sent(db, lines.clerk, lines.promised, lines.county, "14000.00")
    assert back["kind"] == "hand_back"
    await receive(db, city.county_admin, back)
    closed = await close_budget(db, actor, budget_id=budget_id, now=NOW)
    assert closed["state"] == "closed"
    with pytest.raises(BudgetNotOpen):
        await make_expense(db, lines.clerk, lines.own)
    await reopen_budget(db, city.county_admin.actor, budget_id=budget_id, opinion=YES, now=NOW)
    steps = await list_budget_reviews(db, city.auditor.actor, budget_id=budget_id, page=ALL)
    assert [row["step"] for row in steps.items] == ["submit", "approve", "close", "reopen"]


async def test_a_year_from_the_plan_to_closed_books(db: Connection, city: City) -> None:
    lines = await plan(db, city)
    await provide(db, city, lines)
    await hold(db, city, lines)
    await put_right(db, city, lines)
    await report(db, city)
    await close(db, city, lines)
    verified = await verify_funds(db)
    assert (verified.finding, verified.lines) == (None, 5)
