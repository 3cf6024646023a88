"""What each place teaches: a draft, a published course, one that waits; runs with and without a class."""

from typing import Any
from uuid import UUID

from app.domain.learning.course_citations import CourseCitation
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import Course, CourseAudience, CourseVersion
from app.domain.learning.self_studies import SelfStudy, SelfStudyMilestone
from app.domain.training.groups import ResearchGroup
from app.sql import Connection, Row, new_id
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City

_SAYS: dict[str, Any] = {
    "title": "课程", "origin": "own", "is_practical": False, "kind": "workshop",
    "mode": "concentrated", "channel": "school_based", "content": [], "strata": [], "hours": 4,
    "syllabus": [],
}  # fmt: skip


async def add_things(db: Connection, world: World, city: City) -> None:
    """Courses of the unit itself and of a group in it, runs of the published one."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path, unit = world.places[name], tuple(each["id"] for each in units), units[-1]
        group_id = await add_row(db, ResearchGroup, **place_of(unit), name="课程组", kind="theme")
        below = await _add_courses(db, unit, group_id, by)
        offered = below["course_offered"]
        below |= await _add_runs(db, unit, group_id, offered, by, things["offered"].id)
        for kind, key in below.items():
            audience = unit["id"] if kind in _SHOWN else None
            things[kind] = Thing(key, path, audience=audience)
        if name in world.teachers:
            teacher = world.teachers[name]
            for kind, key in (await _add_self_study(db, teacher)).items():
                things[kind] = Thing(key, path, teacher_id=teacher["id"])


_SHOWN = frozenset({"course_offered", "course_run_offered", "course_class"})
"""What is shown to those below its unit."""


async def _add_courses(db: Connection, unit: Row, group_id: UUID, by: UUID) -> dict[str, UUID]:
    common = {**_SAYS, "since": NOW, "created_by": by, "submitted_by": by, **place_of(unit)}
    draft = await add_row(db, Course, **common, state="draft", version=0)
    over = {"state": "published", "version": 1, "in_force": 1, "published_at": NOW}
    offered = await add_row(db, Course, **common, **over)
    await db.insert(CourseAudience, {"course_id": offered, "target_id": unit["id"]})
    said = _SAYS | {"hours": "4.00", "audience": []}
    await add_row(
        db, CourseVersion, course_id=offered, number=1, document=said, submitted_at=NOW,
        submitted_by=by,
    )  # fmt: skip
    waiting = await add_row(db, Course, **common, group_id=group_id, state="submitted", version=1)
    cited = {"kind": "activity", "cited_id": new_id(), "recorded_at": NOW}
    citation = await add_row(db, CourseCitation, course_id=draft, **cited)
    return {
        "course": draft, "course_offered": offered, "course_waiting": waiting,
        "course_citation": citation,
    }  # fmt: skip


async def _add_runs(
    db: Connection, unit: Row, group_id: UUID, course_id: UUID, by: UUID, activity_id: UUID
) -> dict[str, UUID]:
    common = {
        **place_of(unit), "course_id": course_id, "version": 1, "name": "秋季", "state": "open",
        "school_year": 2026, "starts_on": TODAY, "ends_on": TODAY, "created_at": NOW,
        "created_by": by,
    }  # fmt: skip
    ended = {"state": "concluded", "ended_at": NOW, "ended_by": by, "summary": "已完成"}
    offered = await add_row(db, CourseRun, **common)
    return {
        "course_run": await add_row(db, CourseRun, **common),
        "course_run_ended": await add_row(db, CourseRun, **common | ended, group_id=group_id),
        "course_run_offered": offered,
        "course_class": await add_row(
            db, CourseClass, run_id=offered, activity_id=activity_id, name="一班"
        ),
    }


async def _add_self_study(db: Connection, teacher: Row) -> dict[str, UUID]:
    study = await add_row(
        db, SelfStudy, **place_of(teacher), teacher_id=teacher["id"], title="提问策略研究",
        question="怎样追问？", content=[], hours=10, starts_on=TODAY, ends_on=TODAY,
        state="draft", since=NOW,
    )  # fmt: skip
    milestone = await add_row(
        db, SelfStudyMilestone, study_id=study, ordinal=1, title="读书", hours=10, due_on=TODAY
    )
    return {"self_study": study, "self_study_milestone": milestone}
