"""Summaries (学分汇总): the credit of a school, a county or a city, summed on reading.

The sums of each school are kept by the database as standings come, change and move (see
`standings.table.SchoolCredit`); a county is the sum of its schools, a city the sum of all in it,
those directly under the city included. They are of the pack in force today, in its present cycle.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ARRAY,
    Select,
    Uuid,
    any_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE, Columns
from app.domain.access.roles import Permission
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
    "teachers": "with_credit",
    "met": "met",
    "entries": "entries",
    "earned_hours": "earned_hours",
    "earned_credits": "earned_credits",
    "counted_hours": "counted_hours",
    "counted_credits": "counted_credits",
}
"""Column of the school's sums to field of the summary."""


_UNITS = Unit.__table__  # type: ignore[attr-defined]
_SUMMED = SchoolCredit.__table__.c  # type: ignore[attr-defined]
_REGISTERED = SchoolRegister.__table__.c  # type: ignore[attr-defined]
_BELONGS_BY = {Level.SCHOOL: "id", Level.COUNTY: "county_id", Level.CITY: "city_id"}
"""By the level of a unit: which column of a school says that it belongs to it."""


@lru_cache(maxsize=256)
def _summaries(shape: Shape, only: Columns) -> Statement:
    """The units asked for within the scope, each with the sums of its schools' rows.

    Schools are found by a branch for each level, so that each has its index.
    """
    asked = (
        select(_UNITS.c.id, _UNITS.c.level)
        .where(
            _UNITS.c.id == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
            within(shape, {name: _UNITS.c[name] for name in PLACE}),
        )
        .cte("asked")
    )
    belonging = union_all(*(_belonging_at(level, asked) for level in _BELONGS_BY)).cte("belonging")
    held = asked.outerjoin(belonging, belonging.c.unit_id == asked.c.id)
    held = held.outerjoin(SchoolRegister, _REGISTERED.school_id == belonging.c.school_id)
    held = held.outerjoin(
        SchoolCredit,
        (_SUMMED.school_id == belonging.c.school_id) & counts_today(belonging.c.city_id, _SUMMED),
    )
    return Statement(
        select(
            asked.c.id.label("unit_id"),
            func.coalesce(func.sum(_REGISTERED.teachers), 0).label("teachers"),
            *(
                func.coalesce(func.sum(_SUMMED[name]), literal(0, _SUMMED[name].type)).label(label)
                for name, label in _SUMS.items()
                if only is None or label in only
            ),
        )
        .select_from(held)
        .group_by(asked.c.id)
    )


def _belonging_at(level: Level, asked: Any) -> Select[Any]:
    school = _UNITS.alias(f"school_of_{level}")
    return (
        select(asked.c.id.label("unit_id"), school.c.id.label("school_id"), school.c.city_id)
        .select_from(asked.join(school, school.c[_BELONGS_BY[level]] == asked.c.id))
        .where(asked.c.level == level, school.c.level == Level.SCHOOL)
    )


async def summaries_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """The summaries of many units, None where the actor may not see one; one statement."""
    answer: dict[UUID, Row | None] = dict.fromkeys(unit_ids)
    scope = actor.scope(Permission.CREDIT_READ)
    shape = tuple(name for name in scope.shape if name in PLACE)
    if not shape or not answer:
        return answer
    places = {f"scope_{name}": scope.values[name] for name in shape}
    for row in await db.all(_summaries(shape, columns), unit_ids=list(answer), **places):
        answer[row["unit_id"]] = row
    return answer


async def get_credit_summary(db: Connection, actor: Actor, *, unit_id: UUID) -> Row:
    """The credit of one unit and all below it."""
    await UNITS.get(db, actor, unit_id, permission=Permission.CREDIT_READ)
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
    await UNITS.get(db, actor, unit_id, permission=Permission.CREDIT_READ)
    found = await UNITS.page(db, actor, page, filters={"parent_id": unit_id})
    summaries = await summaries_of(db, actor, unit_ids=[unit["id"] for unit in found.items])
    items = [
        {**summary, "name": unit["name"], "level": unit["level"]}
        for unit in found.items
        if (summary := summaries[unit["id"]]) is not None
    ]
    return Page(items=items, keys=found.keys, sort=found.sort, more=found.more)
