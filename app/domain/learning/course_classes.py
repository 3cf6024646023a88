"""Classes (班) of a run: each is an activity, drafted with what the approved version says.

Sessions, enrolment, attendance, evidence, clashes and recognition are the activity's. An organiser who
changes the draft's hours afterwards gives something else than was approved; the list of classes says so.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ValidationError, model_validator
from sqlalchemy import cast, func, literal_column
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, Command
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.learning.course_runs import (
    RUN_PLACES,
    CourseClass,
    CourseRun,
    hold_course_run,
)
from app.domain.learning.courses import COURSES, CourseVersion, course_as_declared
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import (
    Activity,
    ActivityState,
    NewActivity,
    create_activity,
)
from app.domain.training.activities.activity import is_offered
from app.sql import Connection, Row, UniqueViolationError, new_id


class CourseClassView(BaseModel):
    """A class as both faces show it; everything else is its activity's."""

    id: UUID = Field(description="标识 / key")
    run_id: UUID = Field(description="开课 / run")
    course_id: UUID = Field(description="课程 / course")
    activity_id: UUID = Field(description="活动 / activity that the class is")
    name: str = Field(description="班名 / name")
    state: ActivityState = Field(description="活动状态 / state of the activity")
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")
    capacity: int | None = Field(description="名额，不限时为空 / places; null: no limit")
    hours: Decimal = Field(description="学时 / hours")
    as_approved: bool = Field(
        description="学时是否与审核通过的版本一致 / whether it has the hours of the approved version"
    )
    settled_at: datetime | None = Field(
        description="结业核定时间，未核定为空 / when it was settled who completed it; null before"
    )


class NewCourseClass(Command):
    """A class to be opened in a run."""

    name: str = Field(min_length=1, max_length=60, description="班名 / name: 一班")
    starts_on: date | None = Field(
        default=None, description="开始日期，默认为开课日期 / first day; the run's by default"
    )
    ends_on: date | None = Field(
        default=None, description="结束日期，默认为结课日期 / last day; the run's by default"
    )
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="名额，不限时为空 / places; null: no limit"
    )
    requires_note: bool = Field(
        default=False, description="是否须提交研修笔记或反思 / whether a note is required"
    )
    audience: list[UUID] = Field(
        default_factory=list,
        max_length=200,
        description="参训对象，默认为课程面向的对象 / for whom; by default for whom the course is",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise Unfit("结束日期不能早于开始日期。", "The last day cannot come before the first.")
        return self


# What can be refused.


class CourseClassNotFound(NotFound):
    """There is no such class for the one who asks."""

    code = "course_class_not_found"
    zh = "未找到该班。"
    en = "There is no such class."


class CourseClassExists(Conflict):
    """The run has a class of this name."""

    code = "course_class_exists"
    zh = "该开课已有同名的班。"
    en = "The run has a class of this name."


class ClassOutsideRun(Invalid):
    """A class lies within the days of its run."""

    code = "course_class_outside_run"
    zh = "班的日期须在开课期内（{starts_on} 至 {ends_on}）。"
    en = "A class lies within the days of its run ({starts_on} to {ends_on})."


class CourseClassUnfit(Invalid):
    """What the class would be is no activity: one lies in the years 1900 to 2999, and has its limits."""

    code = "course_class_unfit"
    zh = "按此开班不能成为活动，请核对：{fields}。"
    en = "An activity cannot be like this, look at: {fields}."


# What may be asked.

_HOURS = cast(
    func.jsonb_extract_path_text(col(CourseVersion.document), literal_column("'hours'")), AMOUNT
)
COURSE_CLASSES = Door(
    table=CourseClass,
    view=CourseClassView,
    read=Permission.COURSE_READ,
    missing=CourseClassNotFound,
    places=RUN_PLACES,
    audience=is_offered,
    computed={
        "course_id": col(CourseRun.course_id),
        **{
            name: col(getattr(Activity, name))
            for name in ("state", "starts_on", "ends_on", "capacity", "hours")
        },
        "as_approved": col(Activity.hours) == _HOURS,
    },
    joined=CourseClass.__table__.join(  # type: ignore[attr-defined]
        CourseRun.__table__,  # type: ignore[attr-defined]
        col(CourseClass.run_id) == col(CourseRun.id),
    )
    .join(Activity.__table__, col(CourseClass.activity_id) == col(Activity.id))  # type: ignore[attr-defined]
    .join(
        CourseVersion.__table__,  # type: ignore[attr-defined]
        (col(CourseVersion.course_id) == col(CourseRun.course_id))
        & (col(CourseVersion.number) == col(CourseRun.version)),
    ),
    filters={
        "run_id": col(CourseClass.run_id),
        "course_id": col(CourseRun.course_id),
        "activity_id": col(CourseClass.activity_id),
    },
    sorts={"created": (), "name": (col(CourseClass.name),)},
)
"""Classes, managed where their run is, and seen by those to whom their activity is published."""


async def list_course_classes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    run_id: UUID | None = None,
    course_id: UUID | None = None,
    activity_id: UUID | None = None,
) -> Page:
    """The classes in the actor's place, the first opened first: of a run, a course, or of an activity."""
    filters = {"run_id": run_id, "course_id": course_id, "activity_id": activity_id}
    return await COURSE_CLASSES.page(db, actor, page, filters=filters)


async def list_offered_course_classes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    run_id: UUID | None = None,
    course_id: UUID | None = None,
    activity_id: UUID | None = None,
) -> Page:
    """The classes that are published to the actor."""
    filters = {"run_id": run_id, "course_id": course_id, "activity_id": activity_id}
    return await COURSE_CLASSES.page(db, actor, page, filters=filters, published=True)


async def classes_of_runs(
    db: Connection,
    actor: Actor,
    *,
    run_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The classes of each of many runs in the actor's place, the first opened first."""
    return await COURSE_CLASSES.pages_of(
        db, actor, col(CourseClass.run_id), run_ids, page, columns=columns
    )


# What may be done.


async def open_course_class(
    db: Connection, actor: Actor, *, run_id: UUID, new: NewCourseClass
) -> Row:
    """Draft the activity that a class is, with what the run's version says; its sessions are added to it.

    It takes the right to organise activities for whoever gives the run.
    """
    run = await hold_course_run(db, actor, run_id=run_id)
    starts_on, ends_on = new.starts_on or run["starts_on"], new.ends_on or run["ends_on"]
    if not run["starts_on"] <= starts_on <= ends_on <= run["ends_on"]:
        raise ClassOutsideRun(
            starts_on=run["starts_on"].isoformat(), ends_on=run["ends_on"].isoformat()
        )
    said, meant = await course_as_declared(
        db, actor, course_id=run["course_id"], number=run["version"]
    )
    audience = new.audience or await _meant_by_default(db, actor, run, meant)
    try:
        draft = NewActivity(
            kind=said.kind, mode=said.mode, channel=said.channel, content=said.content,
            strata=said.strata, hours=said.hours,
            title=f"{said.title[:120]}（{run['name'][:40]} {new.name[:30]}）",
            starts_on=starts_on, ends_on=ends_on,
            capacity=new.capacity, requires_note=new.requires_note,
            organiser_unit_id=None if _is_of_part(run) else run["unit_id"],
            organiser_group_id=run["group_id"], organiser_network_id=run["network_id"],
            organiser_department_id=run["department_id"], audience=audience,
        )  # fmt: skip
    except ValidationError as refused:
        fields = {str(each["loc"][0]) for each in refused.errors() if each["loc"]}
        raise CourseClassUnfit(fields=", ".join(sorted(fields)) or "starts_on, ends_on") from None
    activity = await create_activity(db, actor, new=draft)
    class_id = new_id()
    row = {"id": class_id, "run_id": run_id, "activity_id": activity["id"], "name": new.name}
    try:
        await db.insert(CourseClass, row)
    except UniqueViolationError:
        raise CourseClassExists from None
    return await COURSE_CLASSES.get(db, actor, class_id)


def _is_of_part(run: Row) -> bool:
    return any(run[name] is not None for name in ("group_id", "network_id", "department_id"))


async def _meant_by_default(
    db: Connection, actor: Actor, run: Row, meant: Sequence[UUID]
) -> list[UUID]:
    """For whom the course is, where its own owner gives it; else whoever gives it has its own people."""
    course = await COURSES.get(db, actor, run["course_id"])
    owners = ("unit_id", "group_id", "department_id")
    own = run["network_id"] is None and all(run[name] == course[name] for name in owners)
    return list(meant) if own else []
