"""Pre-check lists (预审名单): the teachers of a unit, whose training is 合格, 暂缓 or 不合格 for a purpose.

A list is computed whenever it is asked for, and nobody edits it. Where the frame is the cycle and
nothing but today is asked, it is judged from the stored standings; else from the ledgers of the page.
Either way a page takes a fixed number of statements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Date, Integer, String, Text, Uuid, any_, bindparam, cast, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date
from app.domain.credits.conditions.judging import Answer, Question, of_purpose
from app.domain.credits.conditions.reading import (
    answer_of,
    asks_registrations,
    known_by,
    purpose_of,
    question_of,
    read_registrations,
)
from app.domain.credits.conditions.telling import judged_row
from app.domain.credits.conditions.views import OUTCOMES, Outcome
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs.purposes import Frame, Purpose, PurposeKind
from app.domain.credits.rules import Cycle, Dated, Pack, Said, State, Verdict, begin, standing_of
from app.domain.credits.standings.counting import decoded
from app.domain.credits.standings.facts import Person, facts_version, read_people
from app.domain.credits.standings.governing import CityPacks, counts_today, read_packs
from app.domain.credits.standings.stored import up_to_date
from app.domain.credits.standings.table import Standing
from app.domain.organisation.units import UNITS, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, Teacher, place_column
from app.sql import Connection, Row, Statement

_ASKED_OF_ALL = frozenset({Verdict.MET, Verdict.OPEN, Verdict.MISSED, Verdict.UNDECIDED})
_UNMET = frozenset({Verdict.OPEN, Verdict.MISSED, Verdict.UNDECIDED})


class _Candidate(BaseModel):
    """A teacher of the list, before anything is judged."""

    id: UUID
    name: str
    school_id: UUID
    school: str


def _is_not(verdicts: Any) -> Any:
    """The predicate 'no stored standing that still holds has one of these verdicts'."""
    standing = Standing.__table__.c  # type: ignore[attr-defined]
    fresh = (
        select(standing.teacher_id)
        .where(
            standing.teacher_id == col(Teacher.id),
            standing.verdict == any_(cast(verdicts, ARRAY(String))),
            (standing.verdict_until.is_(None)) | (standing.verdict_until > TODAY),
            standing.facts_version == facts_version(),
            counts_today(col(Teacher.city_id), standing),
        )
        .correlate(Teacher)
    )
    return ~fresh.exists()


CANDIDATES = replace(
    TEACHERS,
    view=_Candidate,
    read=Permission.CREDIT_READ,
    computed={
        "school": select(col(Unit.name))
        .where(col(Unit.id) == col(Teacher.school_id))
        .scalar_subquery()
    },
    filters={
        "school_id": col(Teacher.school_id),
        "county_id": col(Teacher.county_id),
        "city_id": col(Teacher.city_id),
        "is_not": _is_not,
    },
    sorts={"name": (col(Teacher.name),)},
)
"""Teachers for those who may know their credit."""

_STATES = Statement(
    select(col(Standing.teacher_id), cast(col(Standing.state), Text).label("state")).where(
        col(Standing.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(Standing.pack_id) == bindparam("pack_id", type_=String),
        col(Standing.pack_version) == bindparam("pack_version", type_=Integer),
        col(Standing.cycle_start) == bindparam("cycle_start", type_=Date),
    )
)


async def list_prechecks(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    purpose: PurposeKind,
    page: PageRequest,
    now: datetime,
    outcome: Outcome | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The teachers of a school, a county or a city by name, and how training ends for each.

    With `outcome` only those with that one: a page is then made of as many teachers as would fill it
    without, so that it may be shorter, and even empty, though another follows.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.CREDIT_READ)
    packs = await read_packs(db, city_id=unit["city_id"])
    day = as_of or civil_date(now)
    pack = packs.governing(day)
    asked = purpose_of(pack, purpose)
    stored = asked.frame.value is Frame.CYCLE and as_of is None and known_on is None
    filters: dict[str, Any] = {place_column(unit): unit_id}
    if stored and outcome is not None:
        filters["is_not"] = _certainly_not(asked, outcome)
    found = await CANDIDATES.page(db, actor, page, filters=filters)
    judged = _Judged(db, packs, pack, asked, day, known_on)
    teacher_ids = [row["id"] for row in found.items]
    answers = await (judged.stored(teacher_ids) if stored else judged.counted(teacher_ids))
    rows = [
        _line(row, asked, answers[row["id"]]) | {"as_of": day, "known_on": known_on}
        for row in found.items
    ]
    return replace(found, items=rows) if outcome is None else _sifted(found, rows, outcome)


def _sifted(page: Page, rows: list[Row], outcome: Outcome) -> Page:
    """The page with the rows of one outcome alone; the next one begins where the whole page ended."""
    kept = [number for number, row in enumerate(rows) if row["outcome"] == outcome]
    keys = [page.keys[number] for number in kept]
    if page.more:
        keys[-1:] = page.keys[-1:]
    return Page([rows[number] for number in kept], keys, page.sort, page.more)


def _certainly_not(purpose: Purpose, outcome: Outcome) -> list[str]:
    """The stored verdicts that exclude an outcome.

    The verdict is of all requirements. Where a purpose asks some of them alone, only who meets all is
    known to meet those.
    """
    if not purpose.requirements:
        return [each for each in _ASKED_OF_ALL if OUTCOMES[each] is not outcome]
    return [] if outcome is Outcome.QUALIFIED else [Verdict.MET]


class _Judged:
    """The answers of many teachers to one purpose."""

    def __init__(
        self,
        db: Connection,
        packs: CityPacks,
        pack: Pack,
        purpose: Purpose,
        day: date,
        known_on: date | None,
    ) -> None:
        self.db, self.packs, self.pack, self.purpose = db, packs, pack, purpose
        self.day, self.known_on = day, known_on

    async def stored(self, teacher_ids: Sequence[UUID]) -> dict[UUID, Any]:
        """From the stored standings: two statements, and one more where some are yet to be counted anew."""
        cycle = self.pack.cycle_of(self.day)
        people = await read_people(self.db, teacher_ids=teacher_ids)
        document = self.pack.document
        rows = await self.db.all(
            _STATES,
            teacher_ids=list(teacher_ids),
            pack_id=document.id,
            pack_version=document.version,
            cycle_start=cycle.start,
        )
        key = document.id, document.version, cycle.start
        counting = {
            each: self.packs.counting(key, person.county_id, self.day)
            for each, person in people.items()
        }
        stored = {
            row["teacher_id"]: (decoded(row["state"]), counting[row["teacher_id"]]) for row in rows
        }
        states = await up_to_date(self.db, stored=stored, people=people)
        return {
            each: self._of_state(people[each], states.get(each), counting[each], cycle)
            for each in teacher_ids
        }

    def _of_state(self, person: Person, state: State | None, counting: Pack, cycle: Cycle) -> Any:
        pack = of_purpose(counting, self.purpose)
        standing = standing_of(state or begin(pack, cycle), person.facts, pack, self.day)
        return cycle, Answer(standing, pack, {})

    async def counted(self, teacher_ids: Sequence[UUID]) -> dict[UUID, Any]:
        """From the ledgers: two statements, and one where registrations are asked."""
        people = await read_people(self.db, teacher_ids=teacher_ids, known_on=self.known_on)
        ledgers = await read_ledgers(self.db, teacher_ids=teacher_ids)
        registrations: dict[UUID, list[Dated]] = {}
        if asks_registrations(self.purpose):
            registrations = await read_registrations(
                self.db, teacher_ids=teacher_ids, known_on=self.known_on
            )
        return {
            key: answer_of(
                self._question(people[key], registrations.get(key, ())),
                known_by(ledgers[key], self.known_on),
            )
            for key in teacher_ids
        }

    def _question(self, person: Person, registrations: Sequence[Dated]) -> Question | Said:
        pack = self.packs.governing(self.day, person.county_id)
        every = self.packs.of_county(person.county_id, self.day)
        return question_of(self.purpose, pack, every, person.facts, registrations, self.day)


def _line(row: Row, purpose: Purpose, found: tuple[Cycle, Answer] | Said) -> Row:
    judged = judged_row(found)
    unmet: Iterable[Row] = (each for each in judged["requirements"] if each["verdict"] in _UNMET)
    names = ("id", "title_zh", "title_en", "verdict", "needed", "counted", "missing", "basis")
    return {
        "teacher_id": row["id"],
        "name": row["name"],
        "school_id": row["school_id"],
        "school": row["school"],
        "purpose": purpose.kind,
        "outcome": judged["outcome"],
        "verdict": judged["verdict"],
        "frame_start": judged["frame_start"],
        "frame_end": judged["frame_end"],
        "frame_reason": judged["frame_reason"],
        "unmet": [{name: each[name] for name in names} for each in unmet],
    }
