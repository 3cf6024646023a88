"""Dated facts of units: what held on a day, what was believed then, and how a fact ends.

Nothing is overwritten: a fact that ends is superseded by one that says so, both known from the same
moment, so that no moment knows none or two.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Date, DateTime, Uuid, any_, bindparam, or_, select, update

from app.domain.base import MOMENT, SHANGHAI, Dated, Table, civil_date, columns_of, in_force
from app.domain.base import known_on as believed
from app.domain.errors import Conflict, Invalid
from app.sql import Connection, Row, Statement, new_id

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""A moment after every record: what is known by then is what is known now."""


class FactView(BaseModel):
    """The two times of a fact: when it held, and when the system knew it."""

    valid_from: date = Field(description="起始日 / first day on which it held")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer held"
    )
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")
    superseded_at: datetime | None = Field(
        description="被更正的时间 / when it was superseded by another record"
    )


# What can be refused.


class DayInFuture(Invalid):
    """What is recorded has happened: a fact begins and ends today or earlier."""

    code = "day_in_future"
    zh = "日期不能晚于今天（{today}）：请在生效之日登记。"
    en = "The day lies after today ({today}): record it once it has come."


class FactNotLater(Conflict):
    """A fact ends after it begins, and its successor begins then."""

    code = "fact_not_later"
    zh = "日期必须晚于现有事实的起始日（{current}）。"
    en = "The day must lie after the present fact's first ({current})."


class FactEnded(Conflict):
    """What is past is not changed: the fact has ended already, or another record took its place."""

    code = "fact_ended"
    zh = "该事实已终止或已被更正。"
    en = "This fact has ended already, or was superseded."


def check_day(day: date, *, today: date) -> None:
    """Refuse a day that is yet to come."""
    if day > today:
        raise DayInFuture(today=today.isoformat())


# What may be asked.


def end_of(day: date | None) -> datetime:
    """The last moment of a civil day; `LATEST` where none is named."""
    if day is None or day >= LATEST.date():
        return LATEST
    return datetime.combine(day, time.max, SHANGHAI)


@lru_cache(maxsize=32)
def _facts(table: type[Table], view: type[BaseModel], dated: bool) -> Statement:
    columns = table.__table__.c  # type: ignore[attr-defined]
    fact: Any = table
    query = select(*columns_of(table, view)).where(
        columns.unit_id == bindparam("unit_id", type_=Uuid),
        believed(fact, bindparam("known_at", type_=MOMENT)),
    )
    if dated:
        query = query.where(in_force(fact, bindparam("day", type_=Date)))
    return Statement(query.order_by(columns.valid_from, columns.id))


async def list_facts(
    db: Connection,
    *,
    table: type[Table],
    view: type[BaseModel],
    unit_id: UUID,
    as_of: date | None,
    known_on: date | None,
) -> list[Row]:
    """The facts of one unit, the earliest first: of a day, or of all time."""
    day = {} if as_of is None else {"day": as_of}
    statement = _facts(table, view, as_of is not None)
    return await db.all(statement, unit_id=unit_id, known_at=end_of(known_on), **day)


def fact_filters(fact: type[Dated]) -> dict[str, Any]:
    """The filters of a door to facts: `as_of` by the day on which they hold, `known_at` by the moment."""
    return {
        "as_of": lambda day: in_force(fact, _typed(day, Date())),
        "known_at": lambda moment: believed(fact, _typed(moment, DateTime(timezone=True))),
    }


def _typed(bound: Any, kind: Any) -> Any:
    return bindparam(bound.key, type_=kind)


# What may be done.


_OWNED_BY = bindparam("owned_by", type_=ARRAY(Uuid))


@lru_cache(maxsize=32)
def _supersede(table: type[Table], owners: tuple[str, ...]) -> Statement:
    columns = table.__table__.c  # type: ignore[attr-defined]
    ends = columns.valid_to
    return Statement(
        update(table.__table__)  # type: ignore[attr-defined]
        .where(
            or_(*(columns[name] == any_(_OWNED_BY) for name in owners)),
            columns.superseded_at.is_(None),
            ends.is_(None) | (ends > bindparam("on", type_=Date)),
        )
        .values(superseded_at=bindparam("now", type_=MOMENT))
        .returning(*columns)
    )


async def end_facts(
    db: Connection,
    *,
    table: Any,
    owners: Sequence[str],
    owner: UUID | Collection[UUID],
    on: date,
    now: datetime,
    ended: Mapping[str, Any] | None = None,
    kept: bool = False,
) -> list[Row]:
    """End on a day the facts of which one of these columns is the owner, or one of these; as they were.

    A fact that began on that day or later never held: it is superseded, and nothing takes its place;
    where such a fact is `kept` all the same, it held for one day. `table` is whatever has a
    `__table__`. `ended` are columns that say something about the end.
    """
    owned_by = [owner] if isinstance(owner, UUID) else list(owner)
    before = await db.all(_supersede(table, tuple(owners)), owned_by=owned_by, on=on, now=now)
    rows = [
        {**row, "id": new_id(), "recorded_at": now, "superseded_at": None}
        | {"valid_to": max(on, row["valid_from"] + timedelta(days=1))}
        | dict(ended or {})
        for row in before
        if kept or row["valid_from"] < on
    ]
    await db.insert_all(table, rows)
    return before


async def end_fact(
    db: Connection, *, table: type[Table], held: Row, on: date | None, now: datetime
) -> Row:
    """End one fact on a day, today by default, and say how it now stands.

    `held` is the fact as its door showed it, locked. Ended on its first day it was recorded by mistake.
    """
    today = civil_date(now)
    last = on or today
    check_day(last, today=today)
    if last < held["valid_from"]:
        raise FactNotLater(current=held["valid_from"].isoformat())
    if not await end_facts(db, table=table, owners=["id"], owner=held["id"], on=last, now=now):
        raise FactEnded
    return {**held, "valid_to": last}
