from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from app.domain.credits.packs.parts import Who
from app.domain.credits.rules import (
    Award,
    Dated,
    Facts,
    NoAward,
    Period,
    RequirementStanding,
    Source,
    Standing,
    advance,
    award,
    begin,
    compile_pack,
    evaluate,
    fold,
    goes_on,
    standing_of,
)
from app.domain.credits.rules.calendar import Span, age_on, birthday, served_in
from tests.domain.credits.histories import (
    BAOSHAN,
    DEMO,
    LAST_DAY,
    NOBODY,
    YUEYANG,
    entry,
    reversal,
    stated,
)


def counted(standing: Standing) -> list[str]:
    return [str(each.counted) for each in standing.entries]


def required(standing: Standing, id: str) -> RequirementStanding:
    return next(each for each in standing.requirements if each.id == id)


def aged(years: int, day: date) -> Facts:
    return Facts(birth_date=day.replace(year=day.year - years), ranks=(), posts=())


@pytest.mark.parametrize(
    ("earned", "counts", "cut"),
    [("119.90", "119.90", None), ("120.00", "120.00", None), ("120.10", "120.00", "0.10")],
)
def test_school_based_credits_count_up_to_120_in_five_years(
    earned: str, counts: str, cut: str | None
) -> None:
    standing = evaluate(NOBODY, [entry(1, earned)], YUEYANG, LAST_DAY)
    assert counted(standing) == [counts]
    assert [str(each.amount) for each in standing.entries[0].cuts] == ([cut] if cut else [])
    assert str(standing.totals.earned_credits) == earned
    assert str(standing.totals.counted_credits) == counts


def test_the_cap_leaves_credits_of_other_levels_alone() -> None:
    entries = [entry(1, "120.00"), entry(2, "50.00", level="county"), entry(3, "1.00")]
    assert counted(evaluate(NOBODY, entries, YUEYANG, LAST_DAY)) == ["120.00", "50.00", "0.00"]


def test_a_reversal_under_a_full_cap_frees_its_room() -> None:
    """100 and 30 fill 120; without the 100 the whole 30 counts, not the 20 that were left of it."""
    entries = [entry(1, "100.00"), entry(2, "30.00")]
    assert counted(evaluate(NOBODY, entries, YUEYANG, LAST_DAY)) == ["100.00", "20.00"]
    entries.append(reversal(3, entries[0]))
    standing = evaluate(NOBODY, entries, YUEYANG, LAST_DAY)
    assert counted(standing) == ["30.00"]
    assert str(standing.caps[0].used) == "30.00"


def test_a_cut_takes_the_same_share_of_the_hours() -> None:
    entries = [entry(1, "117.00"), entry(2, "4.00", hours=Decimal("12.00"))]
    totals = evaluate(NOBODY, entries, YUEYANG, LAST_DAY).totals
    assert (totals.counted_credits, totals.counted_hours) == (Decimal(120), Decimal(126))


def test_31_august_and_1_september_are_two_school_years() -> None:
    entries = [entry(1, on="2014-08-31"), entry(2, on="2014-09-01")]
    years = required(
        evaluate(NOBODY, entries, YUEYANG, date(2015, 8, 31)), "school-based-every-year"
    ).windows
    assert [str(year.counted) for year in years] == ["10.00", "10.00", "0.00", "0.00", "0.00"]
    assert (years[0].end, years[1].start) == (date(2014, 8, 31), date(2014, 9, 1))


def test_a_school_year_without_credit_is_missed_once_it_is_over() -> None:
    entries = [entry(1, on="2014-08-31")]
    last_day = evaluate(NOBODY, entries, YUEYANG, date(2015, 8, 31))
    assert (last_day.verdict, last_day.verdict_until) == ("open", date(2015, 9, 1))
    assert evaluate(NOBODY, entries, YUEYANG, date(2015, 9, 1)).verdict == "missed"


def test_the_smallest_credit_is_some_credit() -> None:
    days = ["2013-09-01", "2014-09-01", "2015-09-01", "2016-09-01", "2018-08-31"]
    entries = [entry(number, "0.01", on=day) for number, day in enumerate(days, 1)]
    assert evaluate(NOBODY, entries, YUEYANG, LAST_DAY).verdict == "met"
    assert evaluate(NOBODY, entries[:4], YUEYANG, LAST_DAY).verdict == "open"


def test_a_school_year_before_the_person_served_is_not_asked_for() -> None:
    late = Facts(service=(Period(date(2016, 9, 1)),))
    entries = [entry(1, on="2016-10-01"), entry(2, on="2017-10-01")]
    asked = required(evaluate(late, entries, YUEYANG, LAST_DAY), "school-based-every-year")
    assert [str(year.verdict) for year in asked.windows] == [*["waived"] * 3, "met", "met"]
    assert asked.verdict == "met"


def test_a_single_day_of_service_is_service() -> None:
    year = Span(2014, date(2014, 9, 1), date(2015, 8, 31))
    assert served_in(year, (Period(date(2010, 1, 1), date(2014, 9, 1)),))
    assert served_in(year, (Period(date(2015, 8, 31)),))
    assert not served_in(year, (Period(date(2010, 1, 1), date(2014, 8, 31)),))


def test_as_of_cuts_by_the_day_earned_and_known_on_by_the_day_recorded() -> None:
    # 17:00 in UTC is one in the morning of the next day in Shanghai.
    first = entry(1, "7.00", recorded_at=datetime(2014, 3, 1, 17, tzinfo=UTC))
    entries = [first, reversal(2, first, recorded_at=datetime(2014, 5, 1, tzinfo=UTC))]

    def amount(as_of: str, known_on: str) -> Decimal:
        days = date.fromisoformat(as_of), date.fromisoformat(known_on)
        return evaluate(NOBODY, entries, YUEYANG, *days).totals.counted_credits

    assert amount("2014-02-28", "2014-04-01") == 0
    assert amount("2014-03-01", "2014-03-01") == 0
    assert amount("2014-03-01", "2014-03-02") == Decimal("7.00")
    assert amount("2014-03-01", "2014-05-01") == 0


@pytest.mark.parametrize(("years", "rule_is_for"), [(34, True), (35, True), (36, False)])
def test_up_to_35_includes_35(years: int, rule_is_for: bool) -> None:
    day = date(2027, 5, 20)
    asked = required(evaluate(aged(years, day), [], DEMO, day), "young-teachers")
    assert asked.applies is rule_is_for


def test_the_36th_birthday_is_foreseen() -> None:
    born = Facts(birth_date=date(1992, 2, 29), ranks=(), posts=())
    eve = evaluate(born, [], DEMO, date(2028, 2, 28))
    assert (required(eve, "young-teachers").applies, eve.verdict_until) == (True, date(2028, 2, 29))
    assert required(evaluate(born, [], DEMO, date(2028, 2, 29)), "young-teachers").applies is False


def test_in_a_common_year_29_february_is_completed_on_1_march() -> None:
    born = date(1992, 2, 29)
    assert birthday(born, 35) == date(2027, 3, 1)
    assert (age_on(born, date(2027, 2, 28)), age_on(born, date(2027, 3, 1))) == (34, 35)


@pytest.mark.parametrize(("years", "earns"), [(44, True), (45, True), (46, False)])
def test_a_degree_converts_up_to_45(years: int, earns: bool) -> None:
    day = date(2027, 5, 20)
    degree = Source(earned_on=day, kind="convert", source_kind="degree")
    assert isinstance(award(aged(years, day), degree, DEMO), Award if earns else NoAward)


def test_of_two_totals_the_higher_governs() -> None:
    promoted = Facts(
        birth_date=date(1980, 1, 1),
        ranks=(
            Dated("first_grade", date(2010, 1, 1), date(2028, 6, 30)),
            Dated("senior", date(2028, 7, 1)),
        ),
        posts=(),
    )
    before = evaluate(promoted, [], DEMO, date(2028, 6, 30))
    assert (required(before, "total").verdict, before.verdict_until) == ("open", date(2028, 7, 1))
    after = evaluate(promoted, [], DEMO, date(2028, 7, 1))
    assert required(after, "total").governed_by == "total-senior"
    assert required(after, "total").verdict == "waived"
    assert str(required(after, "total-senior").missing) == "400.00"


@pytest.mark.parametrize(
    ("rank", "posts", "asks"),
    [
        ("second_grade", [], {"total-junior-middle": "360.00"}),
        ("first_grade", [], {"total-junior-middle": "360.00"}),
        ("senior", [], {"total-senior": "540.00", "senior-self-study": "180.00"}),
        (None, ["librarian"], {"total-auxiliary": "60.00"}),
        ("second_grade", ["arts_teacher"], {"total-junior-middle": "360.00"}),
        ("first_grade", ["class_head"], {"total-junior-middle": "360.00", "class-heads": "30.00"}),
        (
            "senior",
            ["school_cadre", "middle_leader", "trainer"],
            {
                "total-senior": "540.00",
                "senior-self-study": "180.00",
                "school-cadres": "240.00",
                "new-middle-leaders": "300.00",
                "trainers-each-year": "360.00",  # 72 in each of five years
            },
        ),
    ],
)
def test_baoshan_asks_by_rank_and_post(
    rank: str | None, posts: list[str], asks: dict[str, str]
) -> None:
    since = date(2011, 1, 1)
    person = Facts(
        birth_date=date(1975, 1, 1),
        ranks=(Dated(rank, since),) if rank else (),
        posts=tuple(Dated(post, since) for post in posts),
    )
    standing = evaluate(person, [], BAOSHAN, date(2015, 12, 31))
    asked = {
        each.id: str(each.needed) for each in standing.requirements if each.verdict != "waived"
    }
    assert asked == asks


@pytest.mark.parametrize(
    ("day", "governs"),
    [(date(2013, 6, 30), "total-junior-middle"), (date(2013, 7, 1), "total-senior")],
)
def test_a_rank_changes_on_the_day(day: date, governs: str) -> None:
    ranks = (
        Dated("first_grade", date(2005, 1, 1), date(2013, 6, 30)),
        Dated("senior", date(2013, 7, 1)),
    )
    standing = evaluate(Facts(ranks=ranks, posts=()), [], BAOSHAN, day)
    assert next(each.id for each in standing.requirements if each.verdict == "open") == governs


def test_without_a_known_rank_it_is_undecided() -> None:
    standing = evaluate(Facts(posts=()), [entry(1, on="2012-03-01")], BAOSHAN, date(2013, 1, 1))
    asked = required(standing, "total-junior-middle")
    assert (asked.applies, asked.verdict, asked.reasons[0].code) == (
        None,
        "undecided",
        "fact_unknown",
    )
    assert standing.verdict == "undecided"


def test_a_step_refuses_what_is_not_the_next_entry() -> None:
    cycle = YUEYANG.cycle_of(LAST_DAY)
    first = entry(5)
    state, _ = fold([first], YUEYANG, cycle)
    before = msgspec.json.encode(state)
    for wrong in (first, entry(4), entry(6, on="2018-09-01"), reversal(6, first)):
        with pytest.raises(ValueError, match=r"reversal|next"):
            advance(state, wrong, YUEYANG)
    assert msgspec.json.encode(state) == before


def test_a_state_counts_the_entries_that_it_holds() -> None:
    state, _ = fold([entry(1), entry(3)], YUEYANG, YUEYANG.cycle_of(LAST_DAY))
    assert (state.entries, state.sequence) == (2, 3)
    advance(state, entry(7), YUEYANG)
    assert (state.entries, state.sequence) == (3, 7)


def test_no_state_of_another_pack_nor_of_a_pack_for_certain_persons_is_gone_on_with() -> None:
    cycle = YUEYANG.cycle_of(LAST_DAY)
    assert goes_on(begin(YUEYANG, cycle), [entry(1)], YUEYANG)
    assert not goes_on(begin(YUEYANG, cycle), [entry(1)], DEMO)
    cap = YUEYANG.document.caps[0]
    of_an_age = Who.model_validate({"age_from": stated(45)})
    personal = compile_pack(
        YUEYANG.document.model_copy(update={"caps": (cap.model_copy(update={"who": of_an_age}),)})
    )
    assert not goes_on(begin(personal, cycle), [entry(1)], personal)


def test_a_state_belongs_to_one_version_of_a_pack() -> None:
    document = YUEYANG.document.model_copy(update={"version": 2})
    cycle = YUEYANG.cycle_of(LAST_DAY)
    for other in (compile_pack(document), DEMO):
        with pytest.raises(ValueError, match="another pack"):
            advance(begin(YUEYANG, cycle), entry(1), other)
        with pytest.raises(ValueError, match="another pack"):
            standing_of(begin(YUEYANG, cycle), NOBODY, other, LAST_DAY)


def test_the_cycle_of_a_day_is_the_nearest_in_which_the_pack_is_in_force() -> None:
    cycle = BAOSHAN.cycle_of(date(2012, 1, 1))
    assert (cycle.start, cycle.end) == (date(2011, 1, 1), date(2015, 12, 31))
    assert YUEYANG.cycle_of(date(2026, 1, 1)) == YUEYANG.cycle_of(date(2000, 1, 1))
    assert begin(YUEYANG, YUEYANG.cycle_of(LAST_DAY)).start == date(2013, 9, 1)
