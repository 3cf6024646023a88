"""The register of units: who may read it, what is entered into it and changed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Invalid, Unfit
from app.domain.organisation.facts import end_of
from app.domain.organisation.location_classes import (
    LocationClass,
    LocationCode,
    class_of,
    location_of,
)
from app.domain.organisation.names_and_codes import (
    UnitCode,
    UnitNamed,
    name_and_code_of,
)
from app.domain.organisation.units.unit import (
    Level,
    Stage,
    Unit,
    UnitClosed,
    UnitNotFound,
    UnitView,
    place_of,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement


class UnitChanges(Command):
    """What of a school is to be changed; what is left out stays as it is."""

    stages: list[Stage] = Field(
        default_factory=list, min_length=1, max_length=4, description="学段 / stages of schooling"
    )
    location: LocationClass | None = Field(
        default=None, description="城乡分类 / urban, town or rural"
    )
    location_code: LocationCode | None = Field(
        default=None, description="城乡分类细分，决定分类 / finer class; it decides the class"
    )

    @model_validator(mode="after")
    def _fits(self) -> "UnitChanges":
        if len(set(self.stages)) < len(self.stages):
            raise Unfit("学段不得重复。", "Each stage is named once.")
        if self.location_code is not None:
            if self.location not in {None, class_of(self.location_code)}:
                raise Unfit("城乡分类细分与分类不符。", "The finer class is of another class.")
            self.location = class_of(self.location_code)
        return self


# What can be refused.


class NotASchool(Invalid):
    """Stages and location classes are of schools, and so is what is asked for here."""

    code = "unit_not_a_school"
    zh = "此操作仅适用于学校。"
    en = "This is for schools only."


# What may be asked.

_IN_FORCE = (
    (col(UnitCode.unit_id) == col(Unit.id))
    & col(UnitCode.superseded_at).is_(None)
    & col(UnitCode.valid_to).is_(None)
)


def _is_ancestor(audience: Any) -> Any:
    return col(Unit.id) == any_(audience)


def _was_known_as(words: Any) -> Any:
    """That a unit has, or once had, this name or this code."""
    return or_(
        *(
            exists().where(
                col(fact.unit_id) == col(Unit.id), said == words, col(fact.superseded_at).is_(None)
            )
            for fact, said in ((UnitNamed, col(UnitNamed.name)), (UnitCode, col(UnitCode.code)))
        )
    )


UNITS = Door(
    table=Unit,
    view=UnitView,
    read=Permission.UNIT_READ,
    missing=UnitNotFound,
    # Not joined: most of those who read units do not ask for their codes.
    computed={"code": select(col(UnitCode.code)).where(_IN_FORCE).scalar_subquery()},
    audience=_is_ancestor,
    filters={
        "level": col(Unit.level),
        "parent_id": col(Unit.parent_id),
        "county_id": col(Unit.county_id),
        "stage": lambda stage: stage == any_(col(Unit.stages)),
        "code": lambda code: exists().where(_IN_FORCE, col(UnitCode.code) == code),
        "location": col(Unit.location),
        "closed": lambda closed: col(Unit.closed_on).is_not(None) == closed,
        "known_as": _was_known_as,
    },
    sorts={"name": (col(Unit.name),), "created": ()},
)


async def get_unit(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
    lock: bool = False,
) -> Row:
    """One unit within the actor's reach: below a grant's unit, or above it.

    With `as_of` under the name and the code of that day, and where it lay; with `known_on` as was
    believed then.
    """
    unit = await UNITS.get(db, actor, unit_id, lock=lock)
    day = as_of or known_on
    if day is None:
        return unit
    then: Row = {"unit_id": unit_id, "day": day, "known_at": end_of(known_on)}
    return unit | await name_and_code_of(db, **then) | await location_of(db, **then)


async def list_units(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    level: Level | None = None,
    parent_id: UUID | None = None,
    stage: Stage | None = None,
    code: str | None = None,
    location: LocationClass | None = None,
    known_as: str | None = None,
    closed: bool = False,
) -> Page:
    """The units below the actor's grants, by name unless sorted otherwise: the open ones, or the closed."""
    filters = {
        "level": level, "parent_id": parent_id, "stage": stage, "code": code,
        "location": location, "known_as": known_as, "closed": closed,
    }  # fmt: skip
    return await UNITS.page(db, actor, page, filters=filters)


async def list_children(db: Connection, actor: Actor, *, unit_id: UUID, page: PageRequest) -> Page:
    """The open units directly below one unit that the actor may see."""
    await UNITS.get(db, actor, unit_id)
    return await UNITS.page(db, actor, page, filters={"parent_id": unit_id, "closed": False})


async def units_by_id(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many units by their keys; None where the actor may not see one."""
    return await UNITS.by_id(db, actor, unit_ids, columns=columns)


async def counties_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The open county-level units of many cities, by name."""
    owner, filters = col(Unit.parent_id), {"level": Level.COUNTY, "closed": False}
    return await UNITS.rows_of(db, actor, owner, unit_ids, filters=filters, columns=columns)


async def schools_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The open schools directly under many bureaux, by name: a county's, or the city-direct ones."""
    owner, filters = col(Unit.parent_id), {"level": Level.SCHOOL, "closed": False}
    return await UNITS.rows_of(db, actor, owner, unit_ids, filters=filters, columns=columns)


# What may be done.

_held = select(col(Unit.closed_on), col(Unit.county_id)).where(
    col(Unit.id) == bindparam("unit_id", type_=Uuid)
)
_HOLD = Statement(_held.with_for_update(key_share=True, read=True))
# Of two who hold it thus and then change it each would wait for the other: a change of a row that has
# computed columns and a trigger before it takes the whole row, its keys included.
_HOLD_TO_CHANGE = Statement(_held.with_for_update())


async def hold_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, permission: Permission, to_change: bool = False
) -> Row:
    """The unit, if the actor holds the permission there and it is open.

    Until the transaction ends it is neither closed nor moved: what is placed in it meanwhile lies
    where it was said to. Who will change the unit itself says so (`to_change`), and has it alone.
    """
    await db.one(_HOLD_TO_CHANGE if to_change else _HOLD, unit_id=unit_id)
    unit = await UNITS.get(db, actor, unit_id, permission=permission)
    if unit["closed_on"] is not None:
        raise UnitClosed(day=unit["closed_on"].isoformat())
    return unit


async def hold_open_unit(db: Connection, *, unit_id: UUID) -> None:
    """Hold an open unit in the same way; the caller knows that the actor may do there what they do."""
    held = await db.one(_HOLD, unit_id=unit_id)
    if held is None:
        raise UnitNotFound
    if held["closed_on"] is not None:
        raise UnitClosed(day=held["closed_on"].isoformat())


_many = (
    select(col(Unit.id))
    .where(col(Unit.id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))))
    .order_by(col(Unit.id))
)
_HOLD_MANY = Statement(_many.with_for_update(key_share=True, read=True))
_HOLD_MANY_TO_CHANGE = Statement(_many.with_for_update())


async def hold_units(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Collection[UUID],
    permission: Permission,
    to_change: bool = False,
) -> dict[UUID, Row]:
    """The same of many units with two statements; what one of them is refused for, all are."""
    ids = sorted(set(unit_ids))
    await db.all(_HOLD_MANY_TO_CHANGE if to_change else _HOLD_MANY, unit_ids=ids)
    units: dict[UUID, Row] = {}
    for unit_id, unit in (await UNITS.by_id(db, actor, ids)).items():
        if unit is None:
            raise UnitNotFound
        actor.require(permission, place_of(unit))
        if unit["closed_on"] is not None:
            raise UnitClosed(day=unit["closed_on"].isoformat())
        units[unit_id] = unit
    return units


_LOCK_CITY = Statement(
    select(col(Unit.id))
    .where(col(Unit.id) == bindparam("city_id", type_=Uuid))
    .with_for_update(key_share=True)
)


async def lock_city(db: Connection, *, city_id: UUID) -> None:
    """Let what rearranges the units of a city happen one after the other; taken before any unit."""
    await db.one(_LOCK_CITY, city_id=city_id)
