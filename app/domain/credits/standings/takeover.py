"""What a new pack or a county's new numbers leave to be counted: stored standings of people without news.

One person's standing is counted under the pack in force whenever it is asked for. The stored ones, of
which schools and counties are the sums, go on with the next entry; for those who have none every process
counts them beside its requests, in rounds and with `recount_due`, and `yanxun recount` does at once.
"""

from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.packs.published import RulePack
from app.domain.credits.rules.calendar import DAY, FAR
from app.domain.credits.standings.counting import Key
from app.domain.credits.standings.due import FIRST, Part, count_part
from app.domain.credits.standings.failures import is_set_aside
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.table import Standing
from app.sql import Connection, Statement

_after = bindparam("after", type_=Uuid)
_CITIES = Statement(
    select(col(RulePack.city_id))
    .distinct()
    .where(col(RulePack.city_id) >= _after)
    .order_by(col(RulePack.city_id))
)
_ROWS = Standing.__table__  # type: ignore[attr-defined]
_other = _ROWS.alias("other")
_key = {
    "pack_id": bindparam("pack_id"),
    "pack_version": bindparam("pack_version"),
    "cycle_start": bindparam("cycle_start", type_=Date),
}
_end = bindparam("cycle_end", type_=Date)
_MISSING = Statement(
    select(_ROWS.c.teacher_id)
    .distinct()
    .where(
        _ROWS.c.city_id == bindparam("city_id", type_=Uuid),
        _ROWS.c.teacher_id > _after,
        ~is_set_aside(_ROWS.c.teacher_id),
        _ROWS.c.cycle_start <= _end,
        _ROWS.c.cycle_end >= _key["cycle_start"],
        ~select(_other.c.teacher_id)
        .where(
            _other.c.teacher_id == _ROWS.c.teacher_id,
            *(_other.c[name] == value for name, value in _key.items()),
        )
        .exists(),
        select(col(CreditEntry.id))
        .where(
            col(CreditEntry.teacher_id) == _ROWS.c.teacher_id,
            col(CreditEntry.earned_on).between(_key["cycle_start"], _end),
        )
        .exists(),
    )
    .order_by(_ROWS.c.teacher_id)
    .limit(bindparam("at_most"))
)


def _outdated() -> Statement:
    """Those counted with other numbers than their county has in force."""
    names = {"county_id": bindparam("counties", type_=ARRAY(Uuid)),
             "refinement": bindparam("refinements", type_=ARRAY(Text))}  # fmt: skip
    expected = func.unnest(*names.values()).table_valued(*names).render_derived()
    counted = _ROWS.c.state["refinement"].astext
    return Statement(
        select(_ROWS.c.teacher_id)
        .select_from(_ROWS.outerjoin(expected, expected.c.county_id == _ROWS.c.county_id))
        .where(
            _ROWS.c.city_id == bindparam("city_id", type_=Uuid),
            _ROWS.c.teacher_id > _after,
            ~is_set_aside(_ROWS.c.teacher_id),
            *(_ROWS.c[name] == value for name, value in _key.items()),
            counted.is_distinct_from(expected.c.refinement),
        )
        .order_by(_ROWS.c.teacher_id)
        .limit(bindparam("at_most"))
    )


_OUTDATED = _outdated()


class Position(NamedTuple):
    """Where a round stands: in which cycle of which pack of which city, in which half, after whom.

    The halves are those who have no standing there (0), and those counted with other numbers (1).
    """

    city_id: UUID
    key: Key
    half: int
    after: UUID


BEGINNING = Position(FIRST, ("", 0, date.min), 0, FIRST)
"""Before everybody."""


async def take_over(
    db: Connection, *, after: Position = BEGINNING, now: datetime, at_most: int
) -> Part[Position]:
    """Count so many people under the packs and the numbers in force, going on after a position.

    Each call is one transaction's work. Who is held by somebody else is left out, as in `recount_due`.
    """
    for row in await db.all(_CITIES, after=after.city_id):
        city_id: UUID = row["city_id"]
        packs = await read_packs(db, city_id=city_id)
        for position, statement, asked in _steps(city_id, packs, civil_date(now)):
            if position[:3] < after[:3]:
                continue
            since = after.after if position[:3] == after[:3] else FIRST
            rows = await db.all(statement, **asked, after=since, at_most=at_most)
            if rows:
                teacher_ids = [row["teacher_id"] for row in rows]
                part = await count_part(db, teacher_ids=teacher_ids, now=now)
                return Part(part.counted, position._replace(after=teacher_ids[-1]))
    return Part(0, None)


def _steps(
    city_id: UUID, packs: CityPacks, day: date
) -> Iterator[tuple[Position, Statement, dict[str, Any]]]:
    """What is asked of a city, in the order of its positions: each with the statement and its values."""
    for key, end, counties in sorted(_counted(packs, day), key=itemgetter(0)):
        named = dict(zip(_key, key, strict=True)) | {"city_id": city_id}
        numbers = {"counties": list(counties), "refinements": list(counties.values())}
        yield Position(city_id, key, 0, FIRST), _MISSING, named | {"cycle_end": end}
        yield Position(city_id, key, 1, FIRST), _OUTDATED, named | numbers


def _counted(packs: CityPacks, day: date) -> Iterator[tuple[Key, date, dict[UUID, str]]]:
    """Every cycle that a pack has begun by `day`, with its end and what each county has refined in it.

    Those that are over too: a pack, or a county's numbers, may begin in the past.
    """
    for key, pack in packs.packs.items():
        first = pack.document.effective_from.value
        # No cycle ends after FAR: a pack that begins later would never reach its last day.
        last, cycle = min(max(day, first), packs.lasts[key], FAR), pack.cycle_of(first)
        while True:
            held = (pack.document.id, pack.document.version, cycle.start)
            refined = {each: packs.counting(held, each, day).refinement for each in packs.refined}
            yield held, cycle.end, {c: name for c, name in refined.items() if isinstance(name, str)}
            if cycle.end >= last:
                break
            cycle = pack.cycle_of(cycle.end + DAY)
