import pytest

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityChanges,
    ActivityState,
    WrongState,
    publish_activity,
    remove_session,
    update_activity,
)
from app.domain.training.activities.planned import SessionPlansMissing
from app.domain.training.session_plans import (
    SessionPlanExists,
    SessionPlanNotFound,
    SessionPlanOfOneself,
    SessionPlanOpinion,
    SessionPlanRevision,
    SessionPlanState,
    SessionPlanWrongState,
    approve_session_plan,
    get_session_plan,
    list_session_plans,
    return_session_plan,
    revise_session_plan,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity, make_group
from tests.make_organisation import make_department
from tests.make_plans import make_session_plan

PAGE = PageRequest(limit=100)
OPINION = SessionPlanOpinion(opinion="目标具体，同意")
REVISION = SessionPlanRevision(
    objectives="能独立主持备课", measures="演练两次", content="五步集体备课法"
)


async def approve(db: Connection, person: Person, plan: Row) -> Row:
    return await approve_session_plan(
        db, person.actor, session_plan_id=plan["id"], opinion=OPINION, now=NOW
    )


async def send_back(db: Connection, person: Person, plan: Row) -> Row:
    return await return_session_plan(
        db, person.actor, session_plan_id=plan["id"], opinion=OPINION, now=NOW
    )


async def revise(db: Connection, person: Person, plan: Row) -> Row:
    return await revise_session_plan(
        db, person.actor, session_plan_id=plan["id"], revision=REVISION, now=NOW
    )


async def test_a_trainers_plan_is_reviewed_before_the_training(db: Connection, city: City) -> None:
    """Make a training plan before training and submit it to the guidance office: R55."""
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    (session,) = activity["sessions"]
    plan = await make_session_plan(db, city.school_admin, session, teacher_id=city.teacher["id"])
    assert (plan["state"], plan["starts_at"]) == ("submitted", session["starts_at"])
    office = await make_department(db, city.county, Duty.GUIDE)
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, office | {"duties": (Duty.GUIDE,)}
    )
    page = await list_session_plans(db, officer.actor, page=PAGE, state=SessionPlanState.SUBMITTED)
    assert [row["id"] for row in page.items] == [plan["id"]]
    returned = await send_back(db, officer, plan)
    assert (returned["state"], returned["opinion"]) == ("returned", OPINION.opinion)
    again = await revise(db, city.teacher_account, plan)
    assert (again["state"], again["attempt"], again["opinion"]) == ("submitted", 2, None)
    assert again["objectives"] == REVISION.objectives
    approved = await approve(db, officer, plan)
    assert approved["state"] == "approved"
    for late in (revise(db, city.teacher_account, plan), approve(db, officer, plan)):
        with pytest.raises(SessionPlanWrongState):
            await late
    assert (
        await get_session_plan(db, city.teacher_account.actor, session_plan_id=plan["id"])
        == approved
    )
    with pytest.raises(SessionPlanNotFound):
        await get_session_plan(db, city.sibling_admin.actor, session_plan_id=plan["id"])


async def test_what_requires_them_is_not_published_without(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=2
    )
    admin, key = city.school_admin.actor, activity["id"]
    asked = ActivityChanges(requires_session_plans=True)
    assert (await update_activity(db, admin, activity_id=key, changes=asked))[
        "requires_session_plans"
    ]
    plans = [await make_session_plan(db, city.school_admin, s) for s in activity["sessions"]]
    await approve(db, city.county_admin, plans[0])
    with pytest.raises(SessionPlansMissing) as refused:
        await publish_activity(db, admin, activity_id=key, now=NOW)
    assert refused.value.details == {"sessions": 1}
    await approve(db, city.county_admin, plans[1])
    published = await publish_activity(db, admin, activity_id=key, now=NOW)
    assert published["state"] == ActivityState.PUBLISHED


async def test_the_school_does_not_decide_on_its_own_training(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    plan = await make_session_plan(db, city.school_admin, activity["sessions"][0])
    with pytest.raises(NotAllowed):
        await approve(db, city.school_admin, plan)
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    of_group = await make_activity(db, city.school, leader, group=group)
    groups_plan = await make_session_plan(db, leader, of_group["sessions"][0])
    with pytest.raises(NotAllowed):
        await approve(db, leader, groups_plan)
    assert (await approve(db, city.school_admin, groups_plan))["state"] == "approved"


async def test_nobody_decides_on_what_they_handed_in(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    plan = await make_session_plan(db, city.county_admin, activity["sessions"][0])
    with pytest.raises(SessionPlanOfOneself):
        await approve(db, city.county_admin, plan)
    other = await make_account(db, "second.admin", Role.COUNTY_ADMIN, city.county)
    assert (await approve(db, other, plan))["state"] == "approved"


async def test_a_session_has_one_plan_until_it_was_held(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    (session,) = activity["sessions"]
    plan = await make_session_plan(db, city.school_admin, session)
    with pytest.raises(SessionPlanExists):
        async with db.transaction():
            await make_session_plan(db, city.school_admin, session)
    with pytest.raises(NotAllowed):
        await make_session_plan(db, city.auditor, session)
    await remove_session(db, city.school_admin.actor, session_id=session["id"])
    with pytest.raises(SessionPlanNotFound):
        await get_session_plan(db, city.school_admin.actor, session_plan_id=plan["id"])
    held = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    with pytest.raises(WrongState):
        await make_session_plan(db, city.school_admin, held["sessions"][0])
