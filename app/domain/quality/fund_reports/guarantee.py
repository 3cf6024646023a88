"""The guarantee (经费保障; S4 article 29): what a bureau promised to the units below it, and what it paid."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    DateTime,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    table,
)

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.organisation.reorganisations import Reorganisation
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import place_column
from app.domain.quality.budgets import AMENDED, NOTHING, Budget, BudgetLine, FundSource
from app.domain.quality.fund_reports.execution import HOLDS, check_budget_year
from app.sql import Connection, Row, Statement


class FundGuaranteeView(BaseModel):
    """What one bureau promised the units right below it for a year, and what of it they have received."""

    bureau_id: UUID = Field(description="拨款的教育局 / bureau that provides the money")
    units: int = Field(description="应拨单位数 / units to which something is promised")
    units_in_full: int = Field(description="足额到位单位数 / units that have received all of it")
    promised: Decimal = Field(description="承诺数（分母），元 / promised in yuan, the denominator")
    paid: Decimal = Field(
        description="到位数（分子），元；上缴后再拨付的不重复计 / received in yuan, the numerator; what was"
        " handed back and given again, once"
    )
    in_transit: Decimal = Field(description="在途数，元 / sent and not acknowledged, in yuan")
    handed_back: Decimal = Field(
        description="退回数，元：已计入到位数而又上缴的部分 / handed back of what was received, in yuan"
    )
    missing: Decimal = Field(description="欠拨数，元 / promised and not received, in yuan")
    share: Decimal | None = Field(
        description="到位率，四位小数 / received as a share of the promise; null where that is nothing"
    )


# What may be asked.

_B, _L = Budget.__table__, BudgetLine.__table__  # type: ignore[attr-defined]
_SENT = table(
    "appropriation", column("from_line_id", Uuid()), column("to_line_id", Uuid()),
    column("id", Uuid()), column("kind", Text()),
    column("state", Text()), column("amount", Numeric(14, 2)),
    column("answered_at", DateTime(timezone=True)),
)  # fmt: skip
_MOVED = Reorganisation.__table__  # type: ignore[attr-defined]
_first_later = (
    select(_MOVED.c.from_id)
    .where(
        _MOVED.c.unit_id == _B.c.school_id,
        _MOVED.c.from_id.is_not(None),
        _MOVED.c.effective_on > func.make_date(_B.c.year, 12, 31),
    )
    .order_by(_MOVED.c.effective_on, _MOVED.c.id)
    .limit(1)
    .correlate(_B)
    .scalar_subquery()
)
_COUNTY = func.coalesce(_first_later, _B.c.county_id)
"""The bureau in charge at the end of the year: what it promised for a year that is over stays its own account,
when the school comes under another bureau afterwards."""
_BUREAU = case((_B.c.school_id.is_not(None), _COUNTY), else_=_B.c.city_id)
_PLACES = {name: _COUNTY if name == "county_id" else _B.c[name] for name in PLACE}


def _summed(line: Any, kind: str, state: str) -> Any:
    """What went so by appropriations of which this column names the line."""
    summed = select(func.coalesce(func.sum(_SENT.c.amount), NOTHING)).where(
        line == _L.c.id, _SENT.c.kind == kind, _SENT.c.state == state
    )
    return summed.scalar_subquery()


def _held(lines: Any) -> Any:
    """What each unit held, after each movement, of what its bureau has given it for the year.

    It is never less than nothing: what was carried over from the year before may be handed back as well.
    """
    given = and_(_SENT.c.kind == "allocate", _SENT.c.to_line_id == lines.c.id)
    back = and_(_SENT.c.kind == "hand_back", _SENT.c.from_line_id == lines.c.id)
    by = (lines.c.bureau_id, lines.c.unit_id)
    amount = case((given, _SENT.c.amount), else_=-_SENT.c.amount)
    balance = func.sum(amount).over(partition_by=by, order_by=(_SENT.c.answered_at, _SENT.c.id))
    moved = (
        select(*by, _SENT.c.answered_at, _SENT.c.id, balance.label("balance"))
        .join_from(lines, _SENT, or_(given, back))
        .where(_SENT.c.state == "acknowledged")
        .cte("moved")
    )
    c = moved.c
    lowest = func.min(c.balance).over(
        partition_by=(c.bureau_id, c.unit_id), order_by=(c.answered_at, c.id)
    )
    held = c.balance - func.least(NOTHING, lowest)
    return select(c.bureau_id, c.unit_id, held.label("held")).cte("held")


def _by_unit(lines: Any) -> Any:
    """The sums of each unit, of what each bureau promised it.

    Paid is the most that it held: what was handed back and given again is not counted twice.
    """
    held = _held(lines)
    most = select(func.coalesce(func.max(held.c.held), NOTHING)).where(
        held.c.bureau_id == lines.c.bureau_id, held.c.unit_id == lines.c.unit_id
    )
    by = (lines.c.bureau_id, lines.c.unit_id)
    names = ("promised", "in_transit", "handed_back")
    sums = (func.sum(lines.c[name]).label(name) for name in names)
    paid = most.correlate(lines).scalar_subquery().label("paid")
    return select(*by, paid, *sums).group_by(*by).cte("units")


def _guarantees(place: str) -> Statement:
    lines = (
        select(
            _L.c.id,
            _BUREAU.label("bureau_id"),
            _B.c.unit_id,
            (_L.c.planned + AMENDED).label("promised"),
            _summed(_SENT.c.to_line_id, "allocate", "sent").label("in_transit"),
            _summed(_SENT.c.from_line_id, "hand_back", "acknowledged").label("handed_back"),
        )
        .select_from(_L.join(_B, _L.c.budget_id == _B.c.id))
        .where(
            _PLACES[place] == bindparam("unit_id", type_=Uuid),
            _B.c.year == bindparam("year", type_=Integer),
            HOLDS,
            _L.c.source == FundSource.SUPERIOR,
        )
        .cte("lines")
    )
    units = _by_unit(lines)
    c = units.c
    promised, paid = func.sum(c.promised), func.sum(c.paid)
    return Statement(
        select(
            c.bureau_id,
            func.count().filter(c.promised > 0).label("units"),
            func.count().filter(c.promised > 0, c.paid >= c.promised).label("units_in_full"),
            promised.label("promised"),
            paid.label("paid"),
            func.sum(c.in_transit).label("in_transit"),
            # Told beside it, not taken off: what is left over at the end of a year was paid none the less.
            func.sum(c.handed_back).label("handed_back"),
            # Unit by unit: what one has received beyond its promise is missing at another none the less.
            func.sum(func.greatest(c.promised - c.paid, 0)).label("missing"),
            func.round(paid / func.nullif(promised, 0), 4).label("share"),
        )
        .group_by(c.bureau_id)
        .order_by(c.bureau_id)
    )


_GUARANTEES = {place: _guarantees(place) for place in PLACE}


async def list_fund_guarantees(
    db: Connection, actor: Actor, *, unit_id: UUID, year: int
) -> list[Row]:
    """Of each bureau at or above the units of a place: what it promised them for a year, and has paid.

    A school is told with the bureau that was in charge of it when the year ended.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.FUNDS_READ)
    check_budget_year(year)
    return await db.all(_GUARANTEES[place_column(unit)], unit_id=unit_id, year=year)
