"""The door of runs (开课), and what may be asked of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.learning.course_runs.table import CourseClass, CourseRun, CourseRunView, RunState
from app.domain.learning.courses import Course
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import is_offered
from app.domain.training.school_calendars import Semester
from app.sql import Connection, Row

# What can be refused.


class CourseRunNotFound(NotFound):
    """There is no such run for the one who asks."""

    code = "course_run_not_found"
    zh = "未找到该开课记录。"
    en = "There is no such run of a course."


class RunWrongState(Conflict):
    """This is done in other states of a run than the one that it is in."""

    code = "course_run_wrong_state"
    zh = "开课当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The run is '{state}'; this can be done only while it is: {allowed}."


def check_run_state(run: Row, *allowed: RunState) -> None:
    """Refuse what is not done in the run's state."""
    if run["state"] not in allowed:
        raise RunWrongState(state=run["state"], allowed=", ".join(allowed))


# What may be asked.


def has_offered_class(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'a class of this run is published to one of these'."""
    offered = (
        select(col(CourseClass.id))
        .join_from(CourseClass, Activity, col(CourseClass.activity_id) == col(Activity.id))
        .where(col(CourseClass.run_id) == col(CourseRun.id), is_offered(addresses))
    )
    return exists(offered)


RUN_PLACES = {
    **{name: col(getattr(CourseRun, name)) for name in PLACE},
    "group_id": col(CourseRun.group_id),
    "network_id": col(CourseRun.network_id),
    "department_id": col(CourseRun.department_id),
}
"""What places a run, and all that is read through its door."""

COURSE_RUNS = Door(
    table=CourseRun,
    view=CourseRunView,
    read=Permission.COURSE_READ,
    missing=CourseRunNotFound,
    places=RUN_PLACES,
    audience=has_offered_class,
    computed={"title": col(Course.title)},
    joined=CourseRun.__table__.join(  # type: ignore[attr-defined]
        Course.__table__,  # type: ignore[attr-defined]
        col(CourseRun.course_id) == col(Course.id),
    ),
    filters={
        "course_id": col(CourseRun.course_id),
        "unit_id": col(CourseRun.unit_id),
        "cohort_id": col(CourseRun.cohort_id),
        "state": col(CourseRun.state),
        "school_year": col(CourseRun.school_year),
        "semester": col(CourseRun.semester),
    },
    sorts={"starts_on": (col(CourseRun.starts_on),), "created": ()},
    confided=frozenset({"summary", "rating", "opinion", "rated_at"}),
)
"""Runs, managed where their organiser lies, and seen by those to whom a class is published.

What came of one, and how it was judged, is for who manages it.
"""


async def get_course_run(db: Connection, actor: Actor, *, run_id: UUID) -> Row:
    """One run in the actor's place, or of which a class is published to the actor."""
    return await COURSE_RUNS.get(db, actor, run_id)


async def list_course_runs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    course_id: UUID | None = None,
    unit_id: UUID | None = None,
    cohort_id: UUID | None = None,
    state: RunState | None = None,
    school_year: int | None = None,
    semester: Semester | None = None,
) -> Page:
    """The runs in the actor's place, by first day unless sorted otherwise."""
    filters = {
        "course_id": course_id, "unit_id": unit_id, "cohort_id": cohort_id, "state": state,
        "school_year": school_year, "semester": semester,
    }  # fmt: skip
    return await COURSE_RUNS.page(db, actor, page, filters=filters)


async def list_offered_course_runs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    course_id: UUID | None = None,
    unit_id: UUID | None = None,
    state: RunState | None = None,
) -> Page:
    """The runs of which a class is published to the actor, by first day."""
    filters = {"course_id": course_id, "unit_id": unit_id, "state": state}
    return await COURSE_RUNS.page(db, actor, page, filters=filters, published=True)


async def course_runs_by_id(
    db: Connection, actor: Actor, *, run_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many runs by their keys; None where the actor may not see one."""
    return await COURSE_RUNS.by_id(db, actor, run_ids, columns=columns)


async def runs_of_courses(
    db: Connection,
    actor: Actor,
    *,
    course_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The runs of each of many courses in the actor's place, the latest first."""
    owner = col(CourseRun.course_id)
    return await COURSE_RUNS.pages_of(
        db, actor, owner, course_ids, page, sort="-starts_on", columns=columns
    )


async def runs_of_cohorts(
    db: Connection,
    actor: Actor,
    *,
    cohort_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The runs that are given for each of many cohorts of training projects, by first day."""
    owner = col(CourseRun.cohort_id)
    return await COURSE_RUNS.pages_of(db, actor, owner, cohort_ids, page, columns=columns)
