"""Closing, merging and moving units, and what is asked about it.

Locks are taken in one order: the city, what is in the school, the accounts, the schools. So what
rearranges the units of a city happens one after the other, and whoever enters, recognises or grants
something meanwhile waits, or is waited for.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.administrators import is_administering
from app.domain.access.grants import RoleGrant
from app.domain.access.holders import end_grants_over, raise_versions_over
from app.domain.access.roles import Permission
from app.domain.base import TODAY, columns_of, in_force
from app.domain.organisation.reorganisations.dating import check_not_before, effective_day
from app.domain.organisation.reorganisations.ending import end_attachments, end_what_holds
from app.domain.organisation.reorganisations.following import (
    bring_along,
    count_sent,
    count_teachers,
    hold_followers,
    last_left,
    subjects_in,
)
from app.domain.organisation.reorganisations.pairs import part_pairs
from app.domain.organisation.reorganisations.reorganisation import (
    AlreadyThere,
    CityStays,
    Closure,
    Merger,
    MoneyInTransit,
    Move,
    Reorganisation,
    ReorganisationKind,
    ReorganisationView,
    UnitNotEmpty,
)
from app.domain.organisation.reorganisations.service import end_service
from app.domain.organisation.units import (
    UNITS,
    CannotSupervise,
    Level,
    NotASchool,
    Unit,
    UnitClosed,
    lock_city,
    place_of,
)
from app.sql import Connection, Row, Statement, new_id

# What may be asked.

_CONCERNED = ("unit_id", "successor_id", "from_id", "to_id")
_OF_UNIT = Statement(
    select(*columns_of(Reorganisation, ReorganisationView))
    .where(
        or_(
            *(
                col(getattr(Reorganisation, name)) == bindparam("unit_id", type_=Uuid)
                for name in _CONCERNED
            )
        )
    )
    .order_by(col(Reorganisation.effective_on), col(Reorganisation.id))
)


async def list_reorganisations(db: Connection, actor: Actor, *, unit_id: UUID) -> Sequence[Row]:
    """What happened to a unit, or led to or from it, the earliest first.

    Of what lies above the actor only what happened to itself: the others are seen from there.
    """
    unit = await UNITS.get(db, actor, unit_id)
    within = actor.scope(Permission.UNIT_READ).covers(place_of(unit))
    rows = await db.all(_OF_UNIT, unit_id=unit_id)
    return [row for row in rows if within or row["unit_id"] == unit_id]


# What may be done.


async def close_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, closure: Closure, now: datetime
) -> Row:
    """Close a county-level unit or a school in which there is nothing and nobody left."""
    unit = await _begin(db, actor, unit_id, now)
    on = effective_day(closure, now)
    if unit["level"] == Level.CITY:
        raise CityStays
    [locked] = await _lock(db, [unit_id])
    _check_open(locked)
    await _check_empty(db, unit_id)
    await check_not_before(db, unit_ids=[unit_id], on=on, left=await last_left(db, unit_id=unit_id))
    await end_attachments(db, actor, unit_id=unit_id, on=on, now=now)
    await end_service(db, unit_id=unit_id, on=on, now=now)
    return await _end(db, actor, locked, closure, on, now)


async def merge_school(
    db: Connection, actor: Actor, *, unit_id: UUID, merger: Merger, now: datetime
) -> Row:
    """Merge a school into another: its people and what is theirs go on there, and it is closed.

    What it did until then stays on its own record.
    """
    await _begin(db, actor, unit_id, now)
    permission = Permission.UNIT_REORGANISE
    await UNITS.get(db, actor, merger.successor_id, permission=permission)
    on = effective_day(merger, now)
    if merger.successor_id == unit_id:
        raise AlreadyThere
    units = {row["id"]: row for row in await _lock(db, [unit_id, merger.successor_id])}
    unit, successor = units[unit_id], units[merger.successor_id]
    for each in (unit, successor):
        if each["level"] != Level.SCHOOL:
            raise NotASchool
        _check_open(each)
    await check_not_before(db, unit_ids=[unit_id, successor["id"]], on=on)
    await end_attachments(db, actor, unit_id=unit_id, on=on, now=now)
    await bring_along(db, unit_id=unit_id, successor=successor, on=on, now=now)
    return await _end(db, actor, unit, merger, on, now)


_PLACE_UNDER = Statement(
    update(Unit)
    .where(col(Unit.id) == bindparam("unit_id", type_=Uuid))
    .values({name: bindparam("bureau_id", type_=Uuid) for name in ("parent_id", "county_id")})
)


async def move_school(
    db: Connection, actor: Actor, *, unit_id: UUID, move: Move, now: datetime
) -> Row:
    """Place a school under another bureau; everything placed in it follows."""
    await _begin(db, actor, unit_id, now)
    await UNITS.get(db, actor, move.bureau_id, permission=Permission.UNIT_REORGANISE)
    on = effective_day(move, now)
    units = {row["id"]: row for row in await _lock(db, [unit_id, move.bureau_id])}
    unit, bureau = units[unit_id], units[move.bureau_id]
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    if bureau["level"] == Level.SCHOOL:
        raise CannotSupervise
    _check_open(unit)
    _check_open(bureau)
    if unit["parent_id"] == bureau["id"]:
        raise AlreadyThere
    if sent := await count_sent(db, unit_id=unit_id):
        raise MoneyInTransit(sent=sent)
    await check_not_before(db, unit_ids=[unit_id], on=on)
    await db.run(_PLACE_UNDER, unit_id=unit_id, bureau_id=bureau["id"])
    await part_pairs(db, school_id=unit_id, on=on)
    told = {"from_id": unit["parent_id"], "to_id": bureau["id"]}
    await _record(db, actor, unit_id, ReorganisationKind.MOVE, move, on, now, **told)
    return await UNITS.get(db, actor, unit_id)


async def _begin(db: Connection, actor: Actor, unit_id: UUID, now: datetime) -> Row:
    """The unit, if the actor may reorganise it; its city and what is in it are held.

    The tokens of everybody with a grant over it, or over anything in it, end: they carry its place.
    """
    permission = Permission.UNIT_REORGANISE
    unit = await UNITS.get(db, actor, unit_id, permission=permission)
    await lock_city(db, city_id=unit["city_id"])
    # Asked again: somebody may have moved it away from the actor while the city was waited for.
    unit = await UNITS.get(db, actor, unit_id, permission=permission)
    await hold_followers(db, unit_id=unit_id)
    subjects = await subjects_in(db, unit_id=unit_id)
    await raise_versions_over(db, subject_ids=[unit_id, *subjects], now=now)
    return unit


_LOCK = Statement(
    select(
        *(
            col(getattr(Unit, name))
            for name in ("id", "level", "parent_id", "city_id", "county_id", "closed_on")
        )
    )
    .where(col(Unit.id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))))
    .order_by(col(Unit.id))
    .with_for_update()
)


async def _lock(db: Connection, unit_ids: list[UUID]) -> list[Row]:
    return await db.all(_LOCK, unit_ids=unit_ids)


def _check_open(unit: Row) -> None:
    if unit["closed_on"] is not None:
        raise UnitClosed(day=unit["closed_on"].isoformat())


_SCHOOLS_BELOW = (
    select(func.count())
    .select_from(Unit)
    .where(col(Unit.parent_id) == bindparam("unit_id", type_=Uuid), col(Unit.closed_on).is_(None))
)
_ACCOUNTS_IN_USE = (
    select(func.count())
    .select_from(Account)
    .where(
        func.coalesce(col(Account.school_id), col(Account.county_id))
        == bindparam("unit_id", type_=Uuid),
        col(Account.suspended_at).is_(None),
        # A unit is never without an administrator: they go last, with their rights over it.
        ~exists().where(
            col(RoleGrant.account_id) == col(Account.id),
            col(RoleGrant.subject_id) == bindparam("unit_id", type_=Uuid),
            is_administering(col(RoleGrant.role)),
            col(RoleGrant.superseded_at).is_(None),
            in_force(RoleGrant, TODAY),
        ),
    )
)
_LEFT = Statement(
    select(
        _SCHOOLS_BELOW.scalar_subquery().label("schools"),
        _ACCOUNTS_IN_USE.scalar_subquery().label("accounts"),
    )
)


async def _check_empty(db: Connection, unit_id: UUID) -> None:
    left = await db.one(_LEFT, unit_id=unit_id)
    found = {**(left or {}), "teachers": await count_teachers(db, unit_id=unit_id)}
    if any(found.values()):
        raise UnitNotEmpty(**found)


_CLOSE = Statement(
    update(Unit)
    .where(col(Unit.id) == bindparam("unit_id", type_=Uuid))
    .values(closed_on=bindparam("on", type_=Date))
)


async def _end(
    db: Connection,
    actor: Actor,
    unit: Row,
    closure: Closure,
    on: date,
    now: datetime,
) -> Row:
    """Close a unit: its code is void, what holds of it ends, and so do the grants over it."""
    unit_id = unit["id"]
    await end_grants_over(db, actor, subject_ids=[unit_id], now=now)
    await end_what_holds(db, unit_id=unit_id, on=on, now=now)
    await db.run(_CLOSE, unit_id=unit_id, on=on)
    successor_id = closure.successor_id if isinstance(closure, Merger) else None
    kind = ReorganisationKind.MERGER if successor_id else ReorganisationKind.CLOSURE
    await _record(db, actor, unit_id, kind, closure, on, now, successor_id=successor_id)
    return await UNITS.get(db, actor, unit_id)


async def _record(
    db: Connection,
    actor: Actor,
    unit_id: UUID,
    kind: ReorganisationKind,
    closure: Closure,
    on: date,
    now: datetime,
    **told: UUID | None,
) -> None:
    row = {
        "id": new_id(),
        "unit_id": unit_id,
        "kind": kind,
        "effective_on": on,
        "document": closure.document,
        "recorded_at": now,
        "recorded_by": actor.account_id,
    }
    await db.insert(Reorganisation, row | told)
