"""Writing a course: who may, for whom, and for whom the course is."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, union
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.learning.courses.conditions import (
    MOST_CONDITIONS,
    CompletionCondition,
    NewCompletionCondition,
    check_each_once,
)
from app.domain.learning.courses.course import AUDIENCE, COURSES, open_course
from app.domain.learning.courses.table import MOST_UNITS, Course, CourseFields, SyllabusUnit
from app.domain.learning.courses.vocabulary import CourseOrigin, CourseState
from app.domain.organisation.networks import Network
from app.domain.organisation.units import Unit
from app.domain.people.teachers import TEACHERS, TeacherNotFound
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)
from app.domain.training.audiences import among_targets
from app.domain.training.groups import ResearchGroup
from app.domain.training.owning import place_of_owner
from app.sql import Connection, Row, Statement, new_id

OWNERS = ("unit_id", "group_id", "department_id")
"""The fields that say of whom a course is: one of them does."""


class NewSyllabusUnit(SyllabusUnit, Command):
    """A unit of a syllabus as it is given."""


class NewCourse(CourseFields, Command):
    """A course to be drafted for a unit, a group or a department."""

    syllabus: list[NewSyllabusUnit] = Field(
        default_factory=list, max_length=MOST_UNITS, description="课程大纲 / units, in their order"
    )
    completion: list[NewCompletionCondition] = Field(
        default_factory=list,
        max_length=MOST_CONDITIONS,
        description="结业条件 / conditions of completion, each kind once",
    )
    unit_id: UUID | None = Field(default=None, description="单位，或以下之一 / the unit, or")
    group_id: UUID | None = Field(default=None, description="教研组 / the group, or")
    department_id: UUID | None = Field(default=None, description="部门 / the department")
    audience: list[UUID] = Field(
        default_factory=list,
        max_length=200,
        description="面向对象，默认为所属单位或教研组 / units, groups, networks; its owner by default",
    )

    @model_validator(mode="after")
    def _is_owned_once(self) -> Self:
        if sum(getattr(self, name) is not None for name in OWNERS) != 1:
            raise Unfit(
                "课程须属于一个单位、教研组或部门。",
                "A course is of one unit, one group or one department.",
            )
        check_each_once(self.completion)
        return self


class CourseChanges(Command):
    """What of a course is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="课程名称 / title"
    )
    summary: str | None = Field(
        default=None, min_length=1, max_length=5000, description="课程简介与目标 / what it is for"
    )
    origin: CourseOrigin | None = Field(default=None, description="来源方式 / how it was obtained")
    source: str | None = Field(
        default=None, min_length=1, max_length=200, description="来源或合作单位 / from or with whom"
    )
    is_practical: bool | None = Field(
        default=None, description="是否实践性课程 / whether it is a practical course"
    )
    kind: ActivityKind | None = Field(default=None, description="活动形式 / kind")
    mode: ActivityMode | None = Field(default=None, description="研修方式 / mode")
    channel: ActivityChannel | None = Field(default=None, description="培训渠道 / channel")
    content: list[ActivityContent] | None = Field(
        default=None, max_length=len(ActivityContent), description="研修内容 / what it is about"
    )
    strata: list[Stratum] | None = Field(
        default=None, max_length=len(Stratum), description="面向的教师类别 / strata that it is for"
    )
    hours: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2, description="总学时 / hours in all"
    )
    syllabus: list[NewSyllabusUnit] | None = Field(
        default=None, max_length=MOST_UNITS, description="课程大纲 / units, in their order"
    )
    completion: list[NewCompletionCondition] | None = Field(
        default=None,
        max_length=MOST_CONDITIONS,
        description="结业条件 / conditions of completion, each kind once",
    )
    responsible_id: UUID | None = Field(
        default=None, description="课程负责人 / teacher who answers for it"
    )
    responsible: str | None = Field(
        default=None, min_length=1, max_length=60, description="负责人姓名 / by name"
    )
    audience: list[UUID] | None = Field(
        default=None, min_length=1, max_length=200, description="面向对象 / for whom it is"
    )

    @model_validator(mode="after")
    def _empties_nothing_needed(self) -> Self:
        for name in self.model_fields_set - _MAY_BE_EMPTY:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        check_each_once(self.completion or ())
        return self


_MAY_BE_EMPTY = frozenset({"summary", "source", "responsible_id", "responsible"})


# What can be refused.


class CourseAudienceOutside(Invalid):
    """A course is for its owner, or for what lies at or below the owner's unit."""

    code = "course_audience_outside"
    zh = "面向对象须为课程所属单位本身、其下属单位、教研组或片区。"
    en = "A course is for its own unit, or for units, groups and networks at or below it."


# What may be done.


@cache
def _targets() -> Statement:
    unit = bindparam("unit_id", type_=Uuid)
    return Statement(union(*(among_targets(each, unit) for each in (Unit, ResearchGroup, Network))))


async def check_course_audience(
    db: Connection, actor: Actor, *, unit_id: UUID, targets: Sequence[UUID]
) -> list[UUID]:
    """These targets, each once; refused where one does not lie at or below a unit of the actor."""
    actor.require(Permission.COURSE_WRITE)
    wanted = list(dict.fromkeys(targets))
    found = {row["id"] for row in await db.all(_targets(), targets=wanted, unit_id=unit_id)}
    if found != set(wanted):
        raise CourseAudienceOutside
    return wanted


async def check_responsible(
    db: Connection, actor: Actor, *, responsible_id: UUID | None, held: UUID | None = None
) -> None:
    """Refuse to name a teacher whom the actor does not see; whoever is `held` stays."""
    if responsible_id is not None and responsible_id != held:
        found = await TEACHERS.by_id(db, actor, [responsible_id])
        if None in found.values():
            raise TeacherNotFound


_LISTED: dict[str, type[SyllabusUnit | CompletionCondition]] = {
    "syllabus": SyllabusUnit,
    "completion": CompletionCondition,
}


def course_columns(values: dict[str, Any]) -> dict[str, Any]:
    """What is written of a course, its syllabus and conditions as the JSON that is kept."""
    listed = {
        name: [kind.model_validate(each).model_dump(mode="json") for each in values[name]]
        for name, kind in _LISTED.items()
        if name in values
    }
    return values | listed


async def create_course(db: Connection, actor: Actor, *, new: NewCourse, now: datetime) -> Row:
    """Draft a course for whatever the actor declares courses for."""
    place = await place_of_owner(
        db, actor, permission=Permission.COURSE_WRITE, unit_id=new.unit_id,
        group_id=new.group_id, network_id=None, department_id=new.department_id,
    )  # fmt: skip
    unit_id = place["school_id"] or place["county_id"]
    owner = new.group_id or unit_id
    audience = await check_course_audience(
        db, actor, unit_id=unit_id, targets=new.audience or [owner]
    )
    await check_responsible(db, actor, responsible_id=new.responsible_id)
    course_id = new_id()
    row = {
        "id": course_id,
        **course_columns(new.model_dump(exclude={"unit_id", "audience"})),
        **place,
        "state": CourseState.DRAFT,
        "since": now,
        "version": 0,
        "created_by": actor.account_id,
    }
    await db.insert(Course, row)
    await AUDIENCE.add(db, thing_id=course_id, targets=audience)
    return await COURSES.get(db, actor, course_id)


async def update_course(
    db: Connection, actor: Actor, *, course_id: UUID, changes: CourseChanges
) -> Row:
    """Change a course that is being written; what was declared stands until it is returned."""
    course = await open_course(db, actor, course_id=course_id)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    targets = values.pop("audience", None)
    if "responsible_id" in values:
        await check_responsible(
            db, actor, responsible_id=values["responsible_id"], held=course["responsible_id"]
        )
    if targets is not None:
        wanted = await check_course_audience(db, actor, unit_id=course["unit_id"], targets=targets)
        await AUDIENCE.replace(db, thing_id=course_id, targets=wanted)
    await db.change(Course, course_id, course_columns(values))
    return await COURSES.get(db, actor, course_id)
