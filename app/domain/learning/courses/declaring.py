"""Declaring a course: keeping what it says as a version, if it says what a course must."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, column, exists, table, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Conflict
from app.domain.learning.courses.course import AUDIENCE
from app.domain.learning.courses.table import Course
from app.domain.learning.courses.versions import (
    CourseVersion,
    course_as_declared,
    course_document,
)
from app.domain.learning.courses.vocabulary import CourseOrigin, CourseState
from app.domain.learning.courses.writing import (
    CourseChanges,
    check_course_audience,
    check_responsible,
    course_columns,
)
from app.sql import Connection, Row, Statement, new_id


class CourseRevision(CourseChanges):
    """What an agreed course is to say; what is left out stays as it is."""


# What can be refused.


class CourseIncomplete(Conflict):
    """The course lacks something that it must say before it is declared."""

    code = "course_incomplete"
    zh = "课程缺少必填内容：{missing}。"
    en = "The course lacks what it must say: {missing}."


class CourseHoursDisagree(Conflict):
    """The hours of the syllabus do not add up to the course's."""

    code = "course_hours_disagree"
    zh = "大纲各单元学时之和（{syllabus}）与课程总学时（{hours}）不一致。"
    en = "The syllabus adds up to {syllabus} hours, but the course has {hours}."


class CourseCitesNoNeed(Conflict):
    """A practical course answers a need: it cites a survey or a problem."""

    code = "course_cites_no_need"
    zh = "以需求为导向的实践性课程须先引用需求调研或教学问题。"
    en = "A practical course answers a need: cite a survey or a teaching problem first."


class RevisionWaits(Conflict):
    """A revision of the course waits to be decided on."""

    code = "course_revision_waits"
    zh = "该课程已有修订待审核。"
    en = "A revision of this course waits for review already."


# What may be done.

_CITATIONS = table("course_citation", column("course_id", Uuid()), column("kind", Text()))
# The noun above this one describes this table; here it is only asked whether there is one.
_CITES = Statement(
    exists()
    .where(
        _CITATIONS.c.course_id == bindparam("course_id", type_=Uuid),
        (_CITATIONS.c.kind == "survey") | (_CITATIONS.c.kind == "problem"),
    )
    .select()
)


def _lacking(course: Mapping[str, Any]) -> list[str]:
    missing = [name for name in ("summary", "syllabus", "content") if not course[name]]
    if course["origin"] != CourseOrigin.OWN and not course["source"]:
        missing.append("source")
    if course["responsible_id"] is None and not course["responsible"]:
        missing.append("responsible")
    return missing


async def keep_course_version(
    db: Connection, actor: Actor, *, course: Mapping[str, Any], now: datetime
) -> None:
    """Keep what a locked course says as its next version, if it is what a course must say."""
    missing = _lacking(course)
    if missing:
        raise CourseIncomplete(missing=", ".join(missing))
    declared = course_document(course)
    taught = sum((Decimal(unit["hours"]) for unit in declared["syllabus"]), Decimal())
    if taught != course["hours"]:
        raise CourseHoursDisagree(syllabus=str(taught), hours=str(course["hours"]))
    if course["is_practical"] and not await db.value(_CITES, course_id=course["id"]):
        raise CourseCitesNoNeed
    row = {
        "id": new_id(), "course_id": course["id"], "number": course["version"] + 1,
        "document": declared, "submitted_at": now, "submitted_by": actor.account_id,
    }  # fmt: skip
    await db.insert(CourseVersion, row)


_WAIT = Statement(
    update(Course)
    .where(col(Course.id) == bindparam("course_id", type_=Uuid))
    .values(
        version=bindparam("number", type_=Integer),
        submitted_by=bindparam("by", type_=Uuid),
        revision_since=bindparam("now", type_=MOMENT),
    )
)


async def propose_revision(
    db: Connection, actor: Actor, *, course: Row, revision: CourseRevision, now: datetime
) -> None:
    """Let a revision of a locked, agreed course wait, if it says what a course must."""
    if course["revision_since"] is not None:
        raise RevisionWaits
    values = revision.model_dump(exclude_unset=True)
    if "audience" in values:
        values["audience"] = await check_course_audience(
            db, actor, unit_id=course["unit_id"], targets=values["audience"]
        )
    after = course | values
    await check_responsible(
        db, actor, responsible_id=after["responsible_id"], held=course["responsible_id"]
    )
    await keep_course_version(db, actor, course=after, now=now)
    by, number = actor.on_behalf_of or actor.account_id, course["version"] + 1
    await db.run(_WAIT, course_id=course["id"], number=number, by=by, now=now)


async def settle_revision(
    db: Connection, actor: Actor, *, course: Row, agreed: bool, now: datetime
) -> None:
    """Let the revision of a locked course wait no longer; agreed to, it is what the course says.

    Where that is published, a network stands for the schools that belong to it on this day.
    """
    course_id: UUID = course["id"]
    await db.change(Course, course_id, {"revision_since": None})
    if not agreed:
        return
    said, audience = await course_as_declared(
        db, actor, course_id=course_id, number=course["version"]
    )
    fields = course_columns(said.model_dump())
    await db.change(Course, course_id, fields | {"in_force": course["version"]})
    await AUDIENCE.replace(db, thing_id=course_id, targets=audience)
    if course["state"] == CourseState.PUBLISHED:
        await AUDIENCE.expand_networks(db, thing_id=course_id, today=civil_date(now))
