"""The work of a what-if: each teacher of the unit, under the rules of the day and under the draft.

It goes on after the last teacher who was counted, so that it may be interrupted anywhere; and it holds
the ledgers of one part at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlmodel import col

from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.refinements import Refinement
from app.domain.credits.rules import Entry, Pack, Verdict, compile_pack, fold
from app.domain.credits.standings.counting import judged
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.what_ifs.asking import refined_draft
from app.domain.credits.what_ifs.what_if import WhatIf, WhatIfChange, WhatIfPerson
from app.domain.people.teachers import Teacher
from app.domain.progress import advance_work
from app.sql import Connection, Row, Statement, new_id

AT_ONCE = 100
"""People of one transaction: few, for counting them keeps the requests of the process waiting meanwhile."""
_SATISFIED = frozenset({Verdict.MET, Verdict.WAIVED})

_QUESTION = Statement(
    select(
        col(WhatIf.id), col(WhatIf.city_id), col(WhatIf.county_id), col(WhatIf.as_of),
        col(WhatIf.document), col(WhatIf.done), col(WhatIf.total),
        select(col(WhatIfPerson.teacher_id))
        .where(col(WhatIfPerson.what_if_id) == col(WhatIf.id))
        .order_by(col(WhatIfPerson.teacher_id).desc())
        .limit(1)
        .scalar_subquery()
        .label("after"),
    ).where(col(WhatIf.id) == bindparam("what_if_id", type_=Uuid))
)  # fmt: skip
_NEXT = Statement(
    select(col(Teacher.id))
    .where(
        or_(
            col(Teacher.city_id) == bindparam("unit_id", type_=Uuid),
            col(Teacher.county_id) == bindparam("unit_id", type_=Uuid),
        ),
        col(Teacher.merged_into_id).is_(None),
        col(Teacher.id) > bindparam("after", type_=Uuid),
    )
    .order_by(col(Teacher.id))
    .limit(bindparam("at_most"))
)


@dataclass
class Question:
    """A question that is being answered: both rules, and after whom the next part begins."""

    id: UUID
    unit_id: UUID
    day: date
    packs: CityPacks
    draft: Pack
    after: UUID
    done: int
    total: int


class _Counted(NamedTuple):
    """One teacher under one pack."""

    verdict: Verdict
    missing: Decimal
    credits: Decimal


async def open_question(db: Connection, *, what_if_id: UUID) -> Question | None:
    """The question, from where its answer was left; None where it is no longer kept."""
    row = await db.one(_QUESTION, what_if_id=what_if_id)
    if row is None:
        return None
    packs = await read_packs(db, city_id=row["city_id"])
    if row["county_id"] == row["city_id"]:
        document = PackDocument.model_validate(row["document"])
    else:
        document = refined_draft(packs, Refinement.model_validate(row["document"]))
    return Question(
        id=what_if_id,
        unit_id=row["county_id"],
        day=row["as_of"],
        packs=packs,
        draft=compile_pack(document, f"draft {what_if_id}"),
        after=row["after"] or UUID(int=0),
        done=row["done"],
        total=row["total"],
    )


async def count_next_people(db: Connection, *, question: Question) -> bool:
    """Count the next teachers and keep what it gives; whether there may be more.

    One transaction's work: five statements, however many teachers and entries. Refused with `WorkOver`
    where the question was taken back.
    """
    found = await db.all(_NEXT, unit_id=question.unit_id, after=question.after, at_most=AT_ONCE)
    teacher_ids = [row["id"] for row in found]
    if not teacher_ids:
        return False
    people = await read_people(db, teacher_ids=teacher_ids)
    ledgers = await read_ledgers(db, teacher_ids=teacher_ids)
    rows = [person_row(question, people[each], ledgers[each]) for each in teacher_ids]
    await db.insert_all(WhatIfPerson, rows)
    done = question.done + len(rows)
    total = max(question.total, done)
    await advance_work(db, WhatIf, row_id=question.id, done=done, total=total)
    question.after, question.done = teacher_ids[-1], done
    return len(rows) == AT_ONCE


def person_row(question: Question, person: Person, ledger: Sequence[Entry]) -> Row:
    """What the draft would mean for one teacher. Pure."""
    day = question.day
    before = _count(person, ledger, question.packs.governing(day, person.county_id), day)
    after = _count(person, ledger, question.draft, day)
    born = person.facts.birth_date or day
    return {
        "id": new_id(),
        "what_if_id": question.id,
        "teacher_id": person.teacher_id,
        "at_county_id": person.county_id,
        "at_school_id": person.school_id,
        "rank": person.rank_on(day),
        "age": day.year - born.year - ((day.month, day.day) < (born.month, born.day)),
        "verdict_before": before.verdict,
        "verdict_after": after.verdict,
        "credits_before": before.credits,
        "credits_after": after.credits,
        "missing_before": before.missing,
        "missing_after": after.missing,
        "change": change_of(before.verdict, after.verdict),
    }


def change_of(before: Verdict, after: Verdict) -> WhatIfChange:
    """What it means that a verdict would be another. Pure."""
    if before is after:
        return WhatIfChange.SAME
    if Verdict.UNDECIDED in {before, after}:
        return WhatIfChange.UNCLEAR
    if (before in _SATISFIED) == (after in _SATISFIED):
        return WhatIfChange.SAME
    return WhatIfChange.GAINED if after in _SATISFIED else WhatIfChange.FELL


def _count(person: Person, ledger: Sequence[Entry], pack: Pack, day: date) -> _Counted:
    state, _ = fold(ledger, pack.for_person(person.facts), pack.cycle_of(day), until=day)
    row: dict[str, Any] = judged(person, state, pack, day)
    return _Counted(row["verdict"], row["missing"], state.counted_credits)
