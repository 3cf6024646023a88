"""Versions (版本) of a course: what was declared each time, word for word, and how two differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Index,
    Integer,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, Versioned, key
from app.domain.errors import NotFound
from app.domain.learning.courses.course import COURSE_PLACES, COURSES
from app.domain.learning.courses.table import CENT, Course, DeclaredCourse
from app.domain.paging import Page, PageRequest
from app.domain.training.plans import FieldDifference
from app.sql import Connection, Row, Statement


class CourseVersion(Versioned, Table, table=True):
    """A course as it was declared, with its audience. It is never changed; what is run is one of these."""

    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    course_id: UUID = Field(foreign_key="course.id", sa_type=Uuid)
    number: int
    document: dict[str, Any] = Field(sa_type=JSONB)
    submitted_at: datetime = Field(sa_type=MOMENT)
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CourseVersionView(BaseModel):
    """A version as both faces list it."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    number: int = Field(description="版本号，从1起 / number, from 1")
    submitted_at: datetime = Field(description="申报时间 / when it was declared")
    submitter: str = Field(description="申报人 / who declared it")


class CourseComparison(BaseModel):
    """How two versions of a course differ; what they have alike is left out."""

    course_id: UUID = Field(description="课程 / course")
    older: int = Field(description="原版本号 / number of the earlier")
    newer: int = Field(description="新版本号 / number of the later")
    field_differences: list[FieldDifference] = Field(
        description="字段变化；大纲单元记为 syllabus[序号]，结业条件记为 completion[类别] / fields,"
        " a unit as syllabus[its number], a condition as completion[its kind]"
    )


# What can be refused.


class CourseVersionNotFound(NotFound):
    """The course has no version of that number."""

    code = "course_version_not_found"
    zh = "该课程没有此版本。"
    en = "The course has no version of that number."


# What may be asked.

COURSE_VERSIONS = Door(
    table=CourseVersion,
    view=CourseVersionView,
    read=Permission.COURSE_READ,
    missing=CourseVersionNotFound,
    places=COURSE_PLACES,
    computed={"submitter": col(Account.display_name)},
    joined=CourseVersion.__table__.join(  # type: ignore[attr-defined]
        Course.__table__,  # type: ignore[attr-defined]
        col(CourseVersion.course_id) == col(Course.id),
    ).join(Account.__table__, col(CourseVersion.submitted_by) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"course_id": col(CourseVersion.course_id)},
    sorts={"number": (col(CourseVersion.number),)},
)
"""Versions are for those who write and review the course: its audience sees what is in force."""


def declares_completion() -> ColumnElement[bool]:
    """The predicate 'this version says what completes the course'."""
    declared: ColumnElement[bool] = func.jsonb_path_exists(
        col(CourseVersion.document), literal_column("'$.completion[0]'::jsonpath")
    )
    return declared


async def list_course_versions(
    db: Connection, actor: Actor, *, course_id: UUID, page: PageRequest
) -> Page:
    """The versions of one course in the actor's place, the first declared first."""
    actor.require(Permission.COURSE_READ, await COURSES.get(db, actor, course_id))
    return await COURSE_VERSIONS.page(db, actor, page, filters={"course_id": course_id})


_TWO = Statement(
    select(col(CourseVersion.number), col(CourseVersion.document)).where(
        col(CourseVersion.course_id) == bindparam("course_id", type_=Uuid),
        (col(CourseVersion.number) == bindparam("older", type_=Integer))
        | (col(CourseVersion.number) == bindparam("newer", type_=Integer)),
    )
)


async def get_course_comparison(
    db: Connection,
    actor: Actor,
    *,
    course_id: UUID,
    older: int | None = None,
    newer: int | None = None,
) -> Row:
    """How two versions of a course differ, field by field and unit by unit: the last two by default.

    Where a revision waits, it is compared by default with what is in force.
    """
    course = await COURSES.get(db, actor, course_id)
    actor.require(Permission.COURSE_READ, course)
    if older is None and newer is None and course["revision_since"] is not None:
        older = course["in_force"]
    newer = course["version"] if newer is None else newer
    older = newer - 1 if older is None else older
    if not (0 < older <= course["version"] and 0 < newer <= course["version"]):
        raise CourseVersionNotFound
    found = {
        row["number"]: _flat(row["document"])
        for row in await db.all(_TWO, course_id=course_id, older=older, newer=newer)
    }
    before, after = found[older], found[newer]
    differences = [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    return {
        "course_id": course_id, "older": older, "newer": newer, "field_differences": differences,
    }  # fmt: skip


def course_document(course: Mapping[str, Any]) -> Row:
    """What a version keeps of a course: its fields and for whom it is, as JSON."""
    said = {name: course[name] for name in DeclaredCourse.model_fields}
    fields = DeclaredCourse.model_validate(said | {"hours": course["hours"].quantize(CENT)})
    audience = sorted(str(target) for target in course["audience"])
    return fields.model_dump(mode="json") | {"audience": audience}


async def course_as_declared(
    db: Connection, actor: Actor, *, course_id: UUID, number: int
) -> tuple[DeclaredCourse, list[UUID]]:
    """What a version of a course, whose door was passed, says, and for whom it is."""
    actor.require(Permission.COURSE_READ)
    row = await db.one(_TWO, course_id=course_id, older=number, newer=number)
    if row is None:
        raise CourseVersionNotFound
    document = dict(row["document"])
    audience = [UUID(target) for target in document.pop("audience")]
    return DeclaredCourse.model_validate(document), audience


def _flat(document: Mapping[str, Any]) -> dict[str, str | None]:
    """A document field by field, as texts, each unit of the syllabus by its number."""
    texts: dict[str, str | None] = {}
    for name, value in document.items():
        if name == "syllabus":
            for number, unit in enumerate(value, start=1):
                shown = f"{unit['title']}（{unit['hours']}） {unit['content'] or ''}".strip()
                texts[f"syllabus[{number}]"] = shown
        elif name == "completion":
            for each in value:
                least = each["least"]
                texts[f"completion[{each['kind']}]"] = "" if least is None else str(least)
        elif isinstance(value, list):
            texts[name] = ", ".join(value)
        else:
            texts[name] = None if value is None else str(value)
    return texts
