"""What may be asked of standings: one in full, from the ledger; those of many, as they are stored."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, cast, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs.published import RULE_PACKS, RulePackNotFound
from app.domain.credits.rules import Pack, State, evaluate
from app.domain.credits.standings.counting import decoded, judged, key_of, sums_of
from app.domain.credits.standings.facts import facts_version, read_people
from app.domain.credits.standings.governing import NoRulePack, counts_today, read_packs
from app.domain.credits.standings.stored import up_to_date
from app.domain.credits.standings.table import Standing, StandingFields
from app.domain.credits.standings.views import as_row
from app.domain.people.careers import TODAY
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement


async def get_standing(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
    pack_key: UUID | None = None,
) -> Row:
    """A teacher's standing, counted from the ledger: what counts, what a cap cut, what is missing.

    `as_of` (today by default) cuts by the day of earning and decides the cycle; `known_on` cuts by
    the day of recording, for the facts too. The pack is the one in force on `as_of`, or the one
    that is named.
    """
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    day = as_of or civil_date(now)
    place = {name: teacher[name] for name in ("city_id", "county_id")}
    pack = await choose_pack(db, actor, **place, day=day, counted_on=day, pack_key=pack_key)
    people = await read_people(db, teacher_ids=[teacher_id], known_on=known_on)
    ledgers = await read_ledgers(db, teacher_ids=[teacher_id])
    told = evaluate(people[teacher_id].facts, ledgers[teacher_id], pack, day, known_on)
    row = as_row(told)
    return {"teacher_id": teacher_id, **row.pop("totals"), **row}


async def choose_pack(
    db: Connection,
    actor: Actor,
    *,
    city_id: UUID,
    county_id: UUID,
    day: date,
    counted_on: date,
    pack_key: UUID | None,
) -> Pack:
    """The named pack, if it is one of the city's that the actor may see, or the one in force on `day`.

    It has the numbers that the county had in force on `counted_on`, or on the nearest day of the cycle.
    """
    packs = await read_packs(db, city_id=city_id)
    pack = packs.on(day)
    if pack_key is not None:
        await RULE_PACKS.get(db, actor, pack_key)
        if pack_key not in packs.packs:
            raise RulePackNotFound
        pack = packs.packs[pack_key]
    if pack is None:
        raise NoRulePack(day=day.isoformat())
    return packs.counting(key_of(pack, day), county_id, counted_on)


_PLACES = {
    "teacher_id": col(Teacher.id),
    "city_id": col(Teacher.city_id),
    "county_id": col(Teacher.county_id),
    "school_id": col(Teacher.school_id),
}


@lru_cache(maxsize=64)
def _current(shape: Shape) -> Statement:
    """The stored standings under the pack and in the cycle of today."""
    until = col(Standing.verdict_until)
    return Statement(
        select(
            *(col(getattr(Standing, name)) for name in StandingFields.model_fields),
            cast(col(Standing.state), Text).label("state"),
            col(Standing.city_id),
            TODAY.label("today"),
            or_(until <= TODAY, col(Standing.facts_version) != facts_version()).label("stale"),
        )
        .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
        .where(
            col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            counts_today(col(Standing.city_id), Standing.__table__.c),  # type: ignore[attr-defined]
            within(shape, _PLACES),
        )
    )


async def standings_of(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID]
) -> dict[UUID, Row | None]:
    """The present standings of many teachers in short; None for who has none, or is not seen.

    Sums and verdicts are as stored with the last entry. Where a day has passed or a fact has
    changed since on which the verdict may turn, it is judged anew.
    """
    answer: dict[UUID, Row | None] = dict.fromkeys(teacher_ids)
    scope = actor.scope(Permission.CREDIT_READ)
    if not scope.shape or not answer:
        return answer
    rows = await db.all(
        _current(scope.shape), teacher_ids=list(answer), **scope.parameters(_PLACES)
    )
    await _judge_stale(db, [row for row in rows if row["stale"]])
    for row in rows:
        answer[row["teacher_id"]] = {name: row[name] for name in StandingFields.model_fields}
    return answer


async def _judge_stale(db: Connection, rows: list[Row]) -> None:
    if not rows:
        return
    people = await read_people(db, teacher_ids=[row["teacher_id"] for row in rows])
    cities = {row["city_id"] for row in rows}
    packs = {city_id: await read_packs(db, city_id=city_id) for city_id in cities}
    stored: dict[UUID, tuple[State, Pack]] = {}
    for row in rows:
        state = decoded(row["state"])
        pack = packs[row["city_id"]].version(row["pack_id"], row["pack_version"], state.refinement)
        if pack is not None:
            stored[row["teacher_id"]] = state, pack
    states = await up_to_date(db, stored=stored, people=people)
    for row in rows:
        teacher_id = row["teacher_id"]
        if teacher_id in stored:
            state, pack = states[teacher_id], stored[teacher_id][1]
            row.update(sums_of(state) | judged(people[teacher_id], state, pack, row["today"]))
