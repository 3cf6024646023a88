from decimal import Decimal

import pytest

from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState
from app.domain.training.plan_items import ItemActivity, link_plan_activity, list_plan_items
from app.domain.training.plans import PlanNotFound
from app.domain.training.study_items import Have, get_plan_progress, list_study_items
from app.sql import Connection, Row
from tests.make import City, Person, make_activity, make_attendance, make_note
from tests.make_forms import make_staff
from tests.make_plans import approve, make_item, make_plan, submit

PAGE = PageRequest(limit=100)


async def lacking(db: Connection, person: Person, unit: Row, which: Have | None) -> list[str]:
    page = await list_study_items(db, person.actor, unit_id=unit["id"], page=PAGE, lacks=which)
    return sorted(row["title"] for row in page.items)


async def test_what_lacks_which_of_the_four(db: Connection, city: City) -> None:
    bare = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD, title="无计划"
    )
    noted = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.CLOSED, title="有记载"
    )
    await make_activity(db, city.school, city.school_admin, title="未举办")
    await make_note(db, noted, city.teacher)
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    page = await list_plan_items(db, city.school_admin.actor, plan_id=plan["id"], page=PAGE)
    link = ItemActivity(activity_id=noted["id"])
    await link_plan_activity(db, city.school_admin.actor, item_id=page.items[0]["id"], link=link)
    assert await lacking(db, city.school_admin, city.school, None) == ["无计划", "有记载"]
    assert await lacking(db, city.school_admin, city.school, Have.PLAN) == ["无计划"]
    assert await lacking(db, city.school_admin, city.school, Have.RECORD) == ["无计划"]
    assert await lacking(db, city.county_admin, city.school, Have.SPEAKER) == ["无计划", "有记载"]
    await make_staff(db, noted, city.teacher)
    assert await lacking(db, city.county_admin, city.school, Have.SPEAKER) == ["无计划"]
    assert await lacking(db, city.county_admin, city.school, Have.TIME) == []
    assert await lacking(db, city.county_admin, city.county, Have.PLAN) == ["无计划"]
    with pytest.raises(UnitNotFound):
        await lacking(db, city.sibling_admin, city.school, None)
    before = db.statements
    found = await list_study_items(
        db, city.county_admin.actor, page=PAGE, unit_id=city.school["id"],
        since=bare["starts_on"], until=bare["ends_on"],
    )  # fmt: skip
    assert (len(found.items), db.statements - before) == (2, 2)


async def test_a_plan_against_what_was_done(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    for content in ("读书沙龙", "同课异构"):
        await make_item(db, city.school_admin, plan, content=content)
    await submit(db, city.school_admin, plan)
    await approve(db, city.county_admin, plan)
    page = await list_plan_items(db, city.school_admin.actor, plan_id=plan["id"], page=PAGE)
    states = (ActivityState.HELD, ActivityState.PUBLISHED, ActivityState.CANCELLED)
    for item, state in zip(page.items, states, strict=True):
        activity = await make_activity(db, city.school, city.school_admin, state=state, sessions=2)
        await link_plan_activity(
            db, city.school_admin.actor, item_id=item["id"],
            link=ItemActivity(activity_id=activity["id"]),
        )  # fmt: skip
        for session in activity["sessions"] if state is ActivityState.HELD else ():
            await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    before = db.statements
    progress = await get_plan_progress(db, city.county_admin.actor, plan_id=plan["id"])
    assert db.statements - before == 2, "its door, and one for all figures"
    assert progress == {
        "plan_id": plan["id"], "items_planned": 3, "items_arranged": 2, "items_held": 1,
        "hours_planned": Decimal(12), "hours_held": Decimal(4), "activities_held": 1,
        "persons": 2, "person_times": 4,
    }  # fmt: skip
    with pytest.raises(PlanNotFound):
        await get_plan_progress(db, city.teacher_account.actor, plan_id=plan["id"])
