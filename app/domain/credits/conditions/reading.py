"""What may be asked of conditions: all purposes of a teacher in short, and one with its explanation."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.base import known_on as believed
from app.domain.credits.conditions.frames import frame_of
from app.domain.credits.conditions.judging import Question, judge_condition
from app.domain.credits.conditions.telling import condition_row, explained_row
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs.purposes import Frame, Purpose, PurposeKind
from app.domain.credits.rules import Dated, Entry, Facts, Pack, Said
from app.domain.credits.rules.calendar import DAY, FAR
from app.domain.credits.rules.fold import recorded_on
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.errors import NotFound
from app.domain.organisation.facts import end_of
from app.domain.people.facts.qualifications import RegistrationConclusion, TeacherRegistration
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row, Statement


class PurposeNotAsked(NotFound):
    """The pack in force says nothing of this purpose."""

    code = "purpose_not_in_pack"
    zh = "规则包“{pack}”没有规定此用途的培训条件。"
    en = "The pack {pack} says nothing of this purpose."


# What may be asked.


async def list_conditions(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """Whether training is met, for every purpose of the pack in force on `as_of` (today by default).

    `known_on` cuts by the day of recording, for the facts too. Five statements, whatever is asked.
    """
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    day = as_of or civil_date(now)
    packs = await read_packs(db, city_id=teacher["city_id"])
    pack = packs.governing(day, teacher["county_id"])
    every = packs.of_county(teacher["county_id"], day)
    facts, entries, registrations = await _told(db, teacher_id, known_on)
    return [
        condition_row(teacher_id, purpose, pack, day, known_on, answer_of(question, entries))
        for purpose in pack.document.purposes
        for question in [question_of(purpose, pack, every, facts, registrations, day)]
    ]


async def get_condition(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    purpose: PurposeKind,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Row:
    """Whether training is met for one purpose, by what, and what would change it."""
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    day = as_of or civil_date(now)
    packs = await read_packs(db, city_id=teacher["city_id"])
    pack = packs.governing(day, teacher["county_id"])
    every = packs.of_county(teacher["county_id"], day)
    asked = purpose_of(pack, purpose)
    facts, entries, registrations = await _told(db, teacher_id, known_on)
    question = question_of(asked, pack, every, facts, registrations, day)
    found = answer_of(question, entries)
    row = condition_row(teacher_id, asked, pack, day, known_on, found)
    if isinstance(question, Said) or isinstance(found, Said):
        return row | explained_row(None, entries, None, pack)
    return row | explained_row(question, entries, found[1], pack)


def purpose_of(pack: Pack, kind: PurposeKind) -> Purpose:
    """What the pack says of a purpose."""
    for each in pack.document.purposes:
        if each.kind is kind:
            return each
    raise PurposeNotAsked(pack=pack.document.id)


def question_of(
    purpose: Purpose,
    pack: Pack,
    every: tuple[Pack, ...],
    facts: Facts,
    registrations: Sequence[Dated],
    day: date,
) -> Question | Said:
    """What the rules are asked for a person, or why they cannot be."""
    # Further on there is no day of any pack, and soon none of the calendar.
    frame = frame_of(purpose, pack, facts, registrations, min(day, FAR))
    if isinstance(frame, Said):
        return frame
    return Question(facts=facts, purpose=purpose, pack=pack, packs=every, frame=frame, as_of=day)


def answer_of(question: Question | Said, entries: Sequence[Entry]) -> Any:
    """The frame and the answer, or why there is none."""
    if isinstance(question, Said):
        return question
    return question.frame, judge_condition(question, entries)


async def _told(
    db: Connection, teacher_id: UUID, known_on: date | None
) -> tuple[Facts, list[Entry], list[Dated]]:
    """A person's facts, entries and registrations, as they were known."""
    people = await read_people(db, teacher_ids=[teacher_id], known_on=known_on)
    ledgers = await read_ledgers(db, teacher_ids=[teacher_id])
    registrations = await read_registrations(db, teacher_ids=[teacher_id], known_on=known_on)
    entries = known_by(ledgers[teacher_id], known_on)
    return people[teacher_id].facts, entries, registrations[teacher_id]


def known_by(entries: Sequence[Entry], known_on: date | None) -> list[Entry]:
    """The entries that had been recorded by the end of a day."""
    return [each for each in entries if known_on is None or recorded_on(each) <= known_on]


_REGISTRATIONS = Statement(
    select(
        col(TeacherRegistration.teacher_id),
        col(TeacherRegistration.conclusion),
        col(TeacherRegistration.valid_from),
        col(TeacherRegistration.valid_to),
    ).where(
        col(TeacherRegistration.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(TeacherRegistration.conclusion) == RegistrationConclusion.QUALIFIED,
        believed(TeacherRegistration, bindparam("known_at", type_=MOMENT)),
    )
)


async def read_registrations(
    db: Connection, *, teacher_ids: Sequence[UUID], known_on: date | None
) -> dict[UUID, list[Dated]]:
    """The registrations of these persons that were concluded as qualified, both ends included."""
    found: dict[UUID, list[Dated]] = {teacher_id: [] for teacher_id in teacher_ids}
    rows = await db.all(_REGISTRATIONS, teacher_ids=list(found), known_at=end_of(known_on))
    for row in rows:
        last = row["valid_to"] and row["valid_to"] - DAY
        found[row["teacher_id"]].append(Dated(row["conclusion"], row["valid_from"], last))
    return found


def asks_registrations(purpose: Purpose) -> bool:
    """Whether the frame of a purpose is that of a registration."""
    return purpose.frame.value is Frame.REGISTRATION
