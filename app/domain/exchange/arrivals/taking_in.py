"""Taking in what the province tells: once under its number, matched by the person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.arrivals.arrival import (
    ARRIVALS,
    Arrival,
    ArrivalFields,
    ArrivalKind,
    ArrivalState,
    NewArrival,
)
from app.domain.organisation.names_and_codes import UnitCode
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What can be refused.


class ArrivalKnown(Conflict):
    """The province's number was taken in before."""

    code = "arrival_known"
    zh = "该编号的来件已登记。"
    en = "An arrival with this number was taken in before."


class ArrivalNeedsCity(Invalid):
    """The province tells a city."""

    code = "arrival_needs_city"
    zh = "来件须以市为单位。"
    en = "An arrival is for a whole city."


# What may be asked.

_REACHED = Statement(
    select(func.coalesce(func.max(col(Arrival.sequence)), text("0"))).where(
        col(Arrival.city_id) == bindparam("city_id", type_=Uuid)
    )
)


async def arrivals_reached(db: Connection, *, city_id: UUID) -> int:
    """Up to which number the province's arrivals were fetched for a city."""
    return int(await db.value(_REACHED, city_id=city_id))


_CITIES = Statement(
    select(col(Unit.id)).where(col(Unit.level) == Level.CITY).order_by(col(Unit.id))
)


async def cities_told(db: Connection) -> list[UUID]:
    """The cities for which the province is asked: every one that is kept here."""
    return [row["id"] for row in await db.all(_CITIES)]


# What may be done.

_school_codes = (
    select(func.array_agg(col(UnitCode.code)))
    .where(col(UnitCode.unit_id) == col(Teacher.school_id), col(UnitCode.superseded_at).is_(None))
    .correlate(Teacher)
    .scalar_subquery()
)
_MATCH = Statement(
    select(
        *(col(getattr(Teacher, name)) for name in ("id", "name", *PLACE)),
        _school_codes.label("school_codes"),
    ).where(
        col(Teacher.city_id) == bindparam("city_id", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
        or_(
            col(Teacher.id) == bindparam("of_key", type_=Uuid),
            col(Teacher.id_number_index) == bindparam("of_number", type_=LargeBinary),
        ),
    )
)


async def hand_in_arrival(
    db: Connection, actor: Actor, *, new: NewArrival, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Take in what the province tells, as our client."""
    report = Permission.PROVINCE_REPORT
    unit = await UNITS.get(db, actor, new.city_id, permission=report)
    if unit["level"] != Level.CITY:
        raise ArrivalNeedsCity
    row = await _matched(db, new, cipher, now)
    try:
        await db.insert(Arrival, row)
    except UniqueViolationError:
        raise ArrivalKnown from None
    return await ARRIVALS.get(db, actor, row["id"])


async def take_in_arrivals(
    db: Connection,
    *,
    arrivals: Sequence[tuple[int, NewArrival]],
    cipher: PersonalDataCipher,
    now: datetime,
) -> int:
    """Take in what was fetched, each with its place; what is known by its number is left out."""
    taken = 0
    for sequence, new in arrivals:
        row = await _matched(db, new, cipher, now) | {"sequence": sequence}
        try:
            async with db.transaction():
                await db.insert(Arrival, row)
            taken += 1
        except UniqueViolationError:
            continue
    return taken


async def _matched(
    db: Connection, new: NewArrival, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """The row of an arrival with whom it matched: of two different people it is nobody's."""
    number = None
    if new.id_number is not None:
        number = cipher.blind_index(new.id_number.get_secret_value().strip().upper())
    found = await db.all(_MATCH, city_id=new.city_id, of_key=new.teacher_id, of_number=number)
    whom = found[0] if len(found) == 1 else None
    is_known = new.kind is ArrivalKind.ROSTER and _is_known(new, whom)
    nobody = {"city_id": new.city_id, "county_id": new.city_id, "school_id": None}
    return {
        "id": new_id(),
        **new.model_dump(include=set(ArrivalFields.model_fields)),
        "teacher_id": None if whom is None else whom["id"],
        **(nobody if whom is None else {name: whom[name] for name in PLACE}),
        "state": ArrivalState.TAKEN if is_known else ArrivalState.WAITING,
        "received_at": now,
        "settled_at": now if is_known else None,
        "opinion": "与本市一致 / it says what we know" if is_known else None,
    }


def _is_known(new: NewArrival, whom: Row | None) -> bool:
    if whom is None or new.name != whom["name"]:
        return False
    return new.school_code is None or new.school_code in (whom["school_codes"] or ())
