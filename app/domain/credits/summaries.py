"""Summaries (学分汇总): the credit of a school, a county or a city, summed on reading.

The sums of each school are kept by the database as standings come, change and move (see
`standings.table.SchoolCredit`); a county is the sum of its schools, a city the sum of all in it,
those directly under the city included. They are of the pack in force today, in its present cycle.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ARRAY,
    Select,
    Uuid,
    any_,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE, Columns
from app.domain.access.roles import Permission
from app.domain.base import as_shown
from app.domain.credits.standings.governing import counts_today
from app.domain.credits.standings.table import SchoolCredit
from app.domain.organisation.units import UNITS, Level, Unit, UnitNotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import SchoolRegister
from app.sql import Connection, Row, Statement


class CreditSummaryView(BaseModel):
    """The credit of a unit and all below it, in the present cycle."""

    unit_id: UUID = Field(description="单位 / unit")
    teachers: int = Field(description="在册教师数 / teachers on the register")
    with_credit: int = Field(description="有学分记录的教师数 / teachers with any entry in force")
    met: int = Field(description="已达标教师数 / teachers who have met all that is asked")
    entries: int = Field(description="有效记录数 / entries in force")
    earned_hours: Decimal = Field(description="取得学时 / hours earned")
    earned_credits: Decimal = Field(description="取得学分 / credits earned")
    counted_hours: Decimal = Field(description="计入学时 / hours that count")
    counted_credits: Decimal = Field(description="计入学分 / credits that count")


class ComplianceView(CreditSummaryView):
    """One line of a compliance list: a unit with its summary."""

    name: str = Field(description="单位名称 / name of the unit")
    level: Level = Field(description="层级 / level")


# What may be asked.

_SUMS = {
    "with_credit": "teachers",
    "met": "met",
    "entries": "entries",
    "earned_hours": "earned_hours",
    "earned_credits": "earned_credits",
    "counted_hours": "counted_hours",
    "counted_credits": "counted_credits",
}
"""Field of the summary to column of the school's sums."""


_UNITS = Unit.__table__  # type: ignore[attr-defined]
_SCHOOLS = _UNITS.alias("school")
_REGISTERED = SchoolRegister.__table__.c  # type: ignore[attr-defined]
_SUMMED = SchoolCredit.__table__.c  # type: ignore[attr-defined]
_ASKED = bindparam("unit_ids", type_=ARRAY(Uuid))
_UNIT_ID = itemgetter("unit_id")


@lru_cache(maxsize=256)
def _summaries(shape: Shape, only: Columns) -> Statement:
    """The units asked for within the scope: schools by their own rows, bureaux by their schools'."""
    teachers = {"teachers": _REGISTERED.teachers}
    sums = {label: _SUMMED[name] for label, name in _SUMS.items()}
    registered, summed = (
        {label: column for label, column in columns.items() if only is None or label in only}
        for columns in (teachers, sums)
    )
    seen = within(shape, {name: _UNITS.c[name] for name in PLACE})
    return Statement(
        union_all(
            _of_schools(registered, summed, only).where(
                _UNITS.c.id == any_(_ASKED), _UNITS.c.level == Level.SCHOOL, seen
            ),
            _of_bureaux(registered, summed, only).where(_UNITS.c.bureau_id == any_(_ASKED), seen),
        )
    )


def _of_schools(teachers: dict[str, Any], sums: dict[str, Any], only: Columns) -> Select[Any]:
    """Each school with its rows, which are searched for by all keys at once, not one by one."""
    held = _UNITS
    if teachers:
        own = _REGISTERED.school_id == _UNITS.c.id
        held = held.outerjoin(SchoolRegister, own & (_REGISTERED.school_id == any_(_ASKED)))
    if sums:
        own = _SUMMED.school_id == _UNITS.c.id
        own &= (_SUMMED.school_id == any_(_ASKED)) & counts_today(_UNITS.c.city_id, _SUMMED)
        held = held.outerjoin(SchoolCredit, own)
    return _shown(teachers | sums, only).select_from(held)


def _of_bureaux(teachers: dict[str, Any], sums: dict[str, Any], only: Columns) -> Select[Any]:
    """Each bureau with the sums of its schools, whose keys are gathered first."""
    keys = case(
        (_UNITS.c.level == Level.CITY, _schools_by("city_id")), else_=_schools_by("county_id")
    )
    # The offset keeps the planner from gathering them again for each sum.
    below = select(keys.label("school_ids")).correlate(_UNITS).offset(0).lateral("below")
    held = _UNITS.join(below, true())
    found: dict[str, Any] = {}
    for columns, conditions in (
        (teachers, [_REGISTERED.school_id == any_(below.c.school_ids)]),
        (
            sums,
            [
                _SUMMED.school_id == any_(below.c.school_ids),
                counts_today(_UNITS.c.city_id, _SUMMED),
            ],
        ),
    ):
        if columns:
            summed = select(*(func.sum(column).label(label) for label, column in columns.items()))
            rows = summed.where(*conditions).correlate(_UNITS, below).lateral()
            held = held.join(rows, true())
            found |= {label: rows.c[label] for label in columns}
    return _shown(found, only).select_from(held)


def _schools_by(place: str) -> Any:
    """The keys of a bureau's schools, as an array; `place` is the school's column that names it."""
    schools = select(_SCHOOLS.c.id).where(
        _SCHOOLS.c[place] == _UNITS.c.id, _SCHOOLS.c.level == Level.SCHOOL
    )
    return func.array(schools.correlate(_UNITS).scalar_subquery(), type_=ARRAY(Uuid))


def _shown(columns: dict[str, Any], only: Columns) -> Select[Any]:
    """The key of a unit with these columns, nothing being 0."""
    sums = [
        func.coalesce(column, literal(0, column.type)).label(label)
        for label, column in columns.items()
    ]
    return select(_UNITS.c.id.label("unit_id"), *(sums if only is None else map(as_shown, sums)))


async def summaries_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """The summaries of many units, None where the actor may not see one; one statement."""
    answer: dict[UUID, Row | None] = dict.fromkeys(unit_ids)
    scope = actor.scope(Permission.SUMMARY_READ)
    shape = tuple(name for name in scope.shape if name in PLACE)
    if not shape or not answer:
        return answer
    places = {f"scope_{name}": scope.values[name] for name in shape}
    read = db.all if columns is None else db.records
    rows = await read(_summaries(shape, columns), unit_ids=list(answer), **places)
    answer |= zip(map(_UNIT_ID, rows), rows, strict=True)
    return answer


async def get_credit_summary(db: Connection, actor: Actor, *, unit_id: UUID) -> Row:
    """The credit of one unit and all below it."""
    await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    row = (await summaries_of(db, actor, unit_ids=[unit_id]))[unit_id]
    if row is None:
        raise UnitNotFound
    return row


async def list_compliance(
    db: Connection, actor: Actor, *, unit_id: UUID, page: PageRequest
) -> Page:
    """How far the units directly below one have met what is asked, by name.

    Of a city its counties and the schools directly under it, of a county its schools
    (岳市教发〔2013〕18号 has schools and counties assessed by this).
    """
    await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    found = await UNITS.page(db, actor, page, filters={"parent_id": unit_id})
    summaries = await summaries_of(db, actor, unit_ids=[unit["id"] for unit in found.items])
    items = [
        {**summary, "name": unit["name"], "level": unit["level"]}
        for unit in found.items
        if (summary := summaries[unit["id"]]) is not None
    ]
    return Page(items=items, keys=found.keys, sort=found.sort, more=found.more, total=found.total)
