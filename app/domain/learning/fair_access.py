"""Fair access (公平参训): who asked to be trained and has never had a place, school by school and by name.

「要保证教师公平的享有接受培训的机会」: to take part is every teacher's right. Nobody enters these figures: they
follow from enrolments and choices. Whoever asks sees the people anyway, so that no cell is hidden.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Uuid,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date, civil_day
from app.domain.learning.choice_rounds import ChoiceRound, ChoiceRoundState
from app.domain.learning.choices import Choice
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import (
    TEACHERS,
    PersonName,
    SchoolRegister,
    Teacher,
    place_column,
)
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, Statement

_PERIOD = timedelta(days=365)
"""How far back is looked if nothing else is said."""


class FairAccessView(BaseModel):
    """How many teachers of a school asked for a place since a day, and how many had one."""

    school_id: UUID = Field(description="学校 / school")
    school: str = Field(description="学校名称 / its name")
    teachers: int = Field(description="在册教师数（人） / teachers on the register")
    asked: int = Field(description="报名或选课的教师数（人） / teachers who enrolled or chose")
    placed: int = Field(description="获得名额的教师数（人） / teachers who had a place")
    unplaced: int = Field(
        description="报名或选课而从未获得名额的教师数（人） / teachers who asked and never had a place"
    )


class UnplacedTeacherView(BaseModel):
    """A teacher who asked and never had a place."""

    id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")


# What may be asked.

_SINCE = bindparam("since", type_=Date)
_HAD_PLACE = col(Enrolment.waiting_turn).is_(None)
"""The predicate 'this enrolment had a place', whether it was given back or not."""


def _enrolled(since: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions 'that enrolment is in an activity that counts, of this day or later'."""
    return (
        col(Activity.id) == col(Enrolment.activity_id),
        col(Activity.state) != ActivityState.CANCELLED,
        col(Activity.starts_on) >= since,
    )


def _chosen(since: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions 'that choice is of a round that closed on this day or later', and counts."""
    return (
        col(ChoiceRound.id) == col(Choice.round_id),
        col(ChoiceRound.state) != ChoiceRoundState.CANCELLED,
        col(Activity.id) == col(Choice.activity_id),
        col(Activity.state) != ActivityState.CANCELLED,
        civil_day(col(ChoiceRound.closes_at)) >= since,
    )


def _figures(place: str) -> Statement:
    """Of each school at a place: its teachers, those who asked, and those of them who had a place."""
    unit = bindparam("unit_id", type_=Uuid)
    asked = union_all(
        select(
            col(Enrolment.teacher_id), col(Enrolment.school_id), _HAD_PLACE.label("placed")
        ).where(col(getattr(Enrolment, place)) == unit, *_enrolled(_SINCE)),
        select(col(Choice.teacher_id), col(Choice.school_id), false()).where(
            col(getattr(Choice, place)) == unit, *_chosen(_SINCE)
        ),
    ).subquery("asked")
    person = (
        select(asked.c.teacher_id, asked.c.school_id, func.bool_or(asked.c.placed).label("placed"))
        .join(Teacher, col(Teacher.id) == asked.c.teacher_id)
        .where(col(Teacher.merged_into_id).is_(None))
        .group_by(asked.c.teacher_id, asked.c.school_id)
        .subquery("person")
    )
    placed = func.count(person.c.teacher_id).filter(person.c.placed)
    return Statement(
        select(
            col(Unit.id).label("school_id"),
            col(Unit.name).label("school"),
            func.coalesce(col(SchoolRegister.teachers), 0).label("teachers"),
            func.count(person.c.teacher_id).label("asked"),
            placed.label("placed"),
            (func.count(person.c.teacher_id) - placed).label("unplaced"),
        )
        .outerjoin_from(Unit, SchoolRegister, col(SchoolRegister.school_id) == col(Unit.id))
        .outerjoin(person, person.c.school_id == col(Unit.id))
        .where(
            col(getattr(Unit, place)) == unit,
            col(Unit.level) == Level.SCHOOL,
            or_(col(Unit.closed_on).is_(None), person.c.teacher_id.is_not(None)),
        )
        .group_by(col(Unit.id), col(SchoolRegister.teachers))
        .order_by((func.count(person.c.teacher_id) - placed).desc(), col(Unit.id))
    )


_FIGURES = {place: _figures(place) for place in PLACE}


async def list_fair_access(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime, since: date | None = None
) -> list[Row]:
    """Of each school of a unit how many asked and never had a place since a day, the most first.

    By default in the last 365 days. What was cancelled counts for nobody.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.ATTENDANCE_READ)
    since = since or civil_date(now) - _PERIOD
    return await db.all(_FIGURES[place_column(unit)], unit_id=unit_id, since=since)


def _asked_in_vain(since: Any) -> ColumnElement[bool]:
    """The predicate 'this teacher asked on that day or later, and never had a place'."""
    day = bindparam(since.key, type_=Date)
    own = (col(Enrolment.teacher_id) == col(Teacher.id), *_enrolled(day))
    enrolled = select(col(Enrolment.id)).select_from(Enrolment, Activity).where(*own)
    chosen = (
        select(col(Choice.id))
        .select_from(Choice, ChoiceRound, Activity)
        .where(col(Choice.teacher_id) == col(Teacher.id), *_chosen(day))
    )
    had_place = exists(enrolled.where(_HAD_PLACE).correlate(Teacher))
    asked = or_(exists(enrolled.correlate(Teacher)), exists(chosen.correlate(Teacher)))
    return asked & ~had_place


UNPLACED_TEACHERS = replace(
    TEACHERS,
    view=UnplacedTeacherView,
    computed={},
    filters={
        **{name: col(getattr(Teacher, name)) for name in PLACE},
        "since": _asked_in_vain,
    },
    sorts={"name": (col(Teacher.name),)},
)
"""Teachers through their own door, those who asked in vain."""


async def list_unplaced_teachers(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    now: datetime,
    since: date | None = None,
) -> Page:
    """The teachers of a unit who asked for a place since a day and never had one, by name.

    By default in the last 365 days.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.ATTENDANCE_READ)
    filters = {place_column(unit): unit_id, "since": since or civil_date(now) - _PERIOD}
    return await UNPLACED_TEACHERS.page(db, actor, page, filters=filters)
