"""Who qualifies: whoever has met all that a cycle asks, judged by the rules; or was credited an activity."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    or_,
    select,
)
from sqlmodel import col

from app.domain.credits.certificates.batch import CertificateKind
from app.domain.credits.certificates.certificate import Certificate, CertificateState
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.rules import Pack, State, Verdict
from app.domain.credits.standings.counting import decoded, judged
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.stored import up_to_date
from app.domain.credits.standings.table import Standing
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class Award(NamedTuple):
    """What somebody has reached on the day: what of it counts, and the rank then."""

    hours: Any
    credits: Any
    rank: str | None


class Qualifying(NamedTuple):
    """Who qualifies, and who would but has a certificate already."""

    awards: dict[UUID, Award]
    has_one: set[UUID]


_ids = bindparam("ids", type_=ARRAY(Uuid))
_CHOSEN: dict[str, ColumnElement[bool]] = {
    "id": col(Teacher.id) == any_(_ids),
    "county_id": col(Teacher.county_id) == any_(_ids),
    "school_id": col(Teacher.school_id) == any_(_ids),
}
"""Which teachers are asked about: some, those of a bureau, or those of a school."""


_merged = Teacher.__table__.alias("merged_record")  # type: ignore[attr-defined]


def _has_one(kind: CertificateKind, same: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody has one that holds, by this record or by one that was merged into it."""
    holds = (
        col(Certificate.kind) == kind, col(Certificate.state) == CertificateState.ISSUED, same,
    )  # fmt: skip
    own = exists().where(col(Certificate.teacher_id) == col(Teacher.id), *holds)
    other = exists().where(
        col(Certificate.teacher_id) == _merged.c.id,
        _merged.c.merged_into_id == col(Teacher.id),
        *holds,
    )
    return or_(own.correlate(Teacher), other.correlate(Teacher))


@lru_cache(maxsize=3)
def _standings(chosen: str) -> Statement:
    start = bindparam("cycle_start", type_=Date)
    return Statement(
        select(
            col(Standing.teacher_id),
            cast(col(Standing.state), Text).label("state"),
            _has_one(CertificateKind.CYCLE, col(Certificate.cycle_start) == start).label("has_one"),
        )
        .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
        .where(
            col(Standing.pack_id) == bindparam("pack_id"),
            col(Standing.pack_version) == bindparam("pack_version"),
            col(Standing.cycle_start) == start,
            col(Teacher.merged_into_id).is_(None),
            _CHOSEN[chosen],
        )
    )


@lru_cache(maxsize=2)
def _credited(chosen: str | None) -> Statement:
    reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
    activity = bindparam("activity_id", type_=Uuid)
    query = (
        select(
            col(CreditEntry.teacher_id),
            col(CreditEntry.hours),
            col(CreditEntry.credits),
            _has_one(CertificateKind.ACTIVITY, col(Certificate.activity_id) == activity).label(
                "has_one"
            ),
        )
        .join(Teacher, col(Teacher.id) == col(CreditEntry.teacher_id))
        .where(
            col(CreditEntry.city_id) == bindparam("city_id", type_=Uuid),
            col(CreditEntry.source_kind) == "activity",
            col(CreditEntry.source_id) == activity,
            # Also what was carried over from a record that was merged into this one.
            col(CreditEntry.kind) != EntryKind.REVERSE,
            ~exists().where(reversal.c.reverses_id == col(CreditEntry.id)),
            col(Teacher.merged_into_id).is_(None),
        )
    )
    return Statement(query if chosen is None else query.where(_CHOSEN[chosen]))


# What can be refused.


class CertificateRulesSuperseded(Conflict):
    """Certificates of a cycle are given by the rules that govern at its end, or today before that."""

    code = "certificate_rules_superseded"
    zh = "该周期现按“{pack}”第{version}版执行，不能再按原规则包发证；请退回后重新申报。"
    en = "The cycle is governed by {pack}, version {version}, now: draw the batch up again."


# What may be asked.


async def find_qualified(
    db: Connection, *, subject: Row, chosen: str | None, ids: Sequence[UUID], day: date
) -> Qualifying:
    """Who of these qualifies on a day for what a batch is about; a fixed number of statements.

    Of a cycle it is refused where another pack has taken over in it.

    `chosen` says what `ids` are: keys of teachers, or the place of a bureau or a school; None for
    whoever was credited the activity. Of a cycle every requirement is judged anew by the rules, on the
    facts of today.
    """
    asked: dict[str, Any] = {} if chosen is None else {"ids": list(ids)}
    if subject["kind"] == CertificateKind.ACTIVITY:
        about = {name: subject[name] for name in ("city_id", "activity_id")}
        rows = await db.all(_credited(chosen), **about, **asked)
        return await _awarded(db, rows, None, day)
    about = {name: subject[name] for name in ("pack_id", "pack_version", "cycle_start")}
    rows = await db.all(_standings(chosen or "id"), **about, **asked)
    packs = await read_packs(db, city_id=subject["city_id"])
    _check_rules(packs, subject, day)
    return await _awarded(db, rows, packs, day, until=subject["cycle_end"])


def _check_rules(packs: CityPacks, subject: Row, day: date) -> None:
    pack = packs.on(min(day, subject["cycle_end"]))
    if pack is None:
        return
    document = pack.document
    if (document.id, document.version) != (subject["pack_id"], subject["pack_version"]):
        raise CertificateRulesSuperseded(pack=document.title.zh, version=document.version)


async def _awarded(
    db: Connection, rows: list[Row], packs: CityPacks | None, day: date, until: date = date.max
) -> Qualifying:
    people = await read_people(db, teacher_ids=[row["teacher_id"] for row in rows])
    stored = {} if packs is None else {row["teacher_id"]: _stored(row, packs) for row in rows}
    states = await up_to_date(db, stored=stored, people=people)
    found = Qualifying({}, set())
    for row in rows:
        teacher_id = row["teacher_id"]
        person = people[teacher_id]
        if teacher_id in stored:
            state, pack = states[teacher_id], stored[teacher_id][1]
            if judged(person, state, pack, min(day, until))["verdict"] != Verdict.MET:
                continue
            row |= {"hours": state.counted_hours, "credits": state.counted_credits}
        if row["has_one"]:
            found.has_one.add(teacher_id)
            continue
        rank = person.rank_on(day)
        found.awards[teacher_id] = Award(row["hours"], row["credits"], rank)
    return found


def _stored(row: Row, packs: CityPacks) -> tuple[State, Pack]:
    state = decoded(row["state"])
    pack = packs.version(state.pack_id, state.pack_version, state.refinement)
    assert pack is not None, state.pack_id  # noqa: S101  what was counted under is never withdrawn
    return state, pack
