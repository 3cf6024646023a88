"""Reports: execution by level, promises unit by unit, and figures with what they are made of."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.organisation.reorganisations import Move, move_school
from app.domain.people.teachers import Teacher
from app.domain.quality.fund_reports import (
    BudgetYearUnfit,
    get_fund_efficiency,
    list_fund_execution,
    list_fund_guarantees,
)
from app.sql import Connection, Row
from tests.make import NOW, City, make_activity, make_attendance
from tests.make_funds import (
    YEAR,
    approve,
    make_clerks,
    make_expense,
    make_limit,
    make_open,
    make_paid,
    make_sent,
)
from tests.make_trainers import make_hire, make_trainer

PROMISED = {"title": "上级拨款", "source": "superior"}


async def test_a_guarantee_is_kept_unit_by_unit(db: Connection, city: City) -> None:
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    ends = [
        (await make_open(db, by, city.county_admin, unit, PROMISED | {"planned": "1000"}))[1][0]
        for by, unit in ((city.school_admin, city.school), (city.sibling_admin, city.sibling))
    ]
    await make_paid(db, city.county_admin, city.school_admin, start, ends[0], "1500")
    await make_sent(db, city.county_admin, start, ends[1], "400")
    await make_paid(db, city.school_admin, city.county_admin, ends[0], start, "200")
    before = db.statements
    (row,) = await list_fund_guarantees(
        db, city.auditor.actor, unit_id=city.county["id"], year=YEAR
    )
    assert db.statements - before == 2
    assert row == {
        "bureau_id": city.county["id"], "units": 2, "units_in_full": 1, "promised": 2000,
        "paid": 1500, "in_transit": 400, "handed_back": 200, "missing": 1000, "share": Decimal("0.75"),
    }  # fmt: skip


async def test_what_is_handed_back_and_given_again_is_paid_once(db: Connection, city: City) -> None:
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    promised = (PROMISED | {"planned": "1000"}, PROMISED | {"planned": "500", "title": "另一项"})
    _, (first, second) = await make_open(
        db, city.school_admin, city.county_admin, city.school, *promised
    )
    county, school = city.county_admin, city.school_admin

    async def paid() -> tuple[int, ...]:
        (row,) = await list_fund_guarantees(
            db, city.auditor.actor, unit_id=city.county["id"], year=YEAR
        )
        return tuple(int(row[name]) for name in ("paid", "handed_back", "missing", "units_in_full"))

    await make_paid(db, county, school, start, first, "800")
    await make_paid(db, school, county, first, start, "300")
    assert await paid() == (800, 300, 700, 0)
    await make_paid(db, county, school, start, second, "300")
    assert await paid() == (800, 300, 700, 0), "the same three hundred"
    await make_paid(db, county, school, start, first, "700")
    assert await paid() == (1500, 300, 0, 1)


async def test_a_guarantee_of_a_year_that_is_over_stays_with_who_gave_it(
    db: Connection, city: City
) -> None:
    """What a bureau promised and did not pay is not made another's by a school that comes there later."""
    last = YEAR - 1
    for year, planned in ((last, "1000"), (YEAR, "3000")):
        _, (start,) = await make_open(
            db, city.county_admin, city.city_admin, city.county, year=year
        )
        promised = PROMISED | {"planned": planned}
        _, (end,) = await make_open(
            db, city.school_admin, city.county_admin, city.school, promised, year=year
        )
        await make_paid(db, city.county_admin, city.school_admin, start, end, "400")
    move = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)

    async def missing(unit: Row, year: int) -> list[tuple[Any, int]]:
        rows = await list_fund_guarantees(db, city.auditor.actor, unit_id=unit["id"], year=year)
        return [(row["bureau_id"], int(row["missing"])) for row in rows]

    old, new = city.county["id"], city.other_county["id"]
    assert await missing(city.county, last) == [(old, 600)]
    assert await missing(city.other_county, last) == []
    # What is left of this year is the affair of the bureau that is in charge when it ends.
    assert await missing(city.county, YEAR) == []
    assert await missing(city.other_county, YEAR) == [(new, 2600)]
    for unit in (city.city, city.school):
        assert await missing(unit, last) == [(old, 600)]
        assert await missing(unit, YEAR) == [(new, 2600)]
    # It moves on, and back: the first move after the end of the year says where it was then.
    third = Move(bureau_id=city.county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=third, now=NOW)
    assert await missing(city.county, last) == [(old, 600)]


async def test_a_year_is_one_of_budgets(db: Connection, city: City) -> None:
    reports: tuple[Any, ...] = (list_fund_execution, list_fund_guarantees, get_fund_efficiency)
    for report in reports:
        for year in (1989, 2101, 10**12):
            with pytest.raises(BudgetYearUnfit):
                await report(db, city.auditor.actor, unit_id=city.county["id"], year=year)


async def test_execution_never_adds_levels_up(db: Connection, city: City) -> None:
    clerk = (await make_clerks(db, city))["school"]
    _, (start,) = await make_open(db, city.county_admin, city.city_admin, city.county)
    _, (end,) = await make_open(
        db, city.school_admin, city.county_admin, city.school, PROMISED | {"planned": "1000"}
    )
    await make_paid(db, city.county_admin, city.school_admin, start, end)
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    spent = await make_expense(db, clerk, end, amount="250.00")
    await approve(db, city.school_admin, spent["id"])
    rows = await list_fund_execution(
        db, city.county_admin.actor, unit_id=city.county["id"], year=YEAR
    )
    assert [(row["level"], row["planned"], row["spent"], row["share"]) for row in rows] == [
        ("county", 10_000, 0, 0), ("school", 1000, 250, Decimal("0.25")),
    ]  # fmt: skip
    assert await list_fund_execution(
        db, city.county_admin.actor, unit_id=city.county["id"], year=YEAR + 1
    ) == []  # fmt: skip


async def test_people_and_attendances_are_counted_apart(db: Connection, city: City) -> None:
    clerk = (await make_clerks(db, city))["school"]
    _, (line,) = await make_open(db, city.school_admin, city.county_admin, city.school)
    await make_limit(db, city.county_admin, city.school, city.school_admin)
    activity = await make_activity(db, city.school, city.school_admin, sessions=3)
    for session in activity["sessions"]:
        await make_attendance(db, session, city.school_admin, city.teacher)
        # Entered twice, and found to be one: what stays with the merged record counts nobody.
        await make_attendance(db, session, city.school_admin, city.colleague)
    await db.change(Teacher, city.colleague["id"], {"merged_into_id": city.teacher["id"]})
    trainer = await make_trainer(db, city.school, city.school_admin)
    hire = await make_hire(db, trainer, city.school_admin, activity_id=activity["id"])
    for more in ({"activity_id": activity["id"]}, {"trainer_hire_id": hire["id"]}, {}):
        made = await make_expense(db, clerk, line, **more)
        await approve(db, city.school_admin, made["id"])
    before = db.statements
    found = await get_fund_efficiency(db, city.auditor.actor, unit_id=city.city["id"], year=YEAR)
    assert db.statements - before == 2
    assert (found["activities"], found["spent_elsewhere"]) == (1, 100)
    assert found["per_person"] == {"spent": 200, "persons": 1, "yuan": 200}
    assert found["per_person_time"] == {
        "spent": 200, "person_times": 3, "yuan": Decimal("66.67"),
    }  # fmt: skip
    nothing = await get_fund_efficiency(
        db, city.auditor.actor, unit_id=city.far_school["id"], year=YEAR
    )
    assert nothing["per_credit"] == {"spent": 0, "credits": 0, "yuan": None}
