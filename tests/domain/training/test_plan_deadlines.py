from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.groups import close_group
from app.domain.training.plan_deadlines import (
    DeadlineChange,
    DeadlineExists,
    DeadlineForNobody,
    NewDeadline,
    list_plan_deadlines,
    list_plans_owed,
    list_upcoming_plan_deadlines,
    move_plan_deadline,
)
from app.domain.training.plan_reviews import submit_plan
from app.sql import Connection
from tests.make import NOW, City, make_group
from tests.make_plans import PERIOD, make_deadline, make_plan, send_back, submit

PAGE = PageRequest(limit=100)


async def test_who_has_not_handed_in(db: Connection, city: City) -> None:
    due = await make_deadline(db, city.county_admin, city.county)
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    drafted = await make_plan(db, city.sibling_admin, unit_id=city.sibling["id"])
    await submit(db, city.school_admin, plan)
    await send_back(db, city.county_admin, plan)
    await make_plan(db, city.school_admin, unit_id=city.school["id"], title="另一份草稿")
    county, key = city.county_admin.actor, due["id"]
    before = db.statements
    owed = await list_plans_owed(db, county, deadline_id=key)
    assert db.statements - before == 3, "its door, its place, and one for all who owe"
    told = [
        (row["name"], row["plan_id"], row["state"], row["submitted"], row["in_time"])
        for row in owed
    ]
    assert told == [
        ("甲县第一小学", plan["id"], "returned", True, True),
        ("甲县第二小学", drafted["id"], "draft", False, False),
    ]
    missing = await list_plans_owed(db, county, deadline_id=key, missing=True)
    assert [row["owner_id"] for row in missing] == [city.sibling["id"]]
    with pytest.raises(NotAllowed):
        await list_plans_owed(db, city.school_admin.actor, deadline_id=key)


async def test_the_day_counts_by_the_calendar_of_china(db: Connection, city: City) -> None:
    due = await make_deadline(db, city.county_admin, city.county)
    for person, school, late in (
        (city.school_admin, city.school, timedelta(hours=13, minutes=59)),
        (city.sibling_admin, city.sibling, timedelta(hours=14)),
    ):
        plan = await make_plan(db, person, unit_id=school["id"])
        handed_in = NOW.replace(day=30) + late
        await submit_plan(db, person.actor, plan_id=plan["id"], now=handed_in)
    owed = await list_plans_owed(db, city.county_admin.actor, deadline_id=due["id"])
    assert [row["in_time"] for row in owed] == [True, False]
    change = DeadlineChange(due_on=date(2026, 12, 1))
    moved = await move_plan_deadline(
        db, city.county_admin.actor, deadline_id=due["id"], change=change
    )
    assert moved == due | {"due_on": date(2026, 12, 1)}
    owed = await list_plans_owed(db, city.county_admin.actor, deadline_id=due["id"])
    assert [row["in_time"] for row in owed] == [True, True]


async def test_groups_and_teachers_owe_to_their_school(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    of_groups = await make_deadline(db, city.school_admin, city.school, owed_by="groups")
    of_teachers = await make_deadline(
        db, city.school_admin, city.school, owed_by="teachers", kind="individual"
    )
    admin = city.school_admin.actor
    closed = await make_group(db, city.school, name="已撤销的教研组")
    await close_group(db, admin, group_id=closed["id"], now=NOW)
    (owed,) = await list_plans_owed(db, admin, deadline_id=of_groups["id"])
    assert (owed["owner_id"], owed["submitted"]) == (group["id"], False)
    own = await make_plan(
        db, city.teacher_account, kind="individual", teacher_id=city.teacher["id"]
    )
    await submit(db, city.teacher_account, own)
    missing = await list_plans_owed(db, admin, deadline_id=of_teachers["id"], missing=True)
    assert [row["owner_id"] for row in missing] == [city.colleague["id"]]


async def test_those_below_know_of_it(db: Connection, city: City) -> None:
    due = await make_deadline(db, city.county_admin, city.county)
    for person, keys in (
        (city.school_admin, [due["id"]]), (city.teacher_account, [due["id"]]),
        (city.other_county_admin, []),
    ):  # fmt: skip
        page = await list_upcoming_plan_deadlines(db, person.actor, page=PAGE)
        assert [row["id"] for row in page.items] == keys
    page = await list_plan_deadlines(db, city.city_admin.actor, page=PAGE)
    assert [row["id"] for row in page.items] == [due["id"]]
    late = await list_plan_deadlines(db, city.city_admin.actor, page=PAGE, since=date(2026, 12, 1))
    assert late.items == []


async def test_refusals(db: Connection, city: City) -> None:
    await make_deadline(db, city.county_admin, city.county)
    with pytest.raises(DeadlineExists):
        async with db.transaction():
            await make_deadline(db, city.county_admin, city.county, due_on="2026-12-31")
    with pytest.raises(DeadlineForNobody):
        await make_deadline(db, city.school_admin, city.school)
    with pytest.raises(DeadlineForNobody):
        await make_deadline(
            db, city.county_admin, city.county, owed_by="teachers", kind="individual"
        )
    with pytest.raises(ValidationError):
        NewDeadline.model_validate(
            PERIOD | {"unit_id": city.county["id"], "kind": "year", "owed_by": "teachers",
                      "due_on": "2026-11-30"}
        )  # fmt: skip
    page = await list_plan_deadlines(db, city.city_admin.actor, page=PAGE)
    assert len(page.items) == 1
