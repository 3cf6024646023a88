"""Load and rest of trainers (授课负荷), and their own study (培训者研修): what follows from what is recorded.

Neither is entered anywhere: how often somebody was asked follows from the staff of activities, what they
studied from their attendance.
"""

from datetime import MAXYEAR, MINYEAR, date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Date, Uuid, and_, any_, bindparam, case, func, literal, select, true
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import AMOUNT, civil_day
from app.domain.errors import Invalid
from app.domain.learning.trainer_appearances import CARRIED, HOURS, is_carried_by, takes_place
from app.domain.learning.trainers import (
    KEPT,
    PERSON,
    WITH_PERSON,
    Trainer,
    TrainerGone,
    TrainerState,
)
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import PersonName
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.vocabulary import ActivityContent
from app.sql import Connection, Row, Statement

YEARLY_STUDY = Decimal("72.00")
"""Hours that whoever trains others studies each year: 培训者需参加每年72学时培训者研修 (S2 two 1)."""
OFTEN = 2
"""Asked often is whoever appeared more than so many times the average of the library."""


class TrainerLoad(StrEnum):
    """How much is asked of a trainer (负荷), beside the others of the library."""

    NEVER = "never"
    """从未邀请"""
    USUAL = "usual"
    """正常"""
    OFTEN = "often"
    """过于频繁"""


class TrainerLoadView(BaseModel):
    """How often a trainer was asked in a period, and when last."""

    trainer_id: UUID = Field(description="导师 / trainer")
    name: PersonName = Field(description="姓名 / name")
    works_at: str = Field(description="所在单位 / where they work")
    is_external: bool = Field(description="是否外聘 / whether from outside the register")
    appearances: int = Field(description="授课次数 / appearances")
    hours: Decimal = Field(description="授课学时 / hours carried")
    last_on: date | None = Field(description="最近一次 / day of the last one in the period")
    shortest_rest: int | None = Field(
        description="最短间隔（天） / fewest days between two of them, null below two"
    )
    load: TrainerLoad = Field(description="负荷 / how much is asked, beside the others")


class TrainerStudyView(BaseModel):
    """What a trainer studied in a calendar year, of what is asked of those who train others."""

    trainer_id: UUID = Field(description="导师 / trainer")
    year: int = Field(description="年度（自然年） / calendar year")
    hours: Decimal = Field(description="本人参训学时 / hours attended as a participant")
    trainer_hours: Decimal = Field(
        description="其中培训者培训学时 / of them, of the training of trainers"
    )
    required: Decimal = Field(
        description="应修学时，外聘专家为 0 / hours asked; of outside experts none"
    )
    missing: Decimal = Field(description="尚缺学时 / hours that are missing")


# What can be refused.


class TrainerPeriodUnfit(Invalid):
    """A period ends on the day it begins or later."""

    code = "trainer_period_unfit"
    zh = "统计期的截止日不能早于起始日。"
    en = "The period ends before it begins."


class TrainerStudyYearUnfit(Invalid):
    """A calendar has no such year."""

    code = "trainer_study_year_unfit"
    zh = "年度不存在。"
    en = "There is no such year."


# What may be asked.

_TRAINERS, _ACTIVITIES = (each.__table__ for each in (Trainer, Activity))  # type: ignore[union-attr]


def _asked() -> Any:
    """What was asked of a row of trainers in the period, as a lateral subquery."""
    day = _ACTIVITIES.c.starts_on
    carried = (
        select(
            day.label("day"),
            HOURS.label("hours"),
            (day - func.lag(day).over(order_by=day)).label("rest"),
        )
        .select_from(CARRIED)
        .where(
            is_carried_by(_TRAINERS.c),
            takes_place(_TRAINERS.c),
            day.between(bindparam("since", type_=Date), bindparam("until", type_=Date)),
        )
        .correlate(_TRAINERS)
        .subquery("carried")
    )
    return (
        select(
            func.count().label("appearances"),
            func.coalesce(func.sum(carried.c.hours), literal(Decimal("0.00"), AMOUNT)).label(
                "hours"
            ),
            func.max(carried.c.day).label("last_on"),
            func.min(carried.c.rest).label("shortest_rest"),
        )
        .select_from(carried)
        .lateral("asked")
    )


def _load() -> Statement:
    asked = _asked()
    often = asked.c.appearances > OFTEN * func.avg(asked.c.appearances).over()
    load = case(
        (asked.c.appearances == 0, TrainerLoad.NEVER.value),
        (often, TrainerLoad.OFTEN.value),
        else_=TrainerLoad.USUAL.value,
    )
    return Statement(
        select(
            _TRAINERS.c.id.label("trainer_id"),
            *(column.label(name) for name, column in PERSON.items()),
            *asked.c,
            load.label("load"),
        )
        .select_from(WITH_PERSON.join(asked, true()))
        .where(
            _TRAINERS.c.unit_id == bindparam("unit_id", type_=Uuid),
            _TRAINERS.c.state == TrainerState.ACCEPTED,
        )
        .order_by(asked.c.appearances.desc(), PERSON["name"], _TRAINERS.c.id)
    )


_LOAD = _load()


async def list_trainer_load(
    db: Connection, actor: Actor, *, unit_id: UUID, since: date, until: date
) -> list[Row]:
    """How much was asked of each trainer in the library of a unit, the most first; both days included."""
    if until < since:
        raise TrainerPeriodUnfit
    await UNITS.get(db, actor, unit_id, permission=Permission.TRAINER_READ)
    return await db.all(_LOAD, unit_id=unit_id, since=since, until=until)


_THERE = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


def _study() -> Statement:
    # Of occurrences of one session somebody attends one, and has attended it.
    session: Any = ActivitySession
    taught = literal(ActivityContent.TRAINER_TRAINING.value) == any_(col(Activity.content))
    held = (
        select(
            func.max(col(ActivitySession.hours)).label("hours"),
            func.bool_or(taught).label("of_trainers"),
        )
        .select_from(Attendance)
        .join(ActivitySession, col(Attendance.session_id) == col(ActivitySession.id))
        .join(Activity, col(Attendance.activity_id) == col(Activity.id))
        .where(
            col(Attendance.teacher_id) == bindparam("teacher_id", type_=Uuid),
            col(Attendance.role) == AttendanceRole.PARTICIPANT,
            is_among(col(Attendance.status), _THERE),
            col(Activity.state) != ActivityState.CANCELLED,
            and_(
                civil_day(session.starts_at) >= bindparam("first", type_=Date),
                civil_day(session.starts_at) <= bindparam("last", type_=Date),
            ),
        )
        .group_by(func.coalesce(session.occurrence_of, session.id))
        .subquery("held")
    )
    zero = literal(Decimal("0.00"), AMOUNT)
    return Statement(
        select(
            func.coalesce(func.sum(held.c.hours), zero).label("hours"),
            func.coalesce(func.sum(held.c.hours).filter(held.c.of_trainers), zero).label(
                "trainer_hours"
            ),
        ).select_from(held),
        beyond=Beyond.COUNTED,
    )


_STUDY = _study()


async def get_trainer_study(db: Connection, actor: Actor, *, trainer_id: UUID, year: int) -> Row:
    """What a trainer of the actor's place, or oneself, studied in a calendar year, by attendance.

    While they are in the library: it does not follow who declined, or has left, to where they went.
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise TrainerStudyYearUnfit
    trainer = await KEPT.get(db, actor, trainer_id)
    if trainer["state"] != TrainerState.ACCEPTED:
        raise TrainerGone
    [studied] = await db.all(
        _STUDY,
        teacher_id=trainer["teacher_id"],
        first=date(year, 1, 1),
        last=date(year, 12, 31),
    )
    required = Decimal("0.00") if trainer["is_external"] else YEARLY_STUDY
    return {
        "trainer_id": trainer_id, "year": year, **studied, "required": required,
        "missing": max(required - studied["hours"], Decimal("0.00")),
    }  # fmt: skip
