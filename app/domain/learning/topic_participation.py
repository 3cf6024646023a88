"""Participation in topics (课题参与面): how many of all teachers take part in one, unit by unit.

「以全员参与为基础的校本科研制度」 (S4 第24条) is said of all teachers, not of those alone who lead a topic: so
everybody on the register is counted, and of them those who are a member of any topic that was studied in the
period, wherever it lies.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    Date,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    select,
    tuple_,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.learning.research_totals import STUDIED, check_period
from app.domain.learning.topics import Topic, TopicDuty, TopicMember
from app.domain.organisation.units import UNITS, Unit
from app.domain.people.facts.engagement import GONE, TeacherState
from app.domain.people.teachers import Teacher, place_column
from app.domain.people.teachers.strata import holds_any, is_among
from app.sql import Connection, Row, Statement


class TopicParticipation(BaseModel):
    """How many of all teachers of a unit, and of those below it, take part in topics; the sum names no unit."""

    unit_id: UUID | None = Field(description="单位，合计行为空 / unit, null for the sum of all")
    name: str | None = Field(description="名称 / name of the unit")
    teachers: int = Field(
        description="在册教师数 / teachers on the register at the end of the period"
    )
    participants: int = Field(
        description="其中参与课题的人数，每人计一次 / of them in a topic, each once"
    )
    leaders: int = Field(description="其中主持课题的人数 / of them those who lead one")
    share: Decimal | None = Field(
        description="参与率，百分数；无在册教师为空 / participants in hundredths of the teachers"
    )


# What may be asked.

_UNIT, _CITY = bindparam("unit_id", type_=Uuid), bindparam("city_id", type_=Uuid)
_DAY = bindparam("day", type_=Date)
_gone = is_among(col(TeacherState.state), GONE)
_ON_REGISTER = and_(col(Teacher.merged_into_id).is_(None), ~holds_any(TeacherState, _gone, _DAY))
_taken_part = (
    select(
        col(TopicMember.teacher_id),
        func.bool_or(col(TopicMember.duty) == TopicDuty.LEADER).label("leads"),
    )
    .join_from(TopicMember, Topic, col(TopicMember.topic_id) == col(Topic.id))
    .where(col(Topic.city_id) == _CITY, STUDIED)
    .group_by(col(TopicMember.teacher_id))
    .subquery("taken_part")
)
_DIRECTLY_BELOW: dict[str, Any] = {
    # Schools of the city itself stand beside the counties.
    "city_id": case(
        (col(Teacher.county_id) == col(Teacher.city_id), col(Teacher.school_id)),
        else_=col(Teacher.county_id),
    ),
    "county_id": col(Teacher.school_id),
    "school_id": col(Teacher.school_id),
}


def _participation(place: str) -> Statement:
    key = _DIRECTLY_BELOW[place].label("unit_id")
    teachers = (
        select(key, _taken_part.c.teacher_id.label("participant"), _taken_part.c.leads)
        .outerjoin_from(Teacher, _taken_part, _taken_part.c.teacher_id == col(Teacher.id))
        .where(col(getattr(Teacher, place)) == _UNIT, _ON_REGISTER)
        .subquery("teachers")
    )
    counted = (
        select(
            teachers.c.unit_id,
            func.count().label("teachers"),
            func.count(teachers.c.participant).label("participants"),
            func.count().filter(teachers.c.leads).label("leaders"),
        )
        .group_by(func.grouping_sets(teachers.c.unit_id, tuple_()))
        .subquery("counted")
    )
    below = and_(col(Unit.parent_id) == _UNIT, col(Unit.closed_on).is_(None))
    units = (
        select(col(Unit.id).label("unit_id"), col(Unit.name).label("name"))
        .where(col(Unit.id) == _UNIT if place == "school_id" else below)
        .union_all(select(cast(null(), Uuid), cast(null(), Text)))
        .subquery("units")
    )
    numbers = [
        func.coalesce(counted.c[name], 0).label(name)
        for name in ("teachers", "participants", "leaders")
    ]
    share = func.round(
        cast(100 * counted.c.participants, Numeric) / func.nullif(counted.c.teachers, 0), 2
    )
    return Statement(
        select(units.c.unit_id, units.c.name, *numbers, share.label("share"))
        .outerjoin(counted, units.c.unit_id.is_not_distinct_from(counted.c.unit_id))
        .order_by(units.c.unit_id.is_not(None), units.c.name, units.c.unit_id)
    )


_PARTICIPATION = {place: _participation(place) for place in _DIRECTLY_BELOW}


async def list_topic_participation(
    db: Connection, actor: Actor, *, unit_id: UUID, since: date, until: date
) -> list[Row]:
    """How many of all teachers take part in topics: of a unit in sum, then of each directly below it.

    Teachers stand where they are now, and are counted if they were on the register on the last day of the
    period; topics are those that were studied on a day of it. The period begins with `since` and ends before
    `until`.
    """
    check_period(since, until)
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TOPIC_READ)
    return await db.all(
        _PARTICIPATION[place_column(unit)],
        unit_id=unit_id,
        city_id=unit["city_id"],
        since=since,
        until=until,
        day=until - timedelta(days=1),
    )
