"""What holds of the rules for any pack, any person and any ledger."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.credits.packs import PackDocument
from app.domain.credits.packs.parts import Who
from app.domain.credits.rules import (
    Entry,
    Facts,
    Pack,
    Standing,
    State,
    advance,
    begun,
    compile_pack,
    evaluate,
    explain,
    fold,
    goes_on,
    standing_of,
    verdict_of,
)
from app.domain.credits.rules.judgement import judge_in_short
from tests.domain.credits import oracle
from tests.domain.credits.histories import ASKED, DAYS, ledgers, packs, people

KNOWN = st.one_of(st.none(), DAYS)


def compiled(document: dict[str, Any]) -> Pack:
    return compile_pack(PackDocument.model_validate(document))


def as_answer(standing: Standing) -> oracle.Answer:
    return oracle.Answer(
        start=standing.cycle.start,
        end=standing.cycle.end,
        counted={each.entry_id: oracle.cents(each.counted) for each in standing.entries},
        requirements={
            each.id: oracle.Judged(
                each.applies,
                str(each.verdict),
                oracle.cents(each.needed),
                oracle.cents(each.counted),
                oracle.cents(each.missing),
            )
            for each in standing.requirements
        },
        verdict=str(standing.verdict),
    )


@given(people(), ledgers(), packs(), ASKED, KNOWN)
@settings(max_examples=200, deadline=None)
def test_the_rules_agree_with_the_oracle(
    facts: Facts,
    entries: list[Entry],
    document: dict[str, Any],
    as_of: date,
    known_on: date | None,
) -> None:
    expected = oracle.answer(facts, entries, document, as_of, known_on)
    standing = evaluate(facts, reversed(entries), compiled(document), as_of, known_on)
    assert as_answer(standing) == expected


@given(people(), ledgers(), packs(), ASKED)
@settings(max_examples=200, deadline=None)
def test_a_stored_state_goes_on_as_if_all_were_replayed(
    facts: Facts, entries: list[Entry], document: dict[str, Any], day: date
) -> None:
    """Step by step, through JSON each time, folding again only after a reversal."""
    pack = compiled(document).for_person(facts)
    cycle = pack.cycle_of(day)
    state = begun((), pack, cycle)
    for number, entry in enumerate(entries, 1):
        stored = msgspec.json.encode(state)
        state = msgspec.json.decode(stored, type=State)
        assert msgspec.convert(json.loads(stored), State, str_keys=True) == state
        if entry.kind == "reverse" or not goes_on(state, [entry], pack):
            state, _ = fold(entries[:number], pack, cycle)
        elif cycle.start <= entry.earned_on <= cycle.end:
            advance(state, entry, pack)
        replayed, _ = fold(entries[:number], pack, cycle)
        assert state == replayed
    stored_standing = standing_of(state, facts, pack, cycle.end)
    standing = evaluate(facts, entries, pack, cycle.end)
    assert msgspec.structs.replace(standing, entries=()) == stored_standing
    assert verdict_of(state, facts, pack, cycle.end) == (standing.verdict, standing.verdict_until)


@given(st.lists(people(), min_size=2, max_size=6), ledgers(), packs(), ASKED)
@settings(max_examples=60, deadline=None)
def test_what_is_asked_of_one_is_remembered_for_the_like_of_them_alone(
    persons: list[Facts], entries: list[Entry], document: dict[str, Any], as_of: date
) -> None:
    """Under one pack for all of them, in full and in short."""
    pack = compiled(document)
    for facts in [*persons, *persons]:
        own = pack.for_person(facts)
        state, _ = fold(entries, own, own.cycle_of(as_of), until=as_of)
        standing = evaluate(facts, entries, pack, as_of)
        assert as_answer(standing) == oracle.answer(facts, entries, document, as_of, None)
        most = max((each.missing for each in standing.requirements), default=Decimal(0))
        assert judge_in_short(state, facts, own, as_of) == (standing.verdict, most)


@given(people(), ledgers(), packs(), ASKED, st.data())
@settings(max_examples=200, deadline=None)
def test_a_verdict_holds_until_the_day_it_names(
    facts: Facts, entries: list[Entry], document: dict[str, Any], as_of: date, data: st.DataObject
) -> None:
    pack = compiled(document)
    standing = evaluate(facts, entries, pack, as_of)
    last = standing.verdict_until or date(2040, 1, 1)
    assert as_of < last
    days = st.integers(0, (last - as_of).days - 1)
    later = evaluate(facts, entries, pack, as_of + timedelta(days=data.draw(days)))
    assert as_answer(later) == as_answer(standing)


@given(people(), ledgers(), packs(), ASKED, KNOWN)
@settings(max_examples=100, deadline=None)
def test_an_explanation_ends_with_the_number_it_explains(
    facts: Facts,
    entries: list[Entry],
    document: dict[str, Any],
    as_of: date,
    known_on: date | None,
) -> None:
    pack = compiled(document)
    standing = evaluate(facts, entries, pack, as_of, known_on)
    numbers = {each.entry_id: each for each in standing.entries}
    for entry in entries:
        explanation = explain(facts, entries, pack, entry.id, as_of=as_of, known_on=known_on)
        number = numbers.get(entry.id)
        assert explanation.counted == (number.counted if number else 0)
        cuts = [step for step in explanation.steps if step.code == "cut_by_cap"]
        taken = [Decimal(step.values["cut"]) for step in cuts]
        assert taken == ([cut.amount for cut in number.cuts] if number else [])
        # Replayed from its steps alone: what was earned, less what each cap cut.
        assert not number or explanation.earned - sum(taken) == explanation.counted
        assert all(step.basis for step in cuts)
        assert explanation.assumptions == standing.assumptions


@given(ledgers(), packs(), ASKED)
@settings(max_examples=100, deadline=None)
def test_no_cap_is_exceeded_and_nothing_is_lost(
    entries: list[Entry], document: dict[str, Any], as_of: date
) -> None:
    pack = compiled(document)
    standing = evaluate(Facts(), entries, pack, as_of)
    # Of a cap for certain persons nobody is known here whom it is for.
    assert {each.id for each in standing.caps} == {
        cap.rule.id for cap in pack.caps if cap.rule.who == Who()
    }
    for _, windows in groupby(standing.caps, key=lambda cap: cap.id):
        assert all(0 <= window.used <= window.maximum for window in windows)
    loans = {each.id for each in entries if each.kind in {"lend", "repay"}}
    assert not any(each.cuts for each in standing.entries if each.entry_id in loans)
    for each in standing.entries:
        assert each.earned == each.counted + sum(cut.amount for cut in each.cuts)
    unbroken = {each.rule.id for each in pack.requirements if each.rule.unbroken}
    for requirement in standing.requirements:
        for asked in requirement.windows:
            if asked.verdict != "waived":
                lacks = asked.needed - asked.counted - asked.carried
                whole = asked.needed if requirement.id in unbroken else lacks
                assert asked.missing == (whole if lacks > 0 else 0)
    totals = standing.totals
    assert totals.counted_hours <= totals.earned_hours
    assert totals.counted_credits <= totals.earned_credits
