"""What mentoring comes to (带教统计): by school, by what ranks are asked, and what a concluded term was.

Nothing is entered here. A teacher is counted at the school where they are today.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    Date,
    Integer,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, TODAY, holds_on
from app.domain.errors import Invalid
from app.domain.learning.mentoring_policies import policy_in_force
from app.domain.learning.mentoring_records import MentoringRecord
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipState, obligation_of
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import Rank, TeacherRank
from app.domain.people.teachers import (
    TEACHERS,
    PersonName,
    Teacher,
    TeacherNotFound,
    place_column,
)
from app.sql import Connection, Row, Statement


class MentoringCountView(BaseModel):
    """How many teachers of a school mentored in a period, and whom."""

    school_id: UUID = Field(description="导师所在学校 / school of the mentors")
    name: str = Field(description="学校名称 / name of the school")
    mentors: int = Field(description="带教教师数 / teachers who mentored")
    apprentices: int = Field(description="被带教教师数 / teachers whom they mentored")
    mentorships: int = Field(description="师徒结对数 / mentorships")
    across_schools: int = Field(description="其中跨校 / of them with an apprentice elsewhere")
    concluded: int = Field(description="其中已结业 / of them concluded")


class MentoringObligationView(BaseModel):
    """What a teacher's rank asks in the city's cycle, and what there is of it."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    rank: Rank = Field(description="职称 / rank")
    since: date = Field(description="周期起始日 / first day of the cycle that ends today")
    required: int = Field(description="应带教人数 / apprentices asked")
    done: int = Field(description="已带教人数 / apprentices mentored since that day")
    missing: int = Field(description="尚缺人数 / apprentices that are missing")


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


# What can be refused.


class MentoringPeriodUnfit(Invalid):
    """A period ends on the day it begins or later."""

    code = "mentoring_period_unfit"
    zh = "统计期的截止日不能早于起始日。"
    en = "The period ends before it begins."


# What may be asked.

_TEACHERS, _UNITS, _MENTORS, _MENTORSHIPS, _RECORDS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Teacher, Unit, Mentor, Mentorship, MentoringRecord)
)
_AGREED = _MENTORSHIPS.c.agreed_at.is_not(None)


@lru_cache(maxsize=4)
def _counts(place: str) -> Statement:
    """By school of the mentors at a place: what was agreed and had a day in the period."""
    ends = func.coalesce(_MENTORSHIPS.c.ended_on, _MENTORSHIPS.c.valid_to)
    mentorship = _MENTORSHIPS.c.id.distinct()
    elsewhere = _MENTORSHIPS.c.school_id != _TEACHERS.c.school_id
    concluded = _MENTORSHIPS.c.state == MentorshipState.CONCLUDED
    return Statement(
        select(
            _UNITS.c.id.label("school_id"), _UNITS.c.name,
            func.count(_MENTORS.c.teacher_id.distinct()).label("mentors"),
            func.count(_MENTORSHIPS.c.teacher_id.distinct()).label("apprentices"),
            func.count(mentorship).label("mentorships"),
            func.count(mentorship).filter(elsewhere).label("across_schools"),
            func.count(mentorship).filter(concluded).label("concluded"),
        )
        .select_from(
            _MENTORS.join(_MENTORSHIPS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id)
            .join(_TEACHERS, _MENTORS.c.teacher_id == _TEACHERS.c.id)
            .join(_UNITS, _TEACHERS.c.school_id == _UNITS.c.id)
        )
        .where(
            _TEACHERS.c[place] == bindparam("unit_id", type_=Uuid),
            _AGREED,
            _MENTORSHIPS.c.valid_from <= bindparam("until", type_=Date),
            ends > bindparam("since", type_=Date),
        )
        .group_by(_UNITS.c.id, _UNITS.c.name)
        .order_by(func.count(_MENTORS.c.teacher_id.distinct()).desc(), _UNITS.c.name, _UNITS.c.id)
    )  # fmt: skip


async def list_mentoring_counts(
    db: Connection, actor: Actor, *, unit_id: UUID, since: date, until: date
) -> list[Row]:
    """How many teachers of each school of a unit mentored on days of a period, the most first."""
    if until < since:
        raise MentoringPeriodUnfit
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.PAIR_READ)
    return await db.all(_counts(place_column(unit)), unit_id=unit_id, since=since, until=until)


def _obligations() -> tuple[Any, dict[str, Any]]:
    """Teachers with what is asked of their rank, and the columns that are no teacher's."""
    policy = policy_in_force(_TEACHERS.c.city_id)
    rank: Any = TeacherRank.__table__  # type: ignore[attr-defined]
    asked = obligation_of(policy.c.ranks, rank.c.rank)
    years = func.make_interval(cast(policy.c.cycle_years, Integer))
    since = cast(TODAY - years, Date)
    done = (
        select(func.count(_MENTORSHIPS.c.teacher_id.distinct()).label("done"))
        .select_from(_MENTORS.join(_MENTORSHIPS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id))
        .where(_MENTORS.c.teacher_id == _TEACHERS.c.id, _AGREED, _MENTORSHIPS.c.valid_from >= since)
        .lateral("mentored")
    )
    joined = (
        _TEACHERS.join(policy, true())
        .join(rank, (rank.c.teacher_id == _TEACHERS.c.id) & holds_on(TeacherRank, TODAY))
        .join(asked, asked.c.least > 0)
        .join(done, true())
    )
    return joined, {
        "teacher_id": _TEACHERS.c.id, "rank": rank.c.rank, "since": since,
        "required": asked.c.least, "done": done.c.done,
        "missing": func.greatest(asked.c.least - done.c.done, literal_column("0", Integer)),
    }  # fmt: skip


_WITH_OBLIGATION, _COMPUTED = _obligations()

OBLIGATIONS = Door(
    table=Teacher,
    view=MentoringObligationView,
    read=Permission.PAIR_READ,
    missing=TeacherNotFound,
    places={"teacher_id": _TEACHERS.c.id},
    computed=_COMPUTED,
    joined=_WITH_OBLIGATION,
    filters={
        "school_id": _TEACHERS.c.school_id,
        "rank": _COMPUTED["rank"],
        "lacking": lambda wanted: (_COMPUTED["missing"] > 0) == wanted,
    },
    sorts={"name": (_TEACHERS.c.name,), "created": ()},
    successor=_TEACHERS.c.merged_into_id,
)
"""Teachers of whose rank the city's policy asks something, with what they have done of it."""


async def list_mentoring_obligations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    rank: Rank | None = None,
    lacking: bool | None = None,
) -> Page:
    """What is asked of oneself and of the teachers in the actor's place, by name; nobody else is there."""
    filters = {"school_id": school_id, "rank": rank, "lacking": lacking}
    return await OBLIGATIONS.page(db, actor, page, filters=filters)


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


def _concluded() -> Statement:
    teacher_id = bindparam("teacher_id", type_=Uuid)
    others = _MENTORS.alias("other_mentor")
    mentors = (
        select(func.count()).where(others.c.mentorship_id == _MENTORSHIPS.c.id).scalar_subquery()
    )
    shown = (
        _MENTORSHIPS.c.concluded_on, _UNITS.c.level,
    )  # fmt: skip
    arranged = _MENTORSHIPS.join(_UNITS, _MENTORSHIPS.c.unit_id == _UNITS.c.id)
    is_concluded = _MENTORSHIPS.c.state == MentorshipState.CONCLUDED
    as_apprentice = (
        select(
            _MENTORSHIPS.c.id.label("mentorship_id"), _MENTORSHIPS.c.teacher_id,
            literal("apprentice").label("role"), _hours().label("hours"), *shown,
            mentors.label("counterparts"),
        )
        .select_from(arranged)
        .where(_MENTORSHIPS.c.teacher_id == teacher_id, is_concluded)
    )  # fmt: skip
    as_mentor = (
        select(
            _MENTORSHIPS.c.id.label("mentorship_id"), _MENTORS.c.teacher_id, _MENTORS.c.role,
            _hours(_RECORDS.c.mentor_id == _MENTORS.c.id).label("hours"), *shown,
            literal_column("1", Integer).label("counterparts"),
        )
        .select_from(arranged.join(_MENTORS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id))
        .where(_MENTORS.c.teacher_id == teacher_id, is_concluded)
    )  # fmt: skip
    both = union_all(as_apprentice, as_mentor).subquery()
    return Statement(select(both).order_by(both.c.concluded_on, both.c.mentorship_id))


_CONCLUDED = _concluded()


async def list_concluded_mentorships(
    db: Connection, actor: Actor, *, teacher_id: UUID
) -> list[Row]:
    """What concluded mentorships were for one teacher, as apprentice and as mentor, the first first."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PAIR_READ)
    return await db.all(_CONCLUDED, teacher_id=teacher_id)
