"""What a concluded term was for those who were in it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    Integer,
    Select,
    Uuid,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)  # fmt: skip

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT
from app.domain.learning.mentoring_records import MentoringRecord
from app.domain.learning.mentorships import (
    JudgementStage,
    Mentor,
    Mentorship,
    MentorshipJudgement,
    MentorshipState,
)
from app.domain.organisation.units import Level, Unit
from app.domain.people.teachers import (
    TEACHERS,
)
from app.sql import Connection, Row, Statement

APPRENTICE = "apprentice"
"""As what the apprentice was in a mentorship, beside the roles of mentors."""


class ConcludedMentorshipView(BaseModel):
    """What a concluded term was for one person: as what, for how many hours, until when, of which level."""

    mentorship_id: UUID = Field(description="师徒结对 / mentorship")
    teacher_id: UUID = Field(description="教师 / the person")
    role: str = Field(
        description="身份：apprentice 徒弟，或导师身份 / as what: apprentice, or a mentor's role"
    )
    hours: Decimal = Field(
        description="对方确认的学时 / hours of records that the other side confirmed"
    )
    concluded_on: date = Field(description="结业日 / when it was concluded")
    level: Level = Field(description="级别 / level of the unit that arranged it")
    counterparts: int = Field(description="对方人数 / people on the other side")


# What may be asked.

_UNITS, _MENTORS, _MENTORSHIPS, _RECORDS, _JUDGEMENTS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Unit, Mentor, Mentorship, MentoringRecord, MentorshipJudgement)
)


def _hours(*of_whom: Any) -> Any:
    """The hours of a mentorship that the other side has confirmed."""
    return (
        select(func.coalesce(func.sum(_RECORDS.c.hours), literal(Decimal("0.00"), AMOUNT)))
        .where(
            _RECORDS.c.mentorship_id == _MENTORSHIPS.c.id,
            _RECORDS.c.confirmed_at.is_not(None),
            *of_whom,
        )
        .scalar_subquery()
    )


_IS_CONCLUDED = _MENTORSHIPS.c.state == MentorshipState.CONCLUDED
_ARRANGED = _MENTORSHIPS.join(_UNITS, _MENTORSHIPS.c.unit_id == _UNITS.c.id)


def _as_apprentice(*more: Any) -> Select[Any]:
    """What each concluded term was for its apprentice."""
    others = _MENTORS.alias("other_mentor")
    mentors = (
        select(func.count()).where(others.c.mentorship_id == _MENTORSHIPS.c.id).scalar_subquery()
    )
    return select(
        _MENTORSHIPS.c.id.label("mentorship_id"), _MENTORSHIPS.c.teacher_id,
        literal(APPRENTICE).label("role"), _hours().label("hours"), _MENTORSHIPS.c.concluded_on,
        _UNITS.c.level, mentors.label("counterparts"), *more,
    ).where(_IS_CONCLUDED)  # fmt: skip


def _as_mentor(*more: Any) -> Select[Any]:
    """What each concluded term was for each of its mentors."""
    return select(
        _MENTORSHIPS.c.id.label("mentorship_id"), _MENTORS.c.teacher_id, _MENTORS.c.role,
        _hours(_RECORDS.c.mentor_id == _MENTORS.c.id).label("hours"), _MENTORSHIPS.c.concluded_on,
        _UNITS.c.level, literal_column("1", Integer).label("counterparts"), *more,
    ).where(_IS_CONCLUDED)  # fmt: skip


def _of_teacher() -> Statement:
    teacher_id = bindparam("teacher_id", type_=Uuid)
    mentored = _ARRANGED.join(_MENTORS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id)
    both = union_all(
        _as_apprentice().select_from(_ARRANGED).where(_MENTORSHIPS.c.teacher_id == teacher_id),
        _as_mentor().select_from(mentored).where(_MENTORS.c.teacher_id == teacher_id),
    ).subquery()
    return Statement(select(both).order_by(both.c.concluded_on, both.c.mentorship_id))


def _of_mentorship() -> Statement:
    """The same of all who were in one, with its final grade; outside experts are nobody of the register."""
    wanted = _MENTORSHIPS.c.id == bindparam("mentorship_id", type_=Uuid)
    final = (_JUDGEMENTS.c.mentorship_id == _MENTORSHIPS.c.id) & (
        _JUDGEMENTS.c.stage == JudgementStage.FINAL
    )
    judged = _ARRANGED.outerjoin(_JUDGEMENTS, final)
    mentored = judged.join(_MENTORS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id)
    grade = _JUDGEMENTS.c.grade
    is_teacher = _MENTORS.c.teacher_id.is_not(None)
    return Statement(
        union_all(
            _as_apprentice(grade).select_from(judged).where(wanted),
            _as_mentor(grade).select_from(mentored).where(wanted, is_teacher),
        )
    )


_CONCLUDED = _of_teacher()
_MERITS = _of_mentorship()


async def list_concluded_mentorships(
    db: Connection, actor: Actor, *, teacher_id: UUID
) -> list[Row]:
    """What concluded mentorships were for one teacher, as apprentice and as mentor, the first first."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PAIR_READ)
    return await db.all(_CONCLUDED, teacher_id=teacher_id)


async def mentorship_merits(
    db: Connection,
    actor: Actor,  # noqa: ARG001  the door was passed
    *,
    mentorship_id: UUID,
) -> list[Row]:
    """What a concluded term was for everybody of the register who was in it, and its final grade.

    Its door was passed: whoever recognises credit for the bureau need not read mentorships otherwise.
    """
    return await db.all(_MERITS, mentorship_id=mentorship_id)
