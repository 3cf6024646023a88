"""The standing: what a person's entries amount to under a pack, on a day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.credits.rules.applicability import applies
from app.domain.credits.rules.calendar import Cycle, spans_of
from app.domain.credits.rules.facts import ZERO, Entry, Facts
from app.domain.credits.rules.fold import Counted, State, fold, in_force
from app.domain.credits.rules.judgement import (
    Judgement,
    Verdict,
    WindowStanding,
    judge,
    judge_in_short,
    overall,
)
from app.domain.credits.rules.pack import Pack
from app.domain.credits.rules.turns import next_change
from app.domain.credits.rules.wording import (
    Assumption,
    Basis,
    Said,
    basis_of,
    say,
)


class Totals(Struct, frozen=True):
    """Both units side by side: what was earned, and what of it counts."""

    earned_hours: Decimal
    earned_credits: Decimal
    counted_hours: Decimal
    counted_credits: Decimal


class RequirementStanding(Struct, frozen=True, kw_only=True):
    """A requirement as it stands for a person; amounts sum over the windows that are asked for.

    `governed_by` names the requirement of the same group that asks for more and stands instead.
    `some` says that any amount above zero is enough: 0.01 is then the least.
    """

    id: str
    title_zh: str
    title_en: str
    window: str
    applies: bool | None
    reasons: tuple[Said, ...]
    governed_by: str | None
    some: bool
    needed: Decimal
    counted: Decimal
    missing: Decimal
    verdict: Verdict
    windows: tuple[WindowStanding, ...]
    basis: Basis


class CapStanding(Struct, frozen=True, kw_only=True):
    """How much of a cap one window of it has used."""

    id: str
    title_zh: str
    title_en: str
    start: date
    end: date
    maximum: Decimal
    used: Decimal
    basis: Basis


class Standing(Struct, frozen=True, kw_only=True):
    """What `evaluate` returns; amounts of caps and requirements are in `unit`.

    `verdict_until` is the first day on which a verdict could change without a new entry: before
    it, the standing holds. None if nothing more can change under this pack. `entries` is empty
    where the standing was made from a stored state.
    """

    pack_id: str
    pack_version: int
    cycle: Cycle
    as_of: date
    known_on: date | None
    unit: str
    totals: Totals
    entries: tuple[Counted, ...]
    caps: tuple[CapStanding, ...]
    requirements: tuple[RequirementStanding, ...]
    verdict: Verdict
    verdict_until: date | None
    assumptions: tuple[Assumption, ...]


def evaluate(
    facts: Facts,
    entries: Iterable[Entry],
    pack: Pack,
    as_of: date,
    known_on: date | None = None,
) -> Standing:
    """The standing in the cycle of `as_of`, from the ledger entries of one person in any order.

    `as_of` cuts by the day of earning, `known_on` by the day of recording; both days are included.
    """
    entries, pack = tuple(entries), pack.for_person(facts)
    cycle = pack.cycle_of(as_of)
    state, counted = fold(entries, pack, cycle, until=as_of, known_on=known_on)
    # An entry earned later is there already, so the day on which it counts is foreseen too.
    later = (
        entry.earned_on
        for entry in in_force(entries, known_on)
        if as_of < entry.earned_on <= cycle.end
    )
    return _standing(
        state,
        facts,
        pack,
        as_of,
        entries=counted,
        known_on=known_on,
        next_entry=min(later, default=None),
    )


def standing_of(state: State, facts: Facts, pack: Pack, as_of: date) -> Standing:
    """The standing of a stored state, whose entries were all earned by `as_of`."""
    return _standing(state, facts, pack, as_of)


def verdict_of(state: State, facts: Facts, pack: Pack, as_of: date) -> tuple[Verdict, date | None]:
    """The verdict of `standing_of` and its `verdict_until` alone, for thousands of persons."""
    verdict, _ = judge_in_short(state, facts, pack, as_of)
    return verdict, next_change(Cycle(state.start, state.end), facts, pack, as_of)


def _standing(
    state: State,
    facts: Facts,
    pack: Pack,
    as_of: date,
    *,
    entries: tuple[Counted, ...] = (),
    known_on: date | None = None,
    next_entry: date | None = None,
) -> Standing:
    judgements = judge(state, facts, pack, as_of)
    cycle = Cycle(state.start, state.end)
    turns = (next_change(cycle, facts, pack, as_of), next_entry)
    return Standing(
        pack_id=state.pack_id,
        pack_version=state.pack_version,
        cycle=cycle,
        as_of=as_of,
        known_on=known_on,
        unit=pack.document.unit,
        totals=Totals(
            state.earned_hours, state.earned_credits, state.counted_hours, state.counted_credits
        ),
        entries=entries,
        caps=_caps(state, facts, pack, as_of),
        requirements=tuple(_requirement(each) for each in judgements),
        verdict=overall(each.verdict for each in judgements),
        verdict_until=min((day for day in turns if day), default=None),
        assumptions=pack.assumptions,
    )


def _caps(state: State, facts: Facts, pack: Pack, as_of: date) -> tuple[CapStanding, ...]:
    """The caps that hold for the person on the day, or on the nearest one of the cycle."""
    cycle = Cycle(state.start, state.end)
    day = max(cycle.start, min(as_of, cycle.end))
    return tuple(
        CapStanding(
            id=cap.rule.id,
            title_zh=cap.rule.title.zh,
            title_en=cap.rule.title.en,
            start=span.start,
            end=span.end,
            maximum=cap.maximum,
            used=state.sums[cap.sum].get(span.year, ZERO),
            basis=basis_of(cap.rule.maximum),
        )
        for cap in pack.caps
        if not pack.personal or applies(cap.rule.who, facts, day).yes
        for span in spans_of(cycle, cap.rule.window, pack.school_year)
    )


def _requirement(judged: Judgement) -> RequirementStanding:
    rule = judged.requirement.rule
    asked = [window for window in judged.windows if window.verdict is not Verdict.WAIVED]
    waived = judged.verdict is Verdict.WAIVED
    return RequirementStanding(
        id=rule.id,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        window=rule.window,
        applies=judged.answer.yes,
        reasons=_reasons(judged, asked),
        governed_by=judged.governing.rule.id if judged.governing else None,
        some=rule.some is not None,
        needed=sum((window.needed for window in asked), ZERO),
        counted=sum((window.counted for window in asked), ZERO),
        missing=ZERO if waived else sum((window.missing for window in asked), ZERO),
        verdict=judged.verdict,
        windows=judged.windows,
        basis=basis_of(rule.ground),
    )


def _reasons(judged: Judgement, asked: list[WindowStanding]) -> tuple[Said, ...]:
    notes = tuple(say(each.code, each.stated, **each.values) for each in judged.notes)
    if judged.governing:
        governing = judged.governing.rule
        code = "shared" if governing.pro_rata else "governed_by"
        return (say(code, governing.ground, rule=governing.title),)
    if judged.answer.yes and not asked:
        exempt = any(each.code == "exempted" for each in judged.notes)
        return notes if exempt else (say("not_asked"), *notes)
    if unbroken := judged.requirement.rule.unbroken:
        notes = (say("in_one_piece", unbroken), *notes)
    reasons = (say(each.code, each.stated, **each.values) for each in judged.answer.reasons)
    return (*reasons, *notes) if judged.answer.yes else tuple(reasons)
