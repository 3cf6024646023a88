"""Conditions: what counts within a person's own time, by which reasons, and what would change it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.credits.conditions.changing import changes_of
from app.domain.credits.conditions.frames import frame_of
from app.domain.credits.conditions.judging import Answer, Question, judge_condition
from app.domain.credits.conditions.telling import explained_row
from app.domain.credits.packs import PackDocument, PackRefused, read_pack
from app.domain.credits.packs.purposes import Purpose
from app.domain.credits.rules import (
    Cycle,
    Dated,
    Entry,
    Facts,
    Pack,
    Said,
    Verdict,
    compile_pack,
    evaluate,
)
from tests.domain.credits.histories import (
    ASKED,
    DAYS,
    NOBODY,
    YUEYANG,
    entry,
    ledgers,
    packs,
    people,
    reversal,
    stated,
)

TITLE = {"zh": "用途", "en": "purpose"}


def purpose(frame: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "for-it", "kind": "appointment", "title": TITLE, "ground": stated(True),
        "frame": stated(frame), **more,
    }  # fmt: skip


def question(pack: Pack, facts: Facts, asked: Purpose, frame: Cycle, as_of: date) -> Question:
    return Question(facts=facts, purpose=asked, pack=pack, packs=(pack,), frame=frame, as_of=as_of)


def days(first: str, last: str) -> Cycle:
    return Cycle(date.fromisoformat(first), date.fromisoformat(last))


# Which time is looked at.


@pytest.mark.parametrize(
    ("frame", "years", "expected"),
    [
        ("cycle", None, days("2013-09-01", "2018-08-31")),
        ("last_school_year", None, days("2014-09-01", "2015-08-31")),
        ("last_calendar_year", None, days("2014-01-01", "2014-12-31")),
        ("last_years", 5, days("2010-12-02", "2015-12-01")),
        ("since_rank", None, days("2009-03-05", "2015-12-01")),
        ("since_rank", 5, days("2010-12-02", "2015-12-01")),
        ("registration", None, days("2012-07-01", "2017-06-30")),
    ],
)
def test_a_frame_is_found_on_the_day(frame: str, years: int | None, expected: Cycle) -> None:
    asked = Purpose.model_validate(purpose(frame) | ({"years": stated(years)} if years else {}))
    # The rank was recorded anew at another school, without a gap.
    ranks = (
        Dated("second_grade", date(2001, 9, 1), date(2009, 3, 4)),
        Dated("first_grade", date(2009, 3, 5), date(2012, 8, 31)),
        Dated("first_grade", date(2012, 9, 1)),
    )
    registered = [
        Dated("qualified", date(2007, 7, 1), date(2012, 6, 30)),
        Dated("qualified", date(2012, 7, 1), date(2017, 6, 30)),
    ]
    day = date(2015, 12, 1)
    assert frame_of(asked, YUEYANG, Facts(ranks=ranks), registered, day) == expected


def test_a_registration_counts_for_five_years_or_for_as_long_as_it_says() -> None:
    asked = Purpose.model_validate(purpose("registration", years=stated(5)))
    open_end = [Dated("qualified", date(2012, 2, 29))]
    day = date(2015, 12, 1)
    found = frame_of(asked, YUEYANG, NOBODY, open_end, day)
    assert found == days("2012-02-29", "2017-02-28")
    # One that is over is looked at until the next is concluded; one that is to come is not.
    over = [
        Dated("qualified", date(2008, 7, 1), date(2013, 6, 30)),
        Dated("qualified", date(2016, 1, 1), date(2020, 12, 31)),
    ]
    assert frame_of(asked, YUEYANG, NOBODY, over, day) == days("2008-07-01", "2013-06-30")


@pytest.mark.parametrize(
    ("frame", "registered", "code"),
    [
        ("registration", [], "not_registered"),
        ("registration", [Dated("qualified", date(2012, 7, 1))], "registration_without_end"),
        ("since_rank", [], "rank_unknown"),
    ],
)
def test_without_a_frame_it_is_said_what_is_not_known(
    frame: str, registered: list[Dated], code: str
) -> None:
    asked = Purpose.model_validate(purpose(frame))
    found = frame_of(asked, YUEYANG, NOBODY, registered, date(2015, 12, 1))
    assert isinstance(found, Said)
    assert found.code == code


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (purpose("last_years"), "frame_without_years"),
        (purpose("cycle", years=stated(5)), "frame_has_its_length"),
        (purpose("cycle", requirements=["no-such"]), "requirement_unknown"),
        (purpose("cycle") | {"frame": {"value": "cycle"}}, "number_uncited"),
    ],
)
def test_a_wrong_purpose_is_refused(wrong: dict[str, Any], code: str) -> None:
    content = YUEYANG.document.model_dump(mode="json", exclude_defaults=True)
    with pytest.raises(PackRefused) as refused:
        read_pack(json.dumps(content | {"purposes": [wrong]}))
    assert code in [each.code for each in refused.value.problems]


# What counts in it.


def test_a_registration_across_two_cycles_counts_what_each_cycle_let_count() -> None:
    """By hand. The cap is 120 in each cycle, 2013/14 to 2017/18 and 2018/19 to 2022/23 being the years.

    First cycle: 100 in 2014, 40 in 2017: of the 40 only 20 count. Second cycle: 110 in 2019. Registered from
    2016-07-01 to 2021-06-30: 20 + 110 = 130, and not 150; nor is it cut to 120, for no cycle was passed.
    """
    content = YUEYANG.document.model_dump(mode="json", exclude_defaults=True)
    content["requirements"] = [
        {
            "id": "total", "title": TITLE, "window": "cycle", "at_least": stated("150.00"),
        }
    ]  # fmt: skip
    content["purposes"] = [purpose("registration")]
    content.pop("effective_to")
    pack = compile_pack(PackDocument.model_validate(content))
    entries = [
        entry(1, "100.00", on="2014-03-01"),
        entry(2, "40.00", on="2017-03-01"),
        entry(3, "110.00", on="2019-03-01"),
    ]
    asked = question(
        pack, NOBODY, pack.document.purposes[0], days("2016-07-01", "2021-06-30"), date(2020, 1, 1)
    )
    answer = judge_condition(asked, entries)
    (total,) = answer.standing.requirements
    assert [total.needed, total.counted, total.missing] == [150, 130, 20]
    assert (total.verdict, answer.standing.verdict_until) == ("open", date(2021, 7, 1))
    told = explained_row(asked, entries, answer, pack)
    assert [(each["sequence"], each["counted"]) for each in told["contributions"]] == [
        (2, 20), (3, 110),
    ]  # fmt: skip
    assert told["contributions"][0]["cuts"] == [
        {"cap_id": "school-based-five-years", "amount": Decimal("20.00")}
    ]
    codes = [(each["kind"], each["amount"], each["missing_after"]) for each in told["changes"]]
    assert codes == [("earn", 20, 0), ("cap", 20, 0)]
    late = replace(asked, as_of=date(2021, 7, 1))
    assert judge_condition(late, entries).standing.verdict == "missed"


def test_the_caps_may_leave_no_room_for_what_is_missing() -> None:
    content = YUEYANG.document.model_dump(mode="json", exclude_defaults=True)
    school = {"level": ["school"]}
    content["requirements"] = [
        {
            "id": "much",
            "title": TITLE,
            "of": school,
            "window": "cycle",
            "at_least": stated("130.00"),
        }
    ]
    content["purposes"] = [purpose("cycle")]
    pack = compile_pack(PackDocument.model_validate(content))
    asked = question(
        pack, NOBODY, pack.document.purposes[0], days("2013-09-01", "2018-08-31"), date(2015, 1, 1)
    )
    entries = [entry(1, "110.00"), entry(2, "5.00"), reversal(3, entry(2, "5.00"))]
    changes = changes_of(asked, entries, judge_condition(asked, entries))
    assert [(str(each.kind), str(each.missing), str(each.missing_after)) for each in changes] == [
        ("earn", "20.00", "10.00"), ("reversal", "20.00", "15.00"),
    ]  # fmt: skip
    assert changes[0].said.zh == (
        "“用途”还缺20.00学分，但“校本培训学分五年上限”只余10.00学分，仅靠此类培训无法补足。"
    )


@st.composite
def asked_of(draw: st.DrawFn, document: dict[str, Any], as_of: date) -> dict[str, Any]:
    """The document with a purpose of any frame that needs nothing else of a person."""
    frames = ["cycle", "last_school_year", "last_calendar_year", "last_years", "registration"]
    frame = draw(st.sampled_from(frames))
    more = {"years": stated(draw(st.integers(1, 6)))} if frame == "last_years" else {}
    names = [each["id"] for each in document["requirements"]]
    chosen = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    return document | {"purposes": [purpose(frame, requirements=chosen, **more)]}


@given(people(), ledgers(), packs(), ASKED, st.data())
@settings(max_examples=150, deadline=None)
def test_the_explanation_of_a_condition_reproduces_it(
    facts: Facts, entries: list[Entry], document: dict[str, Any], as_of: date, data: st.DataObject
) -> None:
    """Every sum again from the contributions alone; and each change by doing it."""
    pack = compile_pack(PackDocument.model_validate(data.draw(asked_of(document, as_of))))
    start = data.draw(DAYS)
    registered = [Dated("qualified", start, date(start.year + 5, 1, 31))]
    purpose_ = pack.document.purposes[0]
    frame = frame_of(purpose_, pack, facts, registered, max(as_of, start))
    assert isinstance(frame, Cycle)
    asked = question(pack, facts, purpose_, frame, max(as_of, start))
    answer = judge_condition(asked, entries)
    told = explained_row(asked, entries, answer, pack)
    unbroken = {each.rule.id for each in pack.requirements if each.rule.unbroken}
    for each in answer.standing.requirements:
        if each.verdict is Verdict.WAIVED:
            continue
        for window in each.windows:
            parts = [
                line["counted"]
                for line in told["contributions"]
                if each.id in line["requirements"]
                and window.start <= line["earned_on"] <= window.end
            ]
            again = max(parts, default=Decimal(0)) if each.id in unbroken else sum(parts)
            assert again == window.counted, (each, window)
            if window.verdict is not Verdict.WAIVED:
                lacks = max(Decimal(0), window.needed - again)
                whole = lacks and each.id in unbroken
                assert window.missing == (window.needed if whole else lacks)
    check_changes(asked, entries, answer)


def check_changes(asked: Question, entries: list[Entry], answer: Answer) -> None:
    """Whatever is said to be enough is, and one cent less is not."""
    for change in changes_of(asked, entries, answer):
        assert change.missing > change.missing_after or change.kind in {"over", "earn"}
        if change.kind != "earn" or change.missing_after:
            continue
        day = max(change.start, asked.as_of)
        rule = next(
            each.rule for each in asked.pack.requirements if each.rule.id == change.requirement_id
        )
        first = {
            name: accepted[:1] if name in {"content", "posts"} else accepted[0]
            for name, accepted in rule.of
            if accepted and name != "year"
        }
        if rule.of.year and day.year not in rule.of.year:
            day = date(min(year for year in rule.of.year if year > day.year), 1, 1)
        for less, enough in ((Decimal(0), True), (Decimal("0.01"), False)):
            amount = change.amount - less
            more = entry(999, str(amount), on=day.isoformat(), **({"level": None} | first))
            known = [each for each in entries if each.earned_on <= asked.as_of]
            then = judge_condition(replace(asked, as_of=day), [*known, more])
            (met,) = (
                window.missing == 0
                for each in then.standing.requirements
                if each.id == change.requirement_id
                for window in each.windows
                if window.start == change.start
            )
            assert met is enough


@given(people(), ledgers(), packs(), ASKED)
@settings(max_examples=60, deadline=None)
def test_all_requirements_in_the_cycle_are_the_standing(
    facts: Facts, entries: list[Entry], document: dict[str, Any], as_of: date
) -> None:
    document = document | {"purposes": [purpose("cycle")]}
    pack = compile_pack(PackDocument.model_validate(document))
    asked = question(pack, facts, pack.document.purposes[0], pack.cycle_of(as_of), as_of)
    assert judge_condition(asked, entries).standing == evaluate(facts, entries, pack, as_of)
