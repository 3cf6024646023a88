"""Suggestions of mentors (导师推荐): who fits an apprentice, with the points that speak for each.

Points are given for the subject and the stage, for a higher rank, for being near in the tree of units and
for standing in a library of trainers, and taken for apprentices that somebody has today. Whoever has as
many as the city's policy allows, or has this apprentice already, is not suggested.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    true,
)

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import TODAY, in_force
from app.domain.learning.mentoring_policies import policy_in_force
from app.domain.learning.mentorships import Mentor, Mentorship, MentorshipState, obligation_of
from app.domain.learning.trainers import Trainer, TrainerState
from app.domain.organisation.units import Unit
from app.domain.people.careers import Rank, TeacherRank
from app.domain.people.teachers import TEACHERS, PersonName, Subject, Teacher
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement

SUBJECT, STAGE, SCHOOL, COUNTY, LIBRARY = 40, 20, 10, 5, 10
"""Points for the same subject, stage, school, county, and for standing in a library of trainers."""
RANK_STEP, MOST_RANK = 10, 20
"""Points for each step of rank above the apprentice, and for all of them at most."""
APPRENTICE = -10
"""Points for each apprentice that somebody has today."""
MOST_SUGGESTED = 20
"""So many are suggested at most."""


class MentorSuggestionView(BaseModel):
    """Somebody who could mentor, and why: the points by what they are given for."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    school: str = Field(description="学校名称 / name of the school")
    rank: Rank | None = Field(description="职称 / rank")
    apprentices: int = Field(description="现带教人数 / apprentices today")
    subject_points: int = Field(description="学科得分 / for the subject")
    stage_points: int = Field(description="学段得分 / for the stage")
    rank_points: int = Field(description="职称得分 / for the rank")
    distance_points: int = Field(description="同校、同县得分 / for being near")
    library_points: int = Field(description="在导师库得分 / for standing in a library")
    load_points: int = Field(description="负荷扣分 / for the apprentices they have")
    points: int = Field(description="总分 / all together")


# What may be asked.

_ME = Teacher.__table__.alias("apprentice")  # type: ignore[attr-defined]
_TEACHERS, _UNITS, _MENTORS, _MENTORSHIPS, _TRAINERS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Teacher, Unit, Mentor, Mentorship, Trainer)
)
_RANK = TeacherRank.__table__  # type: ignore[attr-defined]
_OWN_RANK = _RANK.alias("own_rank")


def _number(value: int) -> Any:
    return literal_column(str(value), Integer)


def _points(condition: Any, points: int) -> Any:
    return case((condition, _number(points)), else_=_number(0))


def _holds(rank: Any, teacher: Any) -> Any:
    return and_(
        rank.teacher_id == teacher.c.id, rank.superseded_at.is_(None), in_force(rank, TODAY)
    )


def _step(rank: Any) -> Any:
    """How high a rank stands; nobody knows of a rank that is missing."""
    return case(
        {rank.value: _number(n) for n, rank in enumerate(Rank)},
        value=rank, else_=_number(0),
    )  # fmt: skip


_SUBJECT = func.coalesce(bindparam("subject", type_=_ME.c.subject.type), _ME.c.subject)
_ABOVE = _step(_RANK.c.rank) - _step(_OWN_RANK.c.rank)


def _load() -> Any:
    """How many apprentices a teacher has today, and whether this one is among them."""
    open_now = and_(
        is_among(_MENTORSHIPS.c.state, (MentorshipState.PROPOSED, MentorshipState.ACTIVE)),
        _MENTORSHIPS.c.valid_to > TODAY,
    )
    has_this_one = func.bool_or(_MENTORSHIPS.c.teacher_id == _ME.c.id)
    return (
        select(
            func.count().label("apprentices"),
            func.coalesce(has_this_one, literal_column("false")).label("has_this_one"),
        )
        .select_from(_MENTORS.join(_MENTORSHIPS, _MENTORS.c.mentorship_id == _MENTORSHIPS.c.id))
        .where(_MENTORS.c.teacher_id == _TEACHERS.c.id, open_now)
        .lateral("load")
    )


def _points_of(load: Any) -> dict[str, Any]:
    """What is given and taken, by what for."""
    in_library = exists().where(
        _TRAINERS.c.teacher_id == _TEACHERS.c.id, _TRAINERS.c.state == TrainerState.ACCEPTED
    )
    return {
        "subject_points": _points(_TEACHERS.c.subject == _SUBJECT, SUBJECT),
        "stage_points": _points(_TEACHERS.c.stage == _ME.c.stage, STAGE),
        "rank_points": func.least(_ABOVE * _number(RANK_STEP), _number(MOST_RANK)),
        "distance_points": case(
            (_TEACHERS.c.school_id == _ME.c.school_id, _number(SCHOOL)),
            (_TEACHERS.c.county_id == _ME.c.county_id, _number(COUNTY)),
            else_=_number(0),
        ),
        "library_points": _points(in_library, LIBRARY),
        "load_points": load.c.apprentices * _number(APPRENTICE),
    }


@lru_cache(maxsize=16)
def _suggest(shape: Shape) -> Statement:
    load, policy = _load(), policy_in_force(_TEACHERS.c.city_id)
    asked = obligation_of(policy.c.ranks, _RANK.c.rank)
    points = _points_of(load)
    total = sum(points.values(), start=_number(0)).label("points")
    candidates = (
        _TEACHERS.join(_ME, _ME.c.id == bindparam("teacher_id", type_=Uuid))
        .join(_UNITS, _TEACHERS.c.school_id == _UNITS.c.id)
        .outerjoin(_RANK, _holds(_RANK.c, _TEACHERS))
        .outerjoin(_OWN_RANK, _holds(_OWN_RANK.c, _ME))
        .join(load, true())
        .outerjoin(policy, true())
        .outerjoin(asked, true())
    )
    return Statement(
        select(
            _TEACHERS.c.id.label("teacher_id"), _TEACHERS.c.name, _TEACHERS.c.school_id,
            _UNITS.c.name.label("school"), _RANK.c.rank.label("rank"), load.c.apprentices,
            *(value.label(name) for name, value in points.items()), total,
        )
        .select_from(candidates)
        .where(
            within(shape, {name: _TEACHERS.c[name] for name in PLACE}),
            _TEACHERS.c.city_id == _ME.c.city_id,
            _TEACHERS.c.id != _ME.c.id,
            _TEACHERS.c.merged_into_id.is_(None),
            (_TEACHERS.c.subject == _SUBJECT) | (_TEACHERS.c.stage == _ME.c.stage),
            _ABOVE >= 0,
            ~load.c.has_this_one,
            asked.c.most.is_(None) | (load.c.apprentices < asked.c.most),
        )
        .order_by(total.desc(), _TEACHERS.c.name, _TEACHERS.c.id)
        .limit(MOST_SUGGESTED)
    )  # fmt: skip


async def list_mentor_suggestions(
    db: Connection, actor: Actor, *, teacher_id: UUID, target_subject: Subject | None = None
) -> list[Row]:
    """Who of the teachers in the actor's place could mentor this one, whom fits best first."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.PAIR_WRITE)
    scope = actor.scope(Permission.PAIR_WRITE)
    shape = tuple(name for name in scope.shape if name in PLACE)
    values = scope.parameters(PLACE)
    return await db.all(_suggest(shape), teacher_id=teacher_id, subject=target_subject, **values)
