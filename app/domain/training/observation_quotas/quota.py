"""A quota: what it is, who knows of it, setting and ending it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Date,
    Index,
    SmallInteger,
    Uuid,
    any_,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    TODAY,
    Command,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_on,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.facts import FactEnded, end_fact, end_facts
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class ObserverRole(StrEnum):
    """As what somebody is asked to observe (听课人员类别); of several the foremost counts."""

    PRINCIPAL = "principal"
    """校长"""
    VICE_PRINCIPAL = "vice_principal"
    """副校长"""
    DIRECTOR = "director"
    """主任等中层领导"""
    NEW_TEACHER = "new_teacher"
    """新任教师"""
    BACKBONE = "backbone"
    """骨干教师"""
    TEACHER = "teacher"
    """一般教师"""


class ObservationTerm(StrEnum):
    """In how long (周期)."""

    SEMESTER = "semester"
    """学期"""
    YEAR = "year"
    """学年"""


MOST_LESSONS = 400
"""More lessons nobody is asked to observe in a term: two on every school day of a year."""


class QuotaFields(BaseModel):
    """How many lessons of whom, in which term."""

    role: ObserverRole = Field(description="人员类别 / role", sa_type=text_enum(ObserverRole))
    term: ObservationTerm = Field(description="周期 / term", sa_type=text_enum(ObservationTerm))
    lessons: int = Field(
        ge=1, le=MOST_LESSONS, description="听课节数 / lessons", sa_type=SmallInteger
    )


class ObservationQuota(QuotaFields, Placed, Dated, Table, table=True):
    """A quota, placed by the unit that asks it; of one role in one term it asks one number at a time."""

    __table_args__ = (
        *place_constraints(),
        *dated_constraints(),
        CheckConstraint(f"lessons BETWEEN 1 AND {MOST_LESSONS}", name="lessons"),
        ExcludeConstraint(
            (text("coalesce(school_id, county_id)"), "="), ("role", "="), ("term", "="),
            (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_observation_quota_holds_once", where=text("superseded_at IS NULL"),
        ),
        Index(
            "ix_observation_quota_unit", text("coalesce(school_id, county_id)"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        *(Index(None, name, "valid_from", "id") for name in ("school_id", "county_id", "city_id")),
    )  # fmt: skip

    id: UUID = key()


unit_of_quota = func.coalesce(col(ObservationQuota.school_id), col(ObservationQuota.county_id))
"""The unit that asks it."""


class QuotaView(QuotaFields):
    """A quota as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="设定单位 / unit that asks it")
    valid_from: date = Field(description="起始日 / first day on which it is asked")
    valid_to: date | None = Field(description="终止日（不含） / first day on which it no longer is")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewQuota(QuotaFields, Command):
    """A quota, from today unless said otherwise."""

    valid_from: date | None = Field(default=None, description="起始日，默认今天 / first day")


class QuotaEnd(Command):
    """The day from which it is no longer asked, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日，默认今天 / first day without it")


# What can be refused.


class QuotaNotFound(NotFound):
    """There is no such quota for the one who asks."""

    code = "observation_quota_not_found"
    zh = "未找到该听课任务。"
    en = "There is no such quota."


class QuotaExists(Conflict):
    """The unit asks another number of the same at that time: that is ended first."""

    code = "observation_quota_exists"
    zh = "本单位对该类人员在此时间已设定听课任务，请先终止。"
    en = "There is a quota of this unit for the same role and term at that time: end it first."


class QuotaTooLow(Invalid):
    """What is asked above is not lowered below."""

    code = "observation_quota_too_low"
    zh = "上级要求不少于 {lessons} 节，只能高于或等于上级要求。"
    en = "A superior asks for {lessons} lessons: a unit below may ask for more, not for less."


# What may be asked.

QUOTAS = Door(
    table=ObservationQuota,
    view=QuotaView,
    read=Permission.ASSESSMENT_READ,
    missing=QuotaNotFound,
    computed={"unit_id": unit_of_quota},
    # What a unit asks is known to everybody below it.
    audience=lambda audience: unit_of_quota == any_(audience),
    filters={
        "unit_id": unit_of_quota,
        "role": col(ObservationQuota.role),
        "in_force": lambda wanted: holds_on(ObservationQuota, TODAY) == wanted,
        "believed": lambda wanted: col(ObservationQuota.superseded_at).is_(None) == wanted,
    },
    sorts={"valid_from": (col(ObservationQuota.valid_from),)},
)


async def list_observation_quotas(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    role: ObserverRole | None = None,
    in_force: bool | None = None,
) -> Page:
    """What units in the actor's place ask, ended quotas too unless said otherwise."""
    filters = {"unit_id": unit_id, "role": role, "in_force": in_force, "believed": True}
    return await QUOTAS.page(db, actor, page, filters=filters)


async def list_own_observation_quotas(
    db: Connection, actor: Actor, *, page: PageRequest, role: ObserverRole | None = None
) -> Page:
    """What the units at and above the actor ask today."""
    filters = {"role": role, "in_force": True}
    return await QUOTAS.page(db, actor, page, filters=filters, published=True)


# What may be done.

_ends = col(ObservationQuota.valid_to)
_ASKED_ABOVE = Statement(
    select(func.max(col(ObservationQuota.lessons))).where(
        col(ObservationQuota.city_id) == bindparam("city_id", type_=Uuid),
        col(ObservationQuota.school_id).is_(None),
        or_(
            col(ObservationQuota.county_id) == bindparam("county_id", type_=Uuid),
            col(ObservationQuota.county_id) == col(ObservationQuota.city_id),
        ),
        unit_of_quota != bindparam("unit_id", type_=Uuid),
        col(ObservationQuota.role) == bindparam("role", type_=text_enum(ObserverRole)),
        col(ObservationQuota.term) == bindparam("term", type_=text_enum(ObservationTerm)),
        col(ObservationQuota.superseded_at).is_(None),
        _ends.is_(None) | (_ends > bindparam("day", type_=Date)),
    )
)


async def set_observation_quota(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewQuota, now: datetime
) -> Row:
    """Ask a number of lessons of a role: no fewer than a superior asks from that day on."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.ASSESSMENT_WRITE)
    day = new.valid_from or civil_date(now)
    place = place_of(unit)
    above: dict[str, Any] = {name: place[name] for name in ("city_id", "county_id")}
    least = await db.value(
        _ASKED_ABOVE, **above, unit_id=unit_id, role=new.role, term=new.term, day=day
    )
    if least is not None and new.lessons < least:
        raise QuotaTooLow(lessons=str(least))
    quota_id = new_id()
    row = {
        "id": quota_id,
        **new.model_dump(include=set(QuotaFields.model_fields)),
        **place,
        "valid_from": day,
    }
    try:
        await db.insert(ObservationQuota, row)
    except ExclusionViolationError:
        raise QuotaExists from None
    return await QUOTAS.get(db, actor, quota_id)


async def end_observation_quota(
    db: Connection, actor: Actor, *, quota_id: UUID, end: QuotaEnd, now: datetime
) -> Row:
    """No longer ask it, from a day on; that it was asked until then can still be told.

    One that is yet to begin is taken back: it never holds.
    """
    write = Permission.ASSESSMENT_WRITE
    held = await QUOTAS.get(db, actor, quota_id, permission=write, lock=True)
    begins = held["valid_from"]
    if begins > civil_date(now) and end.on in (None, begins):
        if not await end_facts(
            db, table=ObservationQuota, owners=["id"], owner=quota_id, on=begins, now=now
        ):
            raise FactEnded
        return {**held, "valid_to": begins}
    return await end_fact(db, table=ObservationQuota, held=held, on=end.on, now=now)
