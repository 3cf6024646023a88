"""A regulation as it is shown, and which of the five sets a school lacks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date
from app.domain.errors import NotFound
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.paging import Page, PageRequest
from app.domain.quality.regulations.table import (
    Regulation,
    RegulationFields,
    RegulationKind,
    RegulationVersion,
    RegulationVersionFields,
)
from app.sql import Connection, Row, Statement


class RegulationView(RegulationFields):
    """A regulation as both faces show it, with the version that was added last."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="制定单位 / unit that made it")
    version: int = Field(description="最新版本号 / number of the latest version")
    effective_from: date = Field(description="最新版本施行日期 / from when that holds")
    signed_by: str | None = Field(description="最新版本落款 / who signed that")
    repealed_on: date | None = Field(description="废止日期 / first day without it, once repealed")
    in_force: bool = Field(description="今日是否有效 / whether it holds today: begun, not repealed")


class RegulationVersionView(RegulationVersionFields):
    """One text of a regulation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    regulation_id: UUID = Field(description="制度 / regulation")
    number: int = Field(description="版本号 / number of the version")
    added_at: datetime = Field(description="登记时间 / when it was added")


class MissingRegulationsView(BaseModel):
    """What a school lacks of the five sets."""

    unit_id: UUID = Field(description="学校 / school")
    name: str = Field(description="学校名称 / its name")
    missing: list[RegulationKind] = Field(description="缺少的制度类别 / sets that it lacks")


class RegulationCoverageView(BaseModel):
    """How many schools of a bureau have regulations of a kind."""

    unit_id: UUID = Field(description="主管教育局 / bureau in charge")
    name: str = Field(description="名称 / its name")
    kind: RegulationKind = Field(description="制度类别 / kind")
    schools: int = Field(description="学校数 / schools of which it is in charge")
    with_it: int = Field(description="已建立的学校数 / of them, those that have it")


# What can be refused.


class RegulationNotFound(NotFound):
    """There is no such regulation for the one who asks."""

    code = "regulation_not_found"
    zh = "未找到该制度。"
    en = "There is no such regulation."


# What may be asked.

_R: Any = Regulation.__table__  # type: ignore[attr-defined]
_V: Any = RegulationVersion.__table__  # type: ignore[attr-defined]
_U: Any = Unit.__table__  # type: ignore[attr-defined]


_begun = _V.alias("begun")


def holds(day: Any) -> ColumnElement[bool]:
    """The predicate 'this row of regulations holds on that day': a text has come into force, none ended it."""
    has_begun = exists(
        select(_begun.c.id).where(_begun.c.regulation_id == _R.c.id, _begun.c.effective_from <= day)
    ).correlate_except(_begun)
    return and_(or_(_R.c.repealed_on.is_(None), _R.c.repealed_on > day), has_begun)


REGULATIONS = Door(
    table=Regulation,
    view=RegulationView,
    read=Permission.DOCUMENT_READ,
    missing=RegulationNotFound,
    audience=lambda addresses: _R.c.unit_id == any_(addresses),
    computed={
        "effective_from": _V.c.effective_from,
        "signed_by": _V.c.signed_by,
        "in_force": holds(TODAY),
    },
    joined=_R.join(_V, and_(_V.c.regulation_id == _R.c.id, _V.c.number == _R.c.version)),
    filters={
        "unit_id": _R.c.unit_id,
        "kind": _R.c.kind,
        "in_force_on": holds,
    },
    sorts={"created": (), "title": (_R.c.plain_title,)},
)
"""Regulations are read by the people of the unit, and by whoever reads documents in its place."""


async def get_regulation(db: Connection, actor: Actor, *, regulation_id: UUID) -> Row:
    """One regulation of the actor's place or units."""
    return await REGULATIONS.get(db, actor, regulation_id)


async def list_regulations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: RegulationKind | None = None,
    in_force_on: date | None = None,
) -> Page:
    """The regulations of the units in the actor's place."""
    filters = {"unit_id": unit_id, "kind": kind, "in_force_on": in_force_on}
    return await REGULATIONS.page(db, actor, page, filters=filters)


async def list_own_regulations(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The regulations of the actor's units, and of those above them."""
    return await REGULATIONS.page(db, actor, page, published=True)


_VERSIONS = Statement(
    select(*(_V.c[name] for name in RegulationVersionView.model_fields))
    .where(_V.c.regulation_id == bindparam("regulation_id", type_=Uuid))
    .order_by(_V.c.number)
)


async def list_regulation_versions(
    db: Connection, actor: Actor, *, regulation_id: UUID
) -> list[Row]:
    """All the texts that a regulation has had, the first first."""
    await REGULATIONS.get(db, actor, regulation_id)
    return await db.all(_VERSIONS, regulation_id=regulation_id)


def _schools() -> Select[Any]:
    """The open schools at or below a unit, each with the kinds that it has on a day."""
    unit_id, day = bindparam("unit_id", type_=Uuid), bindparam("day", type_=Date)
    kinds = (
        select(func.coalesce(func.array_agg(cast(_R.c.kind, Text).distinct()), []).label("kinds"))
        .where(_R.c.unit_id == _U.c.id, holds(day))
        .correlate(_U)
        .lateral("held")
    )
    return (
        select(_U.c.id, _U.c.name, _U.c.county_id, kinds.c.kinds)
        .join_from(_U, kinds, true())
        .where(
            _U.c.level == Level.SCHOOL,
            _U.c.closed_on.is_(None),
            or_(*(_U.c[name] == unit_id for name in PLACE)),
        )
    )


_kinds = func.unnest(bindparam("all_kinds", type_=ARRAY(Text))).table_valued("kind", name="kinds")
_kinds = _kinds.render_derived()


def _missing() -> Statement:
    school = _schools().subquery("school")
    lacking = func.array(
        select(_kinds.c.kind)
        .where(_kinds.c.kind != func.all(school.c.kinds))
        .correlate(school)
        .scalar_subquery()
    )
    found = select(school.c.id.label("unit_id"), school.c.name, lacking.label("missing"))
    return Statement(
        found.where(func.cardinality(lacking) > 0).order_by(school.c.name, school.c.id)
    )


def _coverage() -> Statement:
    school, bureau = _schools().subquery("school"), _U.alias("bureau")
    has = _kinds.c.kind == any_(school.c.kinds)
    return Statement(
        select(
            bureau.c.id.label("unit_id"), bureau.c.name, _kinds.c.kind,
            func.count().label("schools"), func.count().filter(has).label("with_it"),
        )
        .select_from(
            school.join(bureau, bureau.c.id == school.c.county_id).join(_kinds, true())
        )
        .group_by(bureau.c.id, bureau.c.name, _kinds.c.kind)
        .order_by(bureau.c.name, bureau.c.id, func.array_position(_ALL, _kinds.c.kind))
    )  # fmt: skip


_ALL = bindparam("all_kinds", type_=ARRAY(Text))
_MISSING, _COVERAGE = _missing(), _coverage()


async def _asked(
    db: Connection, actor: Actor, statement: Statement, unit_id: UUID, now: datetime
) -> list[Row]:
    await UNITS.get(db, actor, unit_id, permission=Permission.DOCUMENT_READ)
    kinds = [kind.value for kind in RegulationKind]
    return await db.all(statement, unit_id=unit_id, day=civil_date(now), all_kinds=kinds)


async def list_missing_regulations(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime
) -> list[Row]:
    """The schools at or below a unit that lack any of the five sets today, each with what it lacks."""
    return await _asked(db, actor, _MISSING, unit_id, now)


async def list_regulation_coverage(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime
) -> list[Row]:
    """Of each bureau at or below a unit, how many of its schools have each of the five sets today."""
    return await _asked(db, actor, _COVERAGE, unit_id, now)
