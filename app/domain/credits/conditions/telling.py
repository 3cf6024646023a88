"""An answer in the words of the views. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.credits.conditions.changing import changes_of
from app.domain.credits.conditions.judging import Answer, Question
from app.domain.credits.conditions.views import OUTCOMES
from app.domain.credits.packs.purposes import Purpose
from app.domain.credits.rules import Cycle, Entry, Facts, Pack, Said, Verdict
from app.domain.credits.rules.applicability import held_on, location_on
from app.domain.credits.rules.calendar import age_on
from app.domain.credits.rules.fold import share, signed
from app.domain.credits.rules.wording import basis_of, say
from app.domain.credits.standings.views import spread
from app.sql import Row


def condition_row(
    teacher_id: UUID,
    purpose: Purpose,
    pack: Pack,
    as_of: date,
    known_on: date | None,
    found: tuple[Cycle, Answer] | Said,
) -> Row:
    """The view of a condition: judged within its frame, or undecided for want of one."""
    document = pack.document
    row: dict[str, Any] = {
        "teacher_id": teacher_id,
        "purpose": purpose.kind,
        "purpose_id": purpose.id,
        "title_zh": purpose.title.zh,
        "title_en": purpose.title.en,
        "scope": spread(say("one_of_several", purpose.ground, purpose=purpose.title)),
        "frame": purpose.frame.value,
        "frame_basis": spread(basis_of(purpose.frame)),
        "basis": spread(basis_of(purpose.ground)),
        "pack_id": document.id,
        "pack_version": document.version,
        "as_of": as_of,
        "known_on": known_on,
        "unit": document.unit,
    }
    return row | judged_row(found)


def judged_row(found: tuple[Cycle, Answer] | Said) -> Row:
    """The part of the view that the judgement decides."""
    if isinstance(found, Said):
        verdict = Verdict.UNDECIDED
        return {
            "outcome": OUTCOMES[verdict],
            "verdict": verdict,
            "verdict_until": None,
            "frame_start": None,
            "frame_end": None,
            "frame_reason": spread(found),
            "requirements": [],
        }
    frame, answer = found
    standing = answer.standing
    return {
        "outcome": OUTCOMES[standing.verdict],
        "verdict": standing.verdict,
        "verdict_until": standing.verdict_until,
        "frame_start": frame.start,
        "frame_end": frame.end,
        "frame_reason": None,
        "requirements": [spread(each) for each in standing.requirements],
    }


def explained_row(
    question: Question | None, entries: Sequence[Entry], answer: Answer | None, pack: Pack
) -> Row:
    """What an explanation adds to the view of a condition; all empty where there is no frame."""
    assumptions = [spread(each) for each in pack.assumptions]
    if question is None or answer is None:
        return {"inputs": [], "contributions": [], "changes": [], "assumptions": assumptions}
    return {
        "inputs": _inputs(question.facts, question.frame, question.as_of),
        "contributions": _contributions(entries, answer, question.pack),
        "changes": [spread(each) for each in changes_of(question, entries, answer)],
        "assumptions": assumptions,
    }


def _inputs(facts: Facts, frame: Cycle, as_of: date) -> list[Row]:
    """The facts that a requirement may have asked, as they were on the day that decided."""
    day = max(frame.start, min(as_of, frame.end))
    known: dict[str, Any] = {
        "day": day,
        "rank": None if facts.ranks is None else held_on(facts.ranks, day),
        "posts": None if facts.posts is None else sorted(set(held_on(facts.posts, day))),
        "stages": facts.stages,
        "location": location_on(facts, day),
        "age": None if facts.birth_date is None else age_on(facts.birth_date, day),
    }
    return [
        {"name": name, "value": ", ".join(value) if isinstance(value, tuple | list) else str(value)}
        for name, value in known.items()
        if value is not None
    ]


def _contributions(entries: Sequence[Entry], answer: Answer, pack: Pack) -> list[Row]:
    """What each entry in the frame counts, in the unit of the pack in force on the day."""
    by_id = {each.id: each for each in entries}
    asked = {each.id for each in answer.standing.requirements if each.verdict is not Verdict.WAIVED}
    required = [each for each in answer.pack.requirements if each.rule.id in asked]
    rows = []
    for told in answer.standing.entries:
        entry, before = by_id[told.entry_id], answer.counted[told.entry_id]
        sums = {each.name for each in answer.pack.matching(entry)[1]}
        hours, credited = signed(entry)
        earned = credited if pack.in_credits else hours
        rows.append(
            {
                "entry_id": entry.id,
                "sequence": entry.sequence,
                "earned_on": entry.earned_on,
                "earned": earned,
                "counted": told.counted,
                "cuts": [
                    # An older pack may have counted in the other unit.
                    {"cap_id": cut.cap_id, "amount": share(earned, cut.amount, before.earned)}
                    for cut in before.cuts
                ],
                "requirements": [each.rule.id for each in required if each.sum in sums],
            }
        )
    return rows
