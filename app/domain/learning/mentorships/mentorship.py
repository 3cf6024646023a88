"""A mentorship as it is shown: the views, the doors, what may be asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Date, Uuid, any_, bindparam, exists, func, or_

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.mentoring_policies import ProbationPart
from app.domain.learning.mentorships.table import (
    Mentor,
    MentorRole,
    Mentorship,
    MentorshipEnd,
    MentorshipFields,
    MentorshipState,
)
from app.domain.learning.trainers import Trainer
from app.domain.organisation.units import Level, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row


class MentorshipView(MentorshipFields):
    """A mentorship as its mentors and its apprentice see it, and those in charge of the apprentice."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="徒弟 / the apprentice")
    name: PersonName = Field(description="徒弟姓名 / name of the apprentice")
    school_id: UUID = Field(description="徒弟学校 / school of the apprentice")
    unit_id: UUID = Field(description="安排单位 / school or bureau that arranged it")
    level: Level = Field(description="级别，即安排单位的级别 / level: that of the unit")
    mentors: int = Field(description="导师人数，多于一名为导师团 / mentors; a team where several")
    parts: list[ProbationPart] | None = Field(
        description="见习期的组成 / parts of the probation year, as they were when it was proposed"
    )
    state: MentorshipState = Field(description="状态 / state")
    proposed_at: datetime = Field(description="提议时间 / when it was proposed")
    signed_at: datetime | None = Field(description="徒弟签约时间 / when the apprentice signed")
    agreed_at: datetime | None = Field(description="协议生效时间 / when the last of them signed")
    concluded_on: date | None = Field(description="结业日 / when it was concluded")
    ended_on: date | None = Field(description="谢绝或终止日 / when it was declined or ended")
    end_kind: MentorshipEnd | None = Field(description="终止原因 / why it ended early")
    end_reason: str | None = Field(description="谢绝或终止说明 / the reason in words")


class MentorView(BaseModel):
    """A mentor as everybody sees who sees the mentorship."""

    id: UUID = Field(description="标识 / key")
    mentorship_id: UUID = Field(description="师徒结对 / mentorship")
    role: MentorRole = Field(description="导师身份 / as what")
    teacher_id: UUID | None = Field(description="教师，外聘专家为空 / teacher; null for an expert")
    trainer_id: UUID | None = Field(
        description="导师库中的外聘专家 / outside expert of a library, else null"
    )
    name: PersonName = Field(description="姓名 / name")
    works_at: str = Field(description="所在单位 / where they work")
    signed_at: datetime | None = Field(description="签约时间 / when they signed")


# What can be refused.


class MentorshipNotFound(NotFound):
    """There is no such mentorship for the one who asks."""

    code = "mentorship_not_found"
    zh = "未找到该师徒结对。"
    en = "There is no such mentorship."


class MentorNotFound(NotFound):
    """There is no such mentor for the one who asks."""

    code = "mentor_not_found"
    zh = "未找到该带教导师。"
    en = "There is no such mentor."


# What may be asked.

_MENTORSHIPS, _MENTORS, _TEACHERS, _UNITS, _TRAINERS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Mentorship, Mentor, Teacher, Unit, Trainer)
)


def is_party(teacher_ids: Any) -> ColumnElement[bool]:
    """The predicate 'one of these teachers is the apprentice or a mentor'."""
    among = any_(teacher_ids)
    return or_(_MENTORSHIPS.c.teacher_id == among, _is_mentored_by(among))


def _is_mentored_by(teacher_id: Any) -> ColumnElement[bool]:
    mentors = _MENTORS.alias("own_mentor")
    return exists().where(
        mentors.c.mentorship_id == _MENTORSHIPS.c.id, mentors.c.teacher_id == teacher_id
    )


MENTORSHIP_PLACES: dict[str, Any] = {
    **{name: _MENTORSHIPS.c[name] for name in PLACE},
    "teacher_id": is_party,
}
"""What places a mentorship, and all that belongs to it: where the apprentice is, and who is in it."""

_mentors = _MENTORS.alias("counted_mentor")

MENTORSHIPS = Door(
    table=Mentorship,
    view=MentorshipView,
    read=Permission.PAIR_READ,
    missing=MentorshipNotFound,
    places=MENTORSHIP_PLACES,
    computed={
        "name": _TEACHERS.c.name,
        "level": _UNITS.c.level,
        "mentors": func.cardinality(
            func.array(
                _mentors.select()
                .with_only_columns(_mentors.c.id)
                .where(_mentors.c.mentorship_id == _MENTORSHIPS.c.id)
                .scalar_subquery()
            )
        ),
    },
    joined=_MENTORSHIPS.join(_TEACHERS, _MENTORSHIPS.c.teacher_id == _TEACHERS.c.id).join(
        _UNITS, _MENTORSHIPS.c.unit_id == _UNITS.c.id
    ),
    filters={
        "teacher_id": _MENTORSHIPS.c.teacher_id,
        "mentor_id": lambda given: _is_mentored_by(bindparam(given.key, type_=Uuid)),
        "school_id": _MENTORSHIPS.c.school_id,
        "unit_id": _MENTORSHIPS.c.unit_id,
        "state": _MENTORSHIPS.c.state,
        "is_probation": _MENTORSHIPS.c.is_probation,
        "as_of": lambda day: (
            (_MENTORSHIPS.c.valid_from <= bindparam(day.key, type_=Date))
            & (_MENTORSHIPS.c.valid_to > bindparam(day.key, type_=Date))
        ),
    },
    sorts={"created": (), "valid_from": (_MENTORSHIPS.c.valid_from,)},
)

MENTORS = Door(
    table=Mentor,
    view=MentorView,
    read=Permission.PAIR_READ,
    missing=MentorNotFound,
    places=MENTORSHIP_PLACES,
    computed={
        "name": func.coalesce(_TEACHERS.c.name, _TRAINERS.c.outside_name),
        "works_at": func.coalesce(_UNITS.c.name, _TRAINERS.c.outside_unit),
    },
    joined=_MENTORS.join(_MENTORSHIPS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id)
    .outerjoin(_TEACHERS, _MENTORS.c.teacher_id == _TEACHERS.c.id)
    .outerjoin(_UNITS, _TEACHERS.c.school_id == _UNITS.c.id)
    .outerjoin(_TRAINERS, _MENTORS.c.trainer_id == _TRAINERS.c.id),
    filters={"mentorship_id": _MENTORS.c.mentorship_id},
    sorts={"created": ()},
)


async def get_mentorship(db: Connection, actor: Actor, *, mentorship_id: UUID) -> Row:
    """One mentorship: in which one is, or of an apprentice in the actor's place."""
    return await MENTORSHIPS.get(db, actor, mentorship_id)


async def list_mentorships(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    mentor_id: UUID | None = None,
    school_id: UUID | None = None,
    unit_id: UUID | None = None,
    state: MentorshipState | None = None,
    is_probation: bool | None = None,
    as_of: date | None = None,
) -> Page:
    """The mentorships in which one is, and those of apprentices in the actor's place.

    `teacher_id` is the apprentice, `mentor_id` a teacher who mentors.
    """
    filters = {
        "teacher_id": teacher_id, "mentor_id": mentor_id, "school_id": school_id,
        "unit_id": unit_id, "state": state, "is_probation": is_probation, "as_of": as_of,
    }  # fmt: skip
    return await MENTORSHIPS.page(db, actor, page, filters=filters)


async def list_mentors(db: Connection, actor: Actor, *, mentorship_id: UUID) -> list[Row]:
    """The mentors of a mentorship that the actor may see, in the order of naming."""
    await MENTORSHIPS.get(db, actor, mentorship_id)
    return (await mentors_of(db, actor, mentorship_ids=[mentorship_id]))[mentorship_id]


async def mentors_of(
    db: Connection, actor: Actor, *, mentorship_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The mentors of many mentorships."""
    owner = _MENTORS.c.mentorship_id
    return await MENTORS.rows_of(db, actor, owner, mentorship_ids, columns=columns)


async def mentorships_by_id(
    db: Connection, actor: Actor, *, mentorship_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many mentorships by their keys; None where the actor may not see one."""
    return await MENTORSHIPS.by_id(db, actor, mentorship_ids, columns=columns)
