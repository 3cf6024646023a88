"""Execution (预算执行): what was planned, amended, received and spent, by level, class and earmark.

Levels are never added up: what a county sent to its schools is of both their books.
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Integer, Uuid, bindparam, case, func, or_, select

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Level
from app.domain.people.teachers import place_column
from app.domain.quality.budgets import (
    AMENDED,
    Budget,
    BudgetLine,
    BudgetState,
    FundBalance,
    FundSource,
    SpendClass,
)
from app.sql import Connection, Row, Statement


class FundExecutionView(BaseModel):
    """What became of the money of one level, class, source and earmark; amounts are yuan."""

    level: Level = Field(description="层级 / level of the units")
    spend_class: SpendClass = Field(description="支出类别 / class of spending")
    source: FundSource = Field(description="资金来源 / who provides the money")
    earmark: str | None = Field(description="专款名称，非专款时为空 / earmark, if it is one")
    is_priority: bool = Field(description="是否重点支持项目 / whether these are priority items")
    units: int = Field(description="单位数 / units with such lines")
    planned: Decimal = Field(description="批复数 / planned, as approved")
    amended: Decimal = Field(description="调整净额 / amended since, in sum")
    available: Decimal = Field(description="可用数 / available")
    committed: Decimal = Field(description="预留数 / committed")
    transit: Decimal = Field(description="在途数 / in transit")
    spent: Decimal = Field(description="已支出数（分子） / spent, the numerator")
    share: Decimal | None = Field(
        description="执行率：已支出数占调整后预算的比例，四位小数 / spent as a share of planned and amended;"
        " null where that is nothing"
    )


# What can be refused.


class BudgetYearUnfit(Invalid):
    """Funds are reported of a calendar year of which there may be budgets."""

    code = "budget_year_unfit"
    zh = "预算年度须在 1990 至 2100 之间。"
    en = "A year of budgets is a calendar year from 1990 to 2100."


def check_budget_year(year: int) -> None:
    """Refuse what is no year of budgets, the same on both faces."""
    if not 1990 <= year <= 2100:
        raise BudgetYearUnfit


# What may be asked.

_B, _L, _F = Budget.__table__, BudgetLine.__table__, FundBalance.__table__  # type: ignore[attr-defined]
_LEVEL = case(
    (_B.c.school_id.is_not(None), Level.SCHOOL.value),
    (_B.c.county_id == _B.c.city_id, Level.CITY.value),
    else_=Level.COUNTY.value,
)
_YEAR = bindparam("year", type_=Integer)
HOLDS = or_(*(_B.c.state == state for state in (BudgetState.APPROVED, BudgetState.CLOSED)))
"""The predicate 'this budget was approved', its year over or not."""


def _execution(place: str) -> Statement:
    lines = (
        select(
            _LEVEL.label("level"),
            *(
                _L.c[name]
                for name in ("spend_class", "source", "earmark", "is_priority", "planned")
            ),
            AMENDED.label("amended"),
            *(_F.c[name] for name in ("available", "committed", "transit", "spent")),
            _B.c.unit_id,
        )
        .select_from(_L.join(_B, _L.c.budget_id == _B.c.id).join(_F, _F.c.line_id == _L.c.id))
        .where(
            _B.c[place] == bindparam("unit_id", type_=Uuid),
            _B.c.year == _YEAR,
            HOLDS,
        )
        .cte("lines")
    )
    c = lines.c
    by = (c.level, c.spend_class, c.source, c.earmark, c.is_priority)
    sums = {
        name: func.sum(c[name])
        for name in ("planned", "amended", "available", "committed", "transit", "spent")
    }
    whole = sums["planned"] + sums["amended"]
    return Statement(
        select(
            *by,
            func.count(c.unit_id.distinct()).label("units"),
            *(total.label(name) for name, total in sums.items()),
            func.round(sums["spent"] / func.nullif(whole, 0), 4).label("share"),
        )
        .group_by(*by)
        .order_by(*(each.nulls_first() for each in by))
    )


_EXECUTION = {place: _execution(place) for place in PLACE}


async def list_fund_execution(
    db: Connection, actor: Actor, *, unit_id: UUID, year: int
) -> list[Row]:
    """What became of the budgets of a unit and of all below it in a year, by level, class and earmark."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.FUNDS_READ)
    check_budget_year(year)
    return await db.all(_EXECUTION[place_column(unit)], unit_id=unit_id, year=year)
