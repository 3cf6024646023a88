"""Giving a course: opening a run, changing it, concluding or cancelling it, and judging it."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Unfit
from app.domain.learning.course_runs.run import COURSE_RUNS, check_run_state
from app.domain.learning.course_runs.table import (
    CourseClass,
    CourseRun,
    CourseRunFields,
    RunState,
)
from app.domain.learning.courses import (
    AGREED,
    COURSES,
    CourseVersion,
    check_course_state,
    declares_completion,
)
from app.domain.people.cohorts import COHORTS
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.owning import place_of_owner
from app.domain.training.school_calendars import Semester
from app.sql import Connection, Row, Statement, new_id

ORGANISERS = ("unit_id", "group_id", "network_id", "department_id")
"""The fields that say who gives a course: one of them does."""


class NewCourseRun(CourseRunFields, Command):
    """A run to be opened, by a unit or by what organises within or beside units."""

    unit_id: UUID | None = Field(default=None, description="开课单位，或以下之一 / the unit, or")
    group_id: UUID | None = Field(default=None, description="教研组 / the group, or")
    network_id: UUID | None = Field(default=None, description="片区、联盟 / the network, or")
    department_id: UUID | None = Field(default=None, description="部门 / the department")

    @model_validator(mode="after")
    def _is_given_once(self) -> Self:
        if sum(getattr(self, name) is not None for name in ORGANISERS) != 1:
            raise Unfit(
                "开课者须为一个单位、教研组、片区或部门。",
                "A run is given by one unit, one group, one network or one department.",
            )
        if self.ends_on < self.starts_on:
            raise Unfit("结课日期不能早于开课日期。", "The last day cannot come before the first.")
        return self


class CourseRunChanges(Command):
    """What of an open run is to be changed; what is left out stays as it is."""

    name: str | None = Field(
        default=None, min_length=1, max_length=100, description="开课名称 / name"
    )
    school_year: int | None = Field(
        default=None, ge=2000, le=2100, description="学年起始年 / school year"
    )
    semester: Semester | None = Field(default=None, description="学期，全学年为空 / term")
    starts_on: date | None = Field(default=None, description="开课日期 / first day")
    ends_on: date | None = Field(default=None, description="结课日期 / last day")

    @model_validator(mode="after")
    def _empties_nothing_needed(self) -> Self:
        for name in self.model_fields_set - {"semester"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


class RunConclusion(Command):
    """What came of a run, in the words of those who gave it; or why it is not given."""

    summary: str = Field(min_length=2, max_length=5000, description="结课总结或取消原因 / in words")


# What can be refused.


class CourseWithoutApprovedVersion(Conflict):
    """What is run was declared and agreed to."""

    code = "course_without_approved_version"
    zh = "该课程没有审核通过的版本，不能开课。"
    en = "The course has no approved version, so it cannot be run."


class RunDaysDisagree(Conflict):
    """With this change the run would end before it begins, or a class would lie outside it."""

    code = "course_run_days_disagree"
    zh = "结课日期不能早于开课日期，各班日期须在开课期内。"
    en = "The last day cannot come before the first, and all classes lie between the two."


class RunClassesOpen(Conflict):
    """A run ends when all its classes are closed or cancelled."""

    code = "course_run_classes_open"
    zh = "尚有 {classes} 个班未结束或取消。"
    en = "Classes that are neither closed nor cancelled: {classes}."


class RunCompletionsOpen(Conflict):
    """Where the course says what completes it, it is settled for every class who did."""

    code = "course_run_completions_open"
    zh = "尚有 {classes} 个班未核定结业。"
    en = "Classes of which it is not settled who completed them: {classes}."


class RunWithoutClasses(Conflict):
    """What was not given is cancelled, not concluded."""

    code = "course_run_without_classes"
    zh = "没有已结束的班，不能结课；未开成的可取消。"
    en = "No class of the run was held to its end: cancel what was not given."


# What may be done.


async def open_course_run(
    db: Connection, actor: Actor, *, course_id: UUID, new: NewCourseRun, now: datetime
) -> Row:
    """Open a run of what a course says now, for whatever the actor declares courses for.

    Whoever sees a published course may give it: a school that of its county as well as its own.
    """
    course = await COURSES.get(db, actor, course_id, lock=True)
    place = await place_of_owner(
        db, actor, permission=Permission.COURSE_WRITE,
        **{name: getattr(new, name) for name in ORGANISERS},
    )  # fmt: skip
    if course["in_force"] is None:
        raise CourseWithoutApprovedVersion
    check_course_state(course, AGREED)
    if new.cohort_id is not None:
        await COHORTS.get(db, actor, new.cohort_id, permission=Permission.PROGRAMME_WRITE)
    run_id = new_id()
    row = {
        "id": run_id,
        **new.model_dump(exclude={"unit_id"}),
        **place,
        "course_id": course_id,
        "version": course["in_force"],
        "state": RunState.OPEN,
        "created_at": now,
        "created_by": actor.account_id,
    }
    await db.insert(CourseRun, row)
    return await COURSE_RUNS.get(db, actor, run_id)


async def hold_course_run(db: Connection, actor: Actor, *, run_id: UUID) -> Row:
    """An open run that the actor gives, locked."""
    run = await COURSE_RUNS.get(db, actor, run_id, permission=Permission.COURSE_WRITE, lock=True)
    check_run_state(run, RunState.OPEN)
    return run


_STATE = col(Activity.state)
_CLASSES = Statement(
    select(
        func.count().filter(_STATE == ActivityState.CLOSED).label("closed"),
        func.count()
        .filter(~or_(_STATE == ActivityState.CLOSED, _STATE == ActivityState.CANCELLED))
        .label("open"),
        func.count()
        .filter(
            _STATE == ActivityState.CLOSED,
            col(CourseClass.settled_at).is_(None),
            declares_completion(),
        )
        .label("unsettled"),
        func.min(col(Activity.starts_on)).label("first"),
        func.max(col(Activity.ends_on)).label("last"),
    )
    .join_from(CourseClass, Activity, col(CourseClass.activity_id) == col(Activity.id))
    .join(CourseRun, col(CourseClass.run_id) == col(CourseRun.id))
    .join(
        CourseVersion,
        (col(CourseVersion.course_id) == col(CourseRun.course_id))
        & (col(CourseVersion.number) == col(CourseRun.version)),
    )
    .where(col(CourseClass.run_id) == bindparam("run_id", type_=Uuid))
)


async def _classes(db: Connection, run_id: UUID) -> Row:
    return await db.one(_CLASSES, run_id=run_id) or {}


async def update_course_run(
    db: Connection, actor: Actor, *, run_id: UUID, changes: CourseRunChanges
) -> Row:
    """Change what an open run is called and when it is; its classes stay within its days."""
    run = await hold_course_run(db, actor, run_id=run_id)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    after = run | values
    classes = await _classes(db, run_id)
    first, last = classes["first"] or after["starts_on"], classes["last"] or after["ends_on"]
    if not after["starts_on"] <= first <= last <= after["ends_on"]:
        raise RunDaysDisagree
    await db.change(CourseRun, run_id, values)
    return await COURSE_RUNS.get(db, actor, run_id)


async def _end(
    db: Connection, actor: Actor, run_id: UUID, state: RunState, said: str, now: datetime
) -> Row:
    by = {"ended_by": actor.account_id, "ended_for": actor.on_behalf_of}
    values = {"state": state, "ended_at": now, "summary": said, **by}
    await db.change(CourseRun, run_id, values)
    return await COURSE_RUNS.get(db, actor, run_id)


async def conclude_course_run(
    db: Connection, actor: Actor, *, run_id: UUID, conclusion: RunConclusion, now: datetime
) -> Row:
    """Say what came of a run all of whose classes have ended; then it waits to be judged."""
    await hold_course_run(db, actor, run_id=run_id)
    classes = await _classes(db, run_id)
    if classes["open"]:
        raise RunClassesOpen(classes=classes["open"])
    if not classes["closed"]:
        raise RunWithoutClasses
    if classes["unsettled"]:
        raise RunCompletionsOpen(classes=classes["unsettled"])
    return await _end(db, actor, run_id, RunState.CONCLUDED, conclusion.summary, now)


async def cancel_course_run(
    db: Connection, actor: Actor, *, run_id: UUID, conclusion: RunConclusion, now: datetime
) -> Row:
    """Say why a run is not given; classes that are still to come are cancelled before."""
    await hold_course_run(db, actor, run_id=run_id)
    classes = await _classes(db, run_id)
    if classes["open"] or classes["closed"]:
        raise RunClassesOpen(classes=classes["open"] + classes["closed"])
    return await _end(db, actor, run_id, RunState.CANCELLED, conclusion.summary, now)
