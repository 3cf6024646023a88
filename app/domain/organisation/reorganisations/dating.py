"""When a reorganisation takes effect: not tomorrow, and not before what is on record already."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select, union_all
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.organisation.names_and_codes import UnitNamed
from app.domain.organisation.reorganisations.reorganisation import (
    Closure,
    Reorganisation,
    ReorganisationInFuture,
    ReorganisationTooEarly,
)
from app.sql import Connection, Statement


def effective_day(closure: Closure, now: datetime) -> date:
    """The day that is asked for, today by default."""
    today = civil_date(now)
    on = closure.effective_on or today
    if on > today:
        raise ReorganisationInFuture(today=today.isoformat())
    return on


_FIRST_NAMED = (
    select(func.min(col(UnitNamed.valid_from)).label("day"))
    .where(
        col(UnitNamed.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(UnitNamed.superseded_at).is_(None),
    )
    .group_by(col(UnitNamed.unit_id))
)
_LAST_REORGANISED = select(func.max(col(Reorganisation.effective_on)).label("day")).where(
    col(Reorganisation.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid)))
)
_NOT_BEFORE = Statement(
    select(func.max(union_all(_FIRST_NAMED, _LAST_REORGANISED).subquery("known").c.day))
)


async def check_not_before(
    db: Connection, *, unit_ids: list[UUID], on: date, left: date | None = None
) -> None:
    """Refuse a day before these units were on record, or before what is on record of them."""
    days = [day for day in (await db.value(_NOT_BEFORE, unit_ids=unit_ids), left) if day]
    if days and on < max(days):
        raise ReorganisationTooEarly(first=max(days).isoformat())
