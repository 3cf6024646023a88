"""What each place plans: a draft, a published plan, one that waits, and what hangs below them."""

from uuid import UUID

from app.domain.credits.assessment_requirements import AssessmentRequirement
from app.domain.credits.assessments import Assessment
from app.domain.training.activities import ActivitySession
from app.domain.training.activities.table import Activity
from app.domain.training.citations import PlanCitation
from app.domain.training.groups import ResearchGroup
from app.domain.training.plan_deadlines import PlanDeadline
from app.domain.training.plans import Plan, PlanItem
from app.domain.training.session_plans import SessionPlan
from app.sql import Connection, Row, new_id
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """Plans of the unit itself and of a group in it, a deadline, a plan of a session, assessments."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit = units[-1]
        group_id = await add_row(db, ResearchGroup, **place_of(unit), name="计划组", kind="theme")
        below = await _add_plans(db, unit, group_id, by)
        below["session_plan"] = await _add_session_plan(db, unit, group_id, by)
        for kind, key in below.items():
            audience = unit["id"] if kind in _SHOWN else None
            things[kind] = Thing(key, path, audience=audience)
        if name in world.teachers:
            teacher = world.teachers[name]
            asked = await add_row(
                db, AssessmentRequirement, **place_of(unit), measure="hours", term="year",
                amount=1, valid_from=TODAY,
            )  # fmt: skip
            judged = await add_row(
                db, Assessment, **place_of(teacher), **_DAYS, teacher_id=teacher["id"],
                term="year", judgement="qualified", figures=[], recorded_at=NOW, recorded_by=by,
            )  # fmt: skip
            things["requirement"] = Thing(asked, path, audience=unit["id"])
            things["assessment"] = Thing(judged, path, teacher_id=teacher["id"])


_DAYS = {"starts_on": TODAY, "ends_on": TODAY}
_SHOWN = frozenset({"plan_offered", "plan_item_agreed", "plan_deadline"})
"""What is shown to those below its unit."""


async def _add_plans(db: Connection, unit: Row, group_id: UUID, by: UUID) -> dict[str, UUID]:
    """A draft, a published plan, and one of the group that waits; items, a citation, a deadline."""
    here = place_of(unit)
    common = {"since": NOW, "created_by": by, "submitted_by": by, **here, **_DAYS}
    drafted = {"kind": "semester", "title": "计划", "state": "draft", "version": 0, **common}
    draft = await add_row(db, Plan, **drafted)
    over = {"state": "published", "version": 1, "in_force": 1, "published_at": NOW}
    offered = await add_row(db, Plan, **drafted | over)
    lecture = {"content": "讲座", "trainer_ids": [], **_DAYS}
    of_group = {"group_id": group_id, "state": "submitted", "version": 1}
    return {
        "plan": draft,
        "plan_offered": offered,
        "plan_waiting": await add_row(db, Plan, **drafted | of_group),
        "plan_item": await add_row(db, PlanItem, plan_id=draft, **lecture),
        "plan_item_agreed": await add_row(db, PlanItem, plan_id=offered, **lecture),
        "citation": await add_row(
            db, PlanCitation, plan_id=draft, kind="activity", cited_id=new_id(), recorded_at=NOW
        ),
        "plan_deadline": await add_row(
            db, PlanDeadline, **here, **_DAYS, kind="year", owed_by="groups", due_on=TODAY,
            set_at=NOW, set_by=by,
        ),
    }  # fmt: skip


async def _add_session_plan(db: Connection, unit: Row, group_id: UUID, by: UUID) -> UUID:
    """The plan of a session of an activity that the group organises."""
    activity = await add_row(
        db, Activity, **place_of(unit), organiser_group_id=group_id, title="组内研修",
        kind="seminar", mode="concentrated", channel="school_based", hours=1, content=[],
        requires_note=False, state="draft", created_by=by, **_DAYS,
    )  # fmt: skip
    session = await add_row(
        db, ActivitySession, activity_id=activity, ordinal=1, starts_at=NOW,
        ends_at=NOW.replace(hour=4), hours=1, secret=bytes(32),
    )  # fmt: skip
    return await add_row(
        db, SessionPlan, session_id=session, activity_id=activity, trainer="主讲",
        objectives="目标", measures="措施", content="内容", state="submitted", attempt=1,
        submitted_at=NOW, submitted_by=by,
    )  # fmt: skip
