"""Cases worked out by hand, with the arithmetic, for the packs of every jurisdiction that counts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.rules import (
    Award,
    Dated,
    Entry,
    Facts,
    NoAward,
    Pack,
    Period,
    RequirementStanding,
    Source,
    Standing,
    award,
    compile_pack,
    evaluate,
    explain,
    fold,
    goes_on,
)
from tests.domain.credits.histories import BAOSHAN, NOBODY, TITLE, entry, reversal, stated


def pack_of(pack_id: str) -> Pack:
    return compile_pack(shipped_packs()[pack_id])


def earned(pack: Pack, **source: Any) -> tuple[str, str]:
    given = award(NOBODY, Source(**source), pack)
    assert isinstance(given, Award), given
    return str(given.hours), str(given.credits)


def row(standing: Standing, id: str) -> RequirementStanding:
    return next(each for each in standing.requirements if each.id == id)


def counted(entries: list[Entry], pack: Pack, day: date, facts: Facts = NOBODY) -> list[str]:
    return [str(each.counted) for each in evaluate(facts, entries, pack, day).entries]


def test_baoshan_a_teacher_promoted_in_the_cycle() -> None:
    """First grade until 30 June 2013, senior after. 300 + 90 + 100 = 490 hours, 90 + 100 of them self-study.

    On 30 June the lower band: 360 - 390 < 0, met. On 1 July the higher: 540 - 490 = 50 are missing;
    of the 180 of self-study 90 + 100 = 190 are there.
    """
    ranks = (Dated("first_grade", date(2005, 1, 1), date(2013, 6, 30)),
             Dated("senior", date(2013, 7, 1)))  # fmt: skip
    person = Facts(ranks=ranks, posts=())
    entries = [
        entry(1, "300.00", "2012-03-01"),
        entry(2, "90.00", "2013-03-01", mode="self_directed"),
        entry(3, "100.00", "2014-03-01", mode="self_directed"),
    ]
    before = evaluate(person, entries, BAOSHAN, date(2013, 6, 30))
    assert (row(before, "total-junior-middle").verdict, before.verdict) == ("met", "met")
    after = evaluate(person, entries, BAOSHAN, date(2014, 6, 30))
    assert str(row(after, "total-senior").missing) == "50.00"
    assert (row(after, "senior-self-study").verdict, after.verdict) == ("met", "open")


def test_shanghai_the_parts_are_asked_for_beside_the_whole() -> None:
    """36 credits in all, as 7 + 12 + 17 by level, but only 2.00 of information technology at school.

    City: 2 ethics, of it 1 psychology, 4 knowledge, of it 1 information, 1 practice: 7. District: 12, of
    it 1.50 information. School: 17, information 2.00 of 2.50: 0.50 is missing and nothing else at school.
    """
    made = [
        ("2.00", "city", "student_psychology", "lecture"),
        ("4.00", "city", "information_technology", "lecture"),
        ("1.00", "city", "teaching_methods", "workshop"),
        ("1.00", "county", "student_psychology", "lecture"),
        ("1.00", "county", "family_education", "lecture"),
        ("1.50", "county", "information_technology", "lecture"),
        ("6.50", "county", "teaching_methods", "lecture"),
        ("2.00", "county", "teaching_skills", "mentoring"),
        ("2.00", "school", "ethics", "lecture"),
        ("2.00", "school", "family_education", "lecture"),
        ("11.00", "school", "teaching_methods", "collective_planning"),
        ("2.00", "school", "information_technology", "reading"),
    ]
    entries = [
        entry(number, amount, "2022-03-01", level=level, content=(content,), activity_kind=kind)
        for number, (amount, level, content, kind) in enumerate(made, 1)
    ]
    standing = evaluate(NOBODY, entries, pack_of("shanghai-14-5"), date(2022, 12, 31))
    assert str(standing.totals.counted_credits) == "36.00"
    missing = {each.id: str(each.missing) for each in standing.requirements if each.missing}
    # 14 of practice are there: 1 + 2 + 11. No entry is self-directed: 4 are missing.
    assert missing == {"self-directed": "4.00", "school-information": "0.50"}


def test_xunyang_half_a_day_is_a_quarter_of_a_credit() -> None:
    """4 h × 0.1875 = 0.75 hours, / 3 = 0.25. 39 half days: 9.75, which is 0.25 short of 10; 40: 10.00."""
    pack, day = pack_of("xunyang-2014"), date(2015, 3, 1)
    assert earned(pack, earned_on=day, hours=Decimal("4.00")) == ("0.75", "0.25")
    halves = [entry(number, "0.25", "2015-03-01", hours=Decimal("0.75")) for number in range(1, 41)]
    for much, missing in ((39, "0.25"), (40, "0.00")):
        years = row(evaluate(NOBODY, halves[:much], pack, day), "every-year").windows
        assert str(years[1].missing) == missing


def test_guangxi_half_days_count_whole_and_each_item_has_its_maximum() -> None:
    """6 h: / 8 = 0.75, in steps of 0.50 down: 0.50. Seven half days of 0.50: 3.50, of which 3 count.

    Prizes 4 + 6 + a pupils' 2: 12, of which 6 count: 4, then 2, then nothing. Planning has its own 4.
    """
    pack, day = pack_of("guangxi-2016"), date(2017, 3, 1)
    at_school: dict[str, Any] = {"earned_on": day, "level": "school", "role": "participant"}
    assert earned(pack, hours=Decimal(6), activity_kind="lecture", **at_school) == ("6.00", "0.50")
    assert earned(pack, hours=Decimal(4), activity_kind="seminar", **at_school) == ("4.00", "0.50")
    prize: dict[str, Any] = {"kind": "offset", "source_kind": "prize", "earned_on": day}
    assert earned(pack, level="city", **prize) == ("32.00", "4.00")
    assert earned(pack, level="national", **prize) == ("48.00", "6.00")
    given = award(NOBODY, Source(level="city", **prize), pack)
    assert isinstance(given, Award)
    assert given.evidence == ("contest_result",)
    lectures = [
        entry(number, "0.50", "2017-03-01", activity_kind="lecture", role="participant")
        for number in range(1, 8)
    ]
    others = [
        entry(8, "4.00", "2017-03-01", kind="offset", source_kind="prize", level="city"),
        entry(9, "6.00", "2017-03-01", kind="offset", source_kind="prize", level="national"),
        entry(10, "2.00", "2017-03-01", kind="offset", source_kind="student_prize", level="city"),
        entry(11, "0.50", "2017-03-01", activity_kind="lesson_observation", role="participant"),
    ]
    expected = [*["0.50"] * 6, "0.00", "4.00", "2.00", "0.00", "0.50"]
    assert counted(lectures + others, pack, day) == expected


def test_jiangsu_lectures_count_six_hours_and_eighteen_a_year() -> None:
    """Four lectures at the county: 4 × 6 = 24, of which 18 count in the year. A prize: 18 more.

    18 + 18 = 36 of the 180 at county level or above: 144 are missing; of 360 in all, 324.
    """
    pack, day = pack_of("jiangsu-2016"), date(2017, 3, 1)
    assert earned(pack, earned_on=day, hours=Decimal(2), role="speaker", level="county") == (
        "6.00", "6.00",
    )  # fmt: skip
    lectures = [
        entry(number, "6.00", "2017-03-01", role="speaker", level="county")
        for number in range(1, 5)
    ]
    prize = entry(5, "18.00", "2017-04-01", kind="offset", source_kind="prize", level="city")
    standing = evaluate(NOBODY, [*lectures, prize], pack, date(2017, 12, 31))
    assert [str(each.counted) for each in standing.entries] == [*["6.00"] * 3, "0.00", "18.00"]
    assert str(row(standing, "county-or-above").missing) == "144.00"
    assert str(row(standing, "total").missing) == "324.00"


def test_zhejiang_years_have_a_maximum_and_new_teachers_a_year() -> None:
    """School-based 30 in a year: 24 count. Recruited on 2012-03-15: 180 by 2013-03-14.

    170 + 24 = 194 are there, 60 - 50 = 10 of practice are missing on the last day and missed on the next.
    """
    pack = pack_of("zhejiang-local-2011")
    entries = [
        entry(1, "30.00", "2012-05-01"),
        entry(2, "50.00", "2012-06-01", level="county", channel="mentor"),
        entry(3, "70.00", "2012-07-01", level="county"),
        entry(4, "50.00", "2013-03-14", level="county"),
        entry(5, "60.00", "2013-03-15", level="county", channel="mentor"),
    ]
    assert counted(entries, pack, date(2013, 3, 14)) == ["24.00", "50.00", "70.00", "50.00"]
    new = Facts(service=(Period(date(2012, 3, 15)),), posts=())
    due = evaluate(new, entries, pack, date(2013, 3, 14))
    assert [str(each.counted) for each in row(due, "new-teachers").windows] == ["194.00"]
    practice = row(due, "new-teachers-practice")
    assert (str(practice.missing), practice.verdict) == ("10.00", "open")
    assert practice.windows[0].end == date(2013, 3, 14)
    late = row(evaluate(new, entries, pack, date(2013, 3, 15)), "new-teachers-practice")
    assert (str(late.counted), late.verdict) == ("50.00", "missed")


def test_jiangxi_gives_nothing_that_was_not_verified() -> None:
    refused = award(NOBODY, Source(earned_on=date(2018, 3, 1)), pack_of("jiangxi-2018"))
    assert isinstance(refused, NoAward)
    assert refused.reason.code == "no_rule"


# What no verified source asks for, on a synthetic pack.


def synthetic(*rules: dict[str, Any], **parts: Any) -> Pack:
    requirements = [
        {"id": f"r-{number}", "title": TITLE, "window": "cycle"} | rule
        for number, rule in enumerate(rules)
    ]
    document = {
        "id": "synthetic", "version": 1, "title": TITLE, "issuer": "x", "jurisdiction": "y",
        "effective_from": stated("2020-01-01"), "unit": "hours", "hours_per_credit": stated("1"),
        "rounding": stated("half_up"), "earning": [], "requirements": requirements,
        "calendar": {
            "cycle_start": stated("2020-01-01"), "cycle_years": stated(2),
            "school_year_start": stated("09-01"), "partial_years": stated("waived"),
        },
    }  # fmt: skip
    return compile_pack(PackDocument.model_validate(document | parts))


def total(amount: str, **more: Any) -> dict[str, Any]:
    return {"at_least": stated(amount)} | more


def test_pro_rata_by_the_days_a_rank_was_held() -> None:
    """731 days; first grade on 366 (2020), senior on 365: (360 × 366 + 540 × 365) / 731 = 449.88 (.876…)."""
    shared = {"group": "total", "on_change": stated("pro_rata")}
    pack = synthetic(
        total("360.00", who={"ranks": ["first_grade"]}, **shared),
        total("540.00", who={"ranks": ["senior"]}, **shared),
    )
    ranks = (Dated("first_grade", date(2010, 1, 1), date(2020, 12, 31)),
             Dated("senior", date(2021, 1, 1)))  # fmt: skip
    for day in (date(2020, 12, 31), date(2021, 1, 1)):
        standing = evaluate(Facts(ranks=ranks), [entry(1, "400.00", "2020-03-01")], pack, day)
        assert (str(row(standing, "r-1").needed), str(row(standing, "r-1").missing)) == (
            "449.88", "49.88",
        )  # fmt: skip
        assert row(standing, "r-0").governed_by == "r-1"
        said = row(standing, "r-1").reasons[-1]
        assert (said.code, said.values["share"]) == (
            "pro_rata", "360.00×366/731 + 540.00×365/731",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "days", "needed"),
    [
        # 98 of the 366 days of 2020: 60 × 268 / 366 = 43.93 (.934…); 89 days are too few.
        ("shortens", 98, "43.93"), ("shortens", 89, "60.00"),
        ("waives", 98, "0.00"), ("waives", 90, "0.00"), ("waives", 89, "60.00"),
    ],
)  # fmt: skip
def test_leave_shortens_or_waives_a_window(effect: str, days: int, needed: str) -> None:
    leave = {"states": ["on_leave"], "effect": stated(effect), "from_days": stated(90)}
    pack = synthetic(total("60.00", window="calendar_year"), leave=leave)
    begins = date(2020, 3, 1)
    away = (Dated("on_leave", begins, begins + timedelta(days=days - 1)),
            Dated("seconded", date(2020, 1, 1)))  # fmt: skip
    standing = evaluate(Facts(leaves=away), [], pack, date(2021, 3, 1))
    first, second = row(standing, "r-0").windows
    assert (str(first.needed), str(second.needed)) == (needed, "60.00")
    assert first.verdict == ("waived" if needed == "0.00" else "missed")


def test_what_exceeds_a_window_is_carried_into_the_next_and_no_further() -> None:
    """100 in 2020-21, 60 asked: 40 are over, 30 of them go on. 30 + 20 = 50: 10 are missing. Then 0."""
    pack = synthetic(total("60.00", carry_over=stated("30.00")))
    entries = [entry(1, "100.00", "2020-03-01"), entry(2, "20.00", "2022-03-01")]
    for day, missing in ((date(2021, 1, 1), "0.00"), (date(2022, 5, 1), "10.00"),
                         (date(2024, 1, 1), "60.00")):  # fmt: skip
        standing = row(evaluate(NOBODY, entries, pack, day), "r-0")
        assert str(standing.missing) == missing
    said = row(evaluate(NOBODY, entries, pack, date(2022, 5, 1)), "r-0").reasons[-1]
    assert (said.code, said.values["amount"]) == ("carried_over", "30.00")
    assert said.basis is not None


def test_a_new_leader_s_months_go_over_the_end_of_the_cycle() -> None:
    """Appointed 2021-08-31 for 6 months: until 2022-02-27. 100 before the year ends and 30 after."""
    since = {"event": "appointment", "months": stated(6)}
    pack = synthetic(total("120.00", window="event", since=since, who={"posts": ["middle_leader"]}))
    leader = Facts(posts=(Dated("middle_leader", date(2021, 8, 31)),))
    entries = [entry(1, "100.00", "2021-12-31"), entry(2, "30.00", "2022-02-28"),
               entry(3, "30.00", "2022-02-27")]  # fmt: skip
    for day, amount, verdict in (
        (date(2021, 8, 30), "0", "waived"), (date(2021, 12, 31), "100.00", "open"),
        (date(2022, 1, 1), "100.00", "open"), (date(2022, 2, 27), "130.00", "met"),
        (date(2022, 2, 28), "130.00", "met"), (date(2024, 1, 1), "0", "waived"),
    ):  # fmt: skip
        asked = row(evaluate(leader, entries, pack, day), "r-0")
        assert (asked.counted, asked.verdict) == (Decimal(amount), verdict), day
    late = row(evaluate(leader, entries[:2], pack, date(2022, 2, 28)), "r-0")
    assert (str(late.missing), late.verdict) == ("20.00", "missed")


def test_a_block_is_one_training_and_smaller_ones_do_not_add_up() -> None:
    """89 + 89 hours: the largest is 89, and a whole block of 90 is missing. One of 90 is enough.

    Of a block of 100 under a cap of 95 only 95 count, which is still one piece.
    """
    block = total("90.00", unbroken=stated(True), of={"mode": ["off_job"]})
    pack = synthetic(block, total("170.00"))
    two = [entry(number, "89.00", "2020-03-01", mode="off_job") for number in (1, 2)]
    part = evaluate(NOBODY, two, pack, date(2020, 6, 1))
    assert [str(each.missing) for each in part.requirements] == ["90.00", "0.00"]
    assert str(row(part, "r-0").counted) == "89.00"
    assert row(part, "r-0").reasons[-1].code == "in_one_piece"
    whole = [*two, entry(3, "90.00", "2020-03-02", mode="off_job")]
    assert row(evaluate(NOBODY, whole, pack, date(2020, 6, 1)), "r-0").verdict == "met"
    told = explain(NOBODY, whole, pack, whole[0].id, as_of=date(2020, 6, 1))
    assert [each.code for each in told.steps[-3:]] == ["serves_unbroken", "serves", "counted"]
    cap = {"id": "cap", "title": TITLE, "of": {}, "window": "cycle", "maximum": stated("95.00")}
    cut = evaluate(
        NOBODY, [entry(1, "100.00", "2020-03-01", mode="off_job")], synthetic(block, caps=[cap]),
        date(2020, 6, 1),
    )  # fmt: skip
    assert (str(row(cut, "r-0").counted), row(cut, "r-0").verdict) == ("95.00", "met")


def test_a_cap_for_certain_persons_cuts_on_the_days_on_which_it_is_for_them() -> None:
    """At most 20 from 45 years on. Born 1975-06-01: 45 on 2020-06-01. 15 on the eve, then 10 and 10.

    The eve's 15 are not cut but take up room: 20 - 15 = 5 of the next 10 count, and nothing of the last.
    """
    cap = {"id": "cap", "title": TITLE, "of": {}, "window": "cycle", "maximum": stated("20.00")}
    pack = synthetic(caps=[cap | {"who": {"age_from": stated(45)}}])
    entries = [entry(1, "15.00", "2020-05-31"), entry(2, "10.00", "2020-06-01"),
               entry(3, "10.00", "2020-06-02")]  # fmt: skip
    day = date(2020, 12, 31)
    old, young = Facts(birth_date=date(1975, 6, 1)), Facts(birth_date=date(1980, 1, 1))
    assert counted(entries, pack, day, old) == ["15.00", "5.00", "0.00"]
    for other in (young, NOBODY):
        assert counted(entries, pack, day, other) == ["15.00", "10.00", "10.00"]
        assert evaluate(other, entries, pack, day).caps == ()
    told = explain(old, entries, pack, entries[1].id, as_of=day)
    assert [each.code for each in told.steps if "cap" in each.code] == ["cut_by_cap"]
    # More than the cap before it began leaves no room, and takes nothing back.
    assert counted([entry(1, "25.00", "2020-05-31"), *entries[1:]], pack, day, old) == [
        "25.00", "0.00", "0.00",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="certain persons"):
        fold(entries, pack, pack.cycle_of(day))


def test_an_exemption_waives_a_requirement_in_its_window_and_its_reversal_asks_again() -> None:
    """60 a year; exempted on 2020-05-01: nothing is asked for in 2020, 60 in 2021."""
    exemption = {"id": "tutor", "title": TITLE, "waives": stated(["r-0"])}
    pack = synthetic(total("60.00", window="calendar_year"), exemptions=[exemption])
    told = award(NOBODY, Source(earned_on=date(2020, 5, 1), kind="exempt"), pack)
    assert isinstance(told, Award)
    assert (str(told.hours), str(told.credits), told.rule_id) == ("0.00", "0.00", "tutor")
    granted = entry(1, "0.00", "2020-05-01", kind="exempt", rule_id="tutor")
    day = date(2021, 6, 1)
    asked = row(evaluate(NOBODY, [granted], pack, day), "r-0")
    assert [each.verdict for each in asked.windows] == ["waived", "open"]
    assert [each.code for each in asked.reasons] == ["for_everyone", "exempted"]
    steps = explain(NOBODY, [granted], pack, granted.id, as_of=day).steps
    assert [each.code for each in steps] == ["entered", "only_waives", "waives", "counted"]
    for entries in (
        [granted, reversal(2, granted)],
        [entry(1, "0.00", "2020-05-01", kind="exempt")],
    ):
        undone = row(evaluate(NOBODY, entries, pack, day), "r-0")
        assert [each.verdict for each in undone.windows] == ["missed", "open"]


def test_an_exemption_waives_what_is_asked_since_an_event() -> None:
    """Recruited 2020-03-01, 120 within a year; exempted within it, and asked again where it was after."""
    since = {"event": "recruitment", "months": stated(12)}
    exemption = {"id": "graduate", "title": TITLE, "waives": stated(["r-0"])}
    pack = synthetic(total("120.00", window="event", since=since), exemptions=[exemption])
    new = Facts(service=(Period(date(2020, 3, 1)),))
    for on, verdict in (("2021-02-28", "waived"), ("2021-03-01", "missed")):
        granted = entry(1, "0.00", on, kind="exempt", rule_id="graduate")
        asked = row(evaluate(new, [granted], pack, date(2021, 6, 1)), "r-0")
        assert asked.verdict == verdict


def test_what_is_lent_helps_one_year_and_is_asked_for_in_another() -> None:
    """60 a year. 2020: 50 + 10 lent = 60, met. 2021: 65 - 10 repaid = 55, 5 are missing."""
    pack = synthetic(total("60.00", window="calendar_year"))
    entries = [
        entry(1, "50.00", "2020-03-01"), entry(2, "10.00", "2020-12-01", kind="lend", level=None),
        entry(3, "65.00", "2021-03-01"), entry(4, "10.00", "2021-12-01", kind="repay", level=None),
    ]  # fmt: skip
    standing = evaluate(NOBODY, entries, pack, date(2021, 12, 31))
    asked = row(standing, "r-0").windows
    assert [(str(each.counted), each.verdict) for each in asked] == [
        ("60.00", "met"), ("55.00", "open"),
    ]  # fmt: skip
    assert (str(asked[1].missing), str(standing.totals.counted_hours)) == ("5.00", "115.00")
    told = [
        explain(NOBODY, entries, pack, each.id, as_of=date(2021, 12, 31)) for each in entries[1::2]
    ]
    assert [each.steps[1].code for each in told] == ["lends", "repays"]
    assert [str(each.counted) for each in told] == ["10.00", "-10.00"]


def test_a_loan_takes_no_room_under_a_cap() -> None:
    """At most 10 of anything, and 12 asked of anything. Lent 5, earned 10: 15. Repaid 5: the 10 are left.

    The cap and the requirement select alike, and yet what they sum is not the same.
    """
    cap = {"id": "most", "title": TITLE, "of": {}, "window": "cycle", "maximum": stated("10.00")}
    pack = synthetic(total("12.00"), caps=[cap])
    entries = [
        entry(1, "5.00", "2020-02-01", kind="lend", level=None), entry(2, "10.00", "2020-03-01"),
        entry(3, "5.00", "2020-04-01", kind="repay", level=None), entry(4, "1.00", "2020-05-01"),
    ]  # fmt: skip
    expected = [("5.00", "0"), ("15.00", "10.00"), ("10.00", "10.00"), ("10.00", "10.00")]
    for number, (counted, used) in enumerate(expected, 1):
        standing = evaluate(NOBODY, entries[:number], pack, date(2020, 12, 31))
        told = row(standing, "r-0").counted, standing.totals.counted_hours
        assert told == (Decimal(counted), Decimal(counted))
        assert [each.used for each in standing.caps] == [Decimal(used)]
    last = evaluate(NOBODY, entries, pack, date(2020, 12, 31)).entries[-1]
    assert (last.counted, [str(cut.amount) for cut in last.cuts]) == (Decimal(0), ["1.00"])
    steps = explain(NOBODY, entries, pack, entries[0].id, as_of=date(2020, 12, 31)).steps
    assert [each.code for each in steps] == ["entered", "lends", "serves", "counted"]


def test_a_state_that_was_counted_with_other_sums_is_folded_again() -> None:
    pack = synthetic(total("12.00"))
    state, _ = fold([entry(1, on="2020-03-01")], pack, pack.cycle_of(date(2020, 3, 1)))
    later = [entry(2, on="2020-04-01")]
    assert goes_on(state, later, pack)
    state.sums["other"] = state.sums.pop("r-0")
    assert not goes_on(state, later, pack)


def test_what_a_cap_summed_with_loans_is_folded_again() -> None:
    """It had the cap's own name, with the same rules: a loan in it would take room for good."""
    cap = {"id": "most", "title": TITLE, "of": {}, "window": "cycle", "maximum": stated("10.00")}
    pack = synthetic(total("12.00", of={"level": ["county"]}), caps=[cap])
    state, _ = fold([entry(1, on="2020-03-01")], pack, pack.cycle_of(date(2020, 3, 1)))
    later = [entry(2, on="2020-04-01")]
    assert goes_on(state, later, pack)
    [name] = state.sums.keys() - {"r-0"}
    state.sums["most"] = state.sums.pop(name)
    assert not goes_on(state, later, pack)


def test_stage_place_and_under_an_age() -> None:
    who = {"stages": ["primary"], "locations": ["rural"], "age_under": stated(35)}
    pack, day = synthetic(total("10.00", who=who)), date(2020, 6, 1)
    asked = {
        (stage, place, born): row(
            evaluate(
                Facts(stages=(stage,), locations=(Dated(place, date.min),), birth_date=born),
                [],
                pack,
                day,
            ),
            "r-0",
        ).applies
        for stage in ("primary", "kindergarten")
        for place in ("rural", "urban")
        for born in (date(1985, 6, 2), date(1985, 6, 1))
    }
    assert [key for key, yes in asked.items() if yes] == [("primary", "rural", date(1985, 6, 2))]
    assert len(asked) == 8
