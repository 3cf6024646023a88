"""From the state of the fold to the row of a standing, and back. Pure."""

from collections.abc import Iterable
from datetime import date

import msgspec

from app.domain.credits.rules import Cycle, Entry, Pack, State, fold
from app.domain.credits.rules.judgement import judge_in_short
from app.domain.credits.rules.turns import next_change
from app.domain.credits.standings.facts import Person
from app.sql import Row

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(State).decode

Key = tuple[str, int, date]
"""Which of a person's standings: pack, version, first day of the cycle."""


def standing_row(person: Person, state: State, pack: Pack, day: date) -> Row:
    """The row of `standing` for a state, judged on a day."""
    return {
        "teacher_id": person.teacher_id,
        "city_id": person.city_id,
        "county_id": person.county_id,
        "school_id": person.school_id,
        "pack_id": state.pack_id,
        "pack_version": state.pack_version,
        "cycle_start": state.start,
        "cycle_end": state.end,
        **sums_of(state),
        "state": encoded(state),
        "facts_version": person.version,
        **judged(person, state, pack, day),
    }


def sums_of(state: State) -> Row:
    """What was earned and what counts, as a standing says it."""
    return {
        "entries": state.entries,
        "earned_hours": state.earned_hours,
        "earned_credits": state.earned_credits,
        "counted_hours": state.counted_hours,
        "counted_credits": state.counted_credits,
    }


def judged(person: Person, state: State, pack: Pack, day: date) -> Row:
    """The verdict on a day, until when it holds, and the largest amount that is missing."""
    verdict, missing = judge_in_short(state, person.facts, pack, day)
    cycle = Cycle(state.start, state.end)
    return {
        "verdict": verdict,
        "verdict_until": next_change(cycle, person.facts, pack, day),
        "missing": missing,
    }


def encoded(state: State) -> str:
    """The state as it is stored: JSON, amounts as text."""
    return _encode(state).decode()


def decoded(state: str) -> State:
    """The state that was stored."""
    return _decode(state)


def key_of(pack: Pack, day: date) -> Key:
    """Under which standing an entry of that day counts with this pack."""
    return pack.document.id, pack.document.version, pack.cycle_of(day).start


def folded(ledger: Iterable[Entry], pack: Pack, cycle_start: date) -> State:
    """The state of one cycle, from nothing."""
    state, _ = fold(ledger, pack, pack.cycle_of(cycle_start))
    return state
