"""Giving titles, letting schools bear them for longer, and ending them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, column, exists, select, table
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.organisation.designations.designation import (
    DESIGNATIONS,
    Designation,
    DesignationEnd,
    DesignationExists,
    DesignationFields,
    DesignationLevel,
    NewDesignation,
)
from app.domain.organisation.facts import FactEnded, FactNotLater, check_day, end_fact
from app.domain.organisation.units import Level, NotASchool, hold_open_unit, hold_unit
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id

# What can be refused.


class DesignationOfCall(Conflict):
    """A title for which a bureau calls is borne by whom it was given, and written down by nobody else."""

    code = "designation_of_call"
    zh = "该称号由教育局通过创建申报授予（谁命名、谁撤销），不能直接登记。"
    en = "This title is given by the call of a bureau: it is not written into the register by hand."


class DesignationEndedByIssuer(Conflict):
    """谁命名、谁撤销: what was given under a call ends where it was given, with a reason and an appeal."""

    code = "designation_ended_by_issuer"
    zh = "该命名由创建申报授予（谁命名、谁撤销）：由命名的教育局撤销，学校可以申诉。"
    en = (
        "This title was given under a call: the bureau that gave it withdraws it, with a reason,"
        " and the school may appeal."
    )


# What may be asked.

# The wing above this one has calls and what was given under them; here are the columns that matter.
_CALLS = table(
    "demonstration_call",
    *(column(name, Uuid()) for name in ("id", "unit_id")),
    column("designation", Text()),
    column("opens_on", Date()),
)
_GIVEN = table("demonstration", column("designation_id", Uuid()))
_CALLERS = {DesignationLevel.CITY: "city_id", DesignationLevel.COUNTY: "county_id"}
_IS_OF_CALL = Statement(
    select(
        exists(
            select(_CALLS.c.id).where(
                _CALLS.c.unit_id == bindparam("caller_id", type_=Uuid),
                _CALLS.c.designation == bindparam("title", type_=Text),
                _CALLS.c.opens_on <= bindparam("since", type_=Date),
            )
        )
    )
)
_IS_GIVEN = Statement(
    select(
        exists(
            select(_GIVEN.c.designation_id).where(
                _GIVEN.c.designation_id == bindparam("designation_id", type_=Uuid)
            )
        )
    )
)

# What may be done.


async def award_designation(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewDesignation, now: datetime
) -> Row:
    """Record that a school was given a title; the bureau that administers it records it.

    A title that a bureau above the school has called for since is not recorded, but given under the call.
    """
    unit = await _hold_school(db, actor, unit_id)
    called = {"title": new.title, "since": new.valid_from or civil_date(now)}
    caller = _CALLERS.get(new.level)
    if caller and await db.value(_IS_OF_CALL, caller_id=unit[caller], **called):
        raise DesignationOfCall
    designation_id = await _record(db, unit_id, new, now)
    return await DESIGNATIONS.get(db, actor, designation_id)


async def give_designation(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewDesignation, now: datetime
) -> Row:
    """Give a school the title of a call; the caller has seen to it that it was won."""
    await _hold_school(db, actor, unit_id)
    designation_id = await _record(db, unit_id, new, now)
    return await DESIGNATIONS.get(db, actor, designation_id)


async def _hold_school(db: Connection, actor: Actor, unit_id: UUID) -> Row:
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.UNIT_WRITE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    return unit


async def restore_designation(
    db: Connection, *, unit_id: UUID, new: NewDesignation, now: datetime
) -> Row:
    """Give a school a title again that was taken from it wrongly.

    The caller knows that this is for the one to do who gave it, wherever the school lies by now.
    """
    await hold_open_unit(db, unit_id=unit_id)
    return {"id": await _record(db, unit_id, new, now)}


async def _record(db: Connection, unit_id: UUID, new: NewDesignation, now: datetime) -> UUID:
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    if new.valid_to is not None and new.valid_to <= since:
        raise FactNotLater(current=since.isoformat())
    designation_id = new_id()
    row = {**new.model_dump(), "id": designation_id, "unit_id": unit_id}
    try:
        await db.insert(Designation, {**row, "valid_from": since, "recorded_at": now})
    except ExclusionViolationError:
        raise DesignationExists from None
    return designation_id


async def end_designation(
    db: Connection, actor: Actor, *, designation_id: UUID, end: DesignationEnd, now: datetime
) -> Row:
    """End a designation on a day; ended on its first day it was recorded by mistake.

    One that was given under a call is withdrawn by whom it was given, and by nobody in this way.
    """
    held = await DESIGNATIONS.get(
        db, actor, designation_id, permission=Permission.UNIT_WRITE, lock=True
    )
    if await db.value(_IS_GIVEN, designation_id=designation_id):
        raise DesignationEndedByIssuer
    return await end_fact(db, table=Designation, held=held, on=end.on, now=now)


_HELD = Statement(
    select(*Designation.__table__.c)  # type: ignore[attr-defined]
    .where(col(Designation.id) == bindparam("designation_id", type_=Uuid))
    .with_for_update()
)


async def end_given_designation(db: Connection, *, designation_id: UUID, now: datetime) -> None:
    """End a title today for the one who gave it, wherever the school lies by now.

    The caller knows who that is.
    """
    held = await db.one(_HELD, designation_id=designation_id) or {}
    await end_fact(db, table=Designation, held=held, on=None, now=now)


async def extend_designation(
    db: Connection, actor: Actor, *, designation_id: UUID, valid_to: date, now: datetime
) -> Row:
    """Let a school bear a title for longer: the record is superseded by one that ends later."""
    held = await DESIGNATIONS.get(
        db, actor, designation_id, permission=Permission.UNIT_WRITE, lock=True
    )
    ends = held["valid_to"]
    is_over = held["superseded_at"] is not None or (ends is not None and ends <= civil_date(now))
    if is_over:
        raise FactEnded
    if ends is None or valid_to <= ends:
        raise FactNotLater(current=(ends or held["valid_from"]).isoformat())
    await db.change(Designation, designation_id, {"superseded_at": now})
    own = {name: held[name] for name in (*DesignationFields.model_fields, "unit_id", "valid_from")}
    row = {**own, "id": new_id(), "valid_to": valid_to, "recorded_at": now}
    await db.insert(Designation, row)
    return await DESIGNATIONS.get(db, actor, row["id"])
