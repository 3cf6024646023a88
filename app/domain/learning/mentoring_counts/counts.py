"""What mentoring comes to by school, and by what ranks are asked."""

from datetime import date
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
    literal_column,
    or_,
    select,
    true,
)  # fmt: skip

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY, holds_on
from app.domain.errors import Invalid
from app.domain.learning.mentoring_policies import policy_in_force
from app.domain.learning.mentorships import (
    Mentor,
    Mentorship,
    MentorshipState,
    obligation_of,
)
from app.domain.learning.topics import RUNNING, Topic, TopicMember, TopicState
from app.domain.organisation.units import UNITS, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import Rank, TeacherRank
from app.domain.people.teachers import (
    PersonName,
    Teacher,
    TeacherNotFound,
    place_column,
)
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityKind
from app.domain.training.staff import ActivityStaff
from app.domain.training.vocabulary import HELD_STATES, StaffRole
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
    topics_required: int = Field(description="应参加课题数 / topics asked")
    topics_done: int = Field(
        description="已参加课题数 / approved topics in which they took part since that day"
    )
    lectures_required: int = Field(description="应主讲专场讲座数 / lectures asked")
    lectures_done: int = Field(
        description="已主讲专场讲座数 / lectures that they gave since that day"
    )


# What can be refused.


class MentoringPeriodUnfit(Invalid):
    """A period ends on the day it begins or later."""

    code = "mentoring_period_unfit"
    zh = "统计期的截止日不能早于起始日。"
    en = "The period ends before it begins."


# What may be asked.

_TEACHERS, _UNITS, _MENTORS, _MENTORSHIPS, _MEMBERS, _TOPICS, _STAFF, _ACTIVITIES = (
    each.__table__  # type: ignore[union-attr]
    for each in (
        Teacher, Unit, Mentor, Mentorship, TopicMember, Topic, ActivityStaff, Activity,
    )
)  # fmt: skip
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


def _studied_since(since: Any) -> Any:
    """How many approved topics, not given up, a teacher had a part in that were not over before that day."""
    return (
        select(func.count().label("done"))
        .select_from(_MEMBERS.join(_TOPICS, _MEMBERS.c.topic_id == _TOPICS.c.id))
        .where(
            _MEMBERS.c.teacher_id == _TEACHERS.c.id,
            is_among(_TOPICS.c.state, (*RUNNING, TopicState.CONCLUDED)),
            func.coalesce(_TOPICS.c.concluded_on, TODAY) >= since,
        )
        .lateral("studied")
    )


def _lectured_since(since: Any) -> Any:
    """How many lectures that were held a teacher gave since that day, each once."""
    return (
        select(func.count(_STAFF.c.activity_id.distinct()).label("done"))
        .select_from(_STAFF.join(_ACTIVITIES, _STAFF.c.activity_id == _ACTIVITIES.c.id))
        .where(
            _STAFF.c.teacher_id == _TEACHERS.c.id,
            _STAFF.c.role == StaffRole.SPEAKER,
            _ACTIVITIES.c.kind == ActivityKind.LECTURE,
            is_among(_ACTIVITIES.c.state, HELD_STATES),
            _ACTIVITIES.c.starts_on >= since,
        )
        .lateral("lectured")
    )


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
    topics, lectures = _studied_since(since), _lectured_since(since)
    joined = (
        _TEACHERS.join(policy, true())
        .join(rank, (rank.c.teacher_id == _TEACHERS.c.id) & holds_on(TeacherRank, TODAY))
        .join(asked, (asked.c.least > 0) | (asked.c.topics > 0) | (asked.c.lectures > 0))
        .join(done, true())
        .join(topics, true())
        .join(lectures, true())
    )
    return joined, {
        "teacher_id": _TEACHERS.c.id, "rank": rank.c.rank, "since": since,
        "required": asked.c.least, "done": done.c.done,
        "missing": func.greatest(asked.c.least - done.c.done, literal_column("0", Integer)),
        "topics_required": asked.c.topics, "topics_done": topics.c.done,
        "lectures_required": asked.c.lectures, "lectures_done": lectures.c.done,
    }  # fmt: skip


_WITH_OBLIGATION, _COMPUTED = _obligations()
_lacks = or_(
    _COMPUTED["missing"] > 0,
    _COMPUTED["topics_done"] < _COMPUTED["topics_required"],
    _COMPUTED["lectures_done"] < _COMPUTED["lectures_required"],
)

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
        "lacking": lambda wanted: _lacks == wanted,
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
