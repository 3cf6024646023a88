"""Courses, their runs and classes for tests, made by what a school and a bureau do with them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.learning.course_citations import add_course_citation
from app.domain.learning.course_classes import NewCourseClass, open_course_class
from app.domain.learning.course_reviews import (
    CourseOpinion,
    approve_course,
    publish_course,
    return_course,
    submit_course,
)
from app.domain.learning.course_runs import (
    NewCourseRun,
    RunConclusion,
    conclude_course_run,
    open_course_run,
)
from app.domain.learning.courses import NewCourse, create_course
from app.domain.training.activities import (
    NewSession,
    add_session,
    conclude_activity,
    hold_activity,
    publish_activity,
)
from app.domain.training.citations import NewCitation
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_group
from tests.make_self_studies import make_agreed, make_study

OPINION = CourseOpinion(opinion="同意开设")
COURSE = {
    "title": "课堂提问的设计",
    "summary": "学会设计有层次的问题",
    "origin": "own",
    "kind": "workshop",
    "mode": "concentrated",
    "channel": "school_based",
    "content": ["instructional_design"],
    "hours": "4",
    "syllabus": [
        {"title": "问题的层次", "hours": "2"},
        {"title": "追问与理答", "hours": "2", "content": "课例研讨"},
    ],
    "responsible": "教导主任",
}
RUN = {
    "name": "2026年秋季", "school_year": 2026, "semester": "first", "starts_on": "2026-11-01",
    "ends_on": "2026-12-31",
}  # fmt: skip


async def make_course(db: Connection, by: Person, **given: Any) -> Row:
    """A course as drafted; of an owner by its key (`unit_id` and the like)."""
    return await create_course(db, by.actor, new=NewCourse.model_validate(COURSE | given), now=NOW)


async def submit(db: Connection, by: Person, course: Row) -> Row:
    """Declare it."""
    return await submit_course(db, by.actor, course_id=course["id"], now=NOW)


async def approve(db: Connection, by: Person, course: Row) -> Row:
    """Agree to it."""
    return await approve_course(db, by.actor, course_id=course["id"], opinion=OPINION, now=NOW)


async def send_back(db: Connection, by: Person, course: Row) -> Row:
    """Return it."""
    opinion = CourseOpinion(opinion="请补充大纲")
    return await return_course(db, by.actor, course_id=course["id"], opinion=opinion, now=NOW)


async def publish(db: Connection, by: Person, course: Row) -> Row:
    """Put it into the catalogue."""
    return await publish_course(db, by.actor, course_id=course["id"], now=NOW)


async def make_approved(db: Connection, author: Person, reviewer: Person, **given: Any) -> Row:
    """A course that was declared and agreed to."""
    course = await make_course(db, author, **given)
    await submit(db, author, course)
    return await approve(db, reviewer, course)


async def make_published(db: Connection, author: Person, reviewer: Person, **given: Any) -> Row:
    """A course in the catalogue."""
    return await publish(db, author, await make_approved(db, author, reviewer, **given))


async def make_school_course(db: Connection, city: City, **given: Any) -> Row:
    """A course of the school in its catalogue."""
    given = {"unit_id": city.school["id"]} | given
    return await make_published(db, city.school_admin, city.county_admin, **given)


async def cite(db: Connection, by: Person, course: Row, kind: str, cited: Row) -> Row:
    """Say what a course answers."""
    new = NewCitation.model_validate(
        {"kind": kind, "cited_id": cited["id"], "conclusion": "开设实践课程"}
    )
    return await add_course_citation(db, by.actor, course_id=course["id"], new=new, now=NOW)


async def make_run(db: Connection, by: Person, course: Row, **given: Any) -> Row:
    """An open run of a course by its own unit, unless another is named."""
    owner = {} if {"group_id", "network_id", "department_id"} & given.keys() else {
        "unit_id": course["unit_id"]
    }  # fmt: skip
    new = NewCourseRun.model_validate(RUN | owner | given)
    return await open_course_run(db, by.actor, course_id=course["id"], new=new, now=NOW)


async def make_class(db: Connection, by: Person, run: Row, **given: Any) -> Row:
    """A class of a run, whose activity is a draft without sessions."""
    new = NewCourseClass.model_validate({"name": "一班"} | given)
    return await open_course_class(db, by.actor, run_id=run["id"], new=new)


async def make_published_class(db: Connection, by: Person, run: Row, **given: Any) -> Row:
    """A class of a run with two sessions of two hours, published."""
    made = await make_class(db, by, run, **given)
    for number in range(2):
        begins = NOW + timedelta(days=number)
        session = NewSession(
            starts_at=begins, ends_at=begins + timedelta(hours=2), hours=Decimal(2)
        )
        await add_session(db, by.actor, activity_id=made["activity_id"], new=session)
    await publish_activity(db, by.actor, activity_id=made["activity_id"], now=NOW)
    return made


async def close(db: Connection, by: Person, activity_id: UUID) -> None:
    """Let the activity of a class be held and closed."""
    later = NOW + timedelta(days=3)
    await hold_activity(db, by.actor, activity_id=activity_id, now=later)
    await conclude_activity(db, by.actor, activity_id=activity_id, now=later)


async def make_concluded(db: Connection, by: Person, course: Row) -> Row:
    """A run with one class, concluded."""
    run = await make_run(db, by, course)
    made = await make_published_class(db, by, run)
    await close(db, by, made["activity_id"])
    conclusion = RunConclusion(summary="教师学会了设计问题")
    return await conclude_course_run(db, by.actor, run_id=run["id"], conclusion=conclusion, now=NOW)


async def make_busy_courses(db: Connection, city: City) -> None:
    """Courses of two groups with versions, steps and citations, runs for cohorts with classes; self-studies."""
    await make_agreed(db, city)
    await make_study(db, city.sibling_teacher_account, city.sibling_teacher)
    author, reviewer = city.county_admin, city.city_admin
    survey = await db._driver.fetchrow("SELECT id FROM survey LIMIT 1")
    cohorts = await db._driver.fetch("SELECT id FROM cohort ORDER BY id LIMIT 2")
    for school, teacher, cohort in zip(
        (city.school, city.sibling), (city.teacher, city.sibling_teacher), cohorts, strict=True
    ):
        group = await make_group(db, school, teacher, name="课程组")
        course = await make_course(
            db, author, group_id=group["id"], title=f"{school['name']}课程",
            responsible_id=teacher["id"],
        )  # fmt: skip
        await cite(db, author, course, "survey", dict(survey))
        await submit(db, author, course)
        await approve(db, reviewer, course)
        course = await publish(db, author, course)
        for name in ("秋季", "春季"):
            run = await make_run(
                db, author, course, name=name, group_id=group["id"], cohort_id=cohort["id"]
            )
            for each in ("一班", "二班"):
                await make_class(db, author, run, name=each)
