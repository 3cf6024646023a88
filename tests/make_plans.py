"""Plans for tests, made by what a school and a bureau do with them."""

from datetime import date
from typing import Any

from app.domain.credits.assessment_requirements import AssessmentRequirement
from app.domain.credits.assessments import NewAssessment, record_assessment
from app.domain.training.citations import NewCitation, add_citation
from app.domain.training.plan_deadlines import NewDeadline, set_plan_deadline
from app.domain.training.plan_items import NewPlanItem, add_plan_item
from app.domain.training.plan_reviews import (
    PlanOpinion,
    approve_plan,
    publish_plan,
    return_plan,
    submit_plan,
)
from app.domain.training.plans import NewPlan, create_plan
from app.domain.training.session_plans import NewSessionPlan, submit_session_plan
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_group

OPINION = PlanOpinion(opinion="同意，按计划实施")
PERIOD = {"starts_on": "2026-09-01", "ends_on": "2027-01-31"}
PLAN = {
    "kind": "semester",
    "title": "第一学期校本研修计划",
    "aims": "提高集体备课质量",
    "school_goals": "办成教研强校",
    **PERIOD,
}
ITEM = {
    "content": "集体备课专题讲座",
    "starts_on": "2026-11-01",
    "ends_on": "2026-11-30",
    "trainers": "教研组长",
    "trainees": "全体语文教师",
    "form": "lecture",
    "hours": "4",
    "progress": "第10周准备，第12周举办",
}
SCHEME = {"kind": "scheme", "title": "校本研修实施方案", "aims": "全员研修", "text": "一、总则"}


async def make_plan(db: Connection, by: Person, **given: Any) -> Row:
    """A semester plan, as drafted, with one item; of an owner by its key (`unit_id` and the like)."""
    plan = await create_plan(db, by.actor, new=NewPlan.model_validate(PLAN | given), now=NOW)
    await make_item(db, by, plan)
    return plan


async def make_item(db: Connection, by: Person, plan: Row, **given: Any) -> Row:
    """An item of a plan that is being written."""
    new = NewPlanItem.model_validate(ITEM | given)
    return await add_plan_item(db, by.actor, plan_id=plan["id"], new=new)


async def make_scheme(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    """A scheme of a unit, as drafted."""
    new = NewPlan.model_validate(SCHEME | PERIOD | {"unit_id": unit["id"]} | given)
    return await create_plan(db, by.actor, new=new, now=NOW)


async def submit(db: Connection, by: Person, plan: Row) -> Row:
    """Hand it in."""
    return await submit_plan(db, by.actor, plan_id=plan["id"], now=NOW)


async def approve(db: Connection, by: Person, plan: Row) -> Row:
    """Agree to it."""
    return await approve_plan(db, by.actor, plan_id=plan["id"], opinion=OPINION, now=NOW)


async def send_back(db: Connection, by: Person, plan: Row) -> Row:
    """Return it."""
    opinion = PlanOpinion(opinion="请补充培训进度")
    return await return_plan(db, by.actor, plan_id=plan["id"], opinion=opinion, now=NOW)


async def publish(db: Connection, by: Person, plan: Row) -> Row:
    """Show it."""
    return await publish_plan(db, by.actor, plan_id=plan["id"], now=NOW)


async def make_published(db: Connection, author: Person, reviewer: Person, plan: Row) -> Row:
    """A drafted plan brought all the way."""
    await submit(db, author, plan)
    await approve(db, reviewer, plan)
    return await publish(db, author, plan)


async def cite(db: Connection, by: Person, plan: Row, kind: str, cited: Row) -> Row:
    """Say what a plan answers."""
    new = NewCitation.model_validate(
        {"kind": kind, "cited_id": cited["id"], "conclusion": "加强集体备课"}
    )
    return await add_citation(db, by.actor, plan_id=plan["id"], new=new, now=NOW)


async def make_deadline(db: Connection, by: Person, unit: Row, **given: Any) -> Row:
    """A deadline of a unit for the semester plans of those below."""
    fields = {"kind": "semester", "owed_by": "units", "due_on": "2026-11-30", **PERIOD}
    new = NewDeadline.model_validate({"unit_id": unit["id"]} | fields | given)
    return await set_plan_deadline(db, by.actor, new=new, now=NOW)


async def make_session_plan(db: Connection, by: Person, session: Row, **given: Any) -> Row:
    """The plan of a session, handed in."""
    fields = {
        "trainer": "主讲教师", "objectives": "会组织集体备课", "measures": "讲解与演练",
        "content": "五步集体备课法",
    }  # fmt: skip
    new = NewSessionPlan.model_validate(fields | given)
    return await submit_session_plan(db, by.actor, session_id=session["id"], new=new, now=NOW)


async def make_busy_plans(db: Connection, city: City, group: Row) -> None:
    """Two schemes, plans of two schools and two groups from them, and all that hangs on plans."""
    other = await make_group(db, city.sibling, name="数学教研组")
    for unit, by, superior, own in (
        (city.county, city.county_admin, city.city_admin, group),
        (city.city, city.city_admin, None, other),
    ):
        scheme = await make_scheme(db, by, unit)
        if superior is None:
            await publish(db, by, scheme)
        else:
            await make_published(db, by, superior, scheme)
        plan = await make_plan(
            db, city.county_admin, group_id=own["id"], derived_from_id=scheme["id"]
        )
        await cite(db, city.county_admin, plan, "plan", scheme)
        await submit(db, city.county_admin, plan)
        await make_deadline(db, by, unit)
    for school, teacher, by in (
        (city.school, city.teacher, city.school_admin),
        (city.sibling, city.sibling_teacher, city.sibling_admin),
    ):
        await make_plan(db, by, unit_id=school["id"])
        place = {each: school[each] for each in ("city_id", "county_id", "school_id")}
        asked = {"measure": "hours", "term": "year", "amount": 1, "valid_from": TODAY}
        await db.insert(AssessmentRequirement, {"id": new_id(), **place, **asked})
        term = {"term": "year", "starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}
        judged = NewAssessment.model_validate(term | {"judgement": "qualified"})
        await record_assessment(db, by.actor, teacher_id=teacher["id"], new=judged, now=NOW)
