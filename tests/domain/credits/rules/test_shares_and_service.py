"""Days at the edges of service, shares of one rank alone, and what is told of what is not asked."""

from datetime import date
from typing import Any

import pytest

from app.domain.credits.rules import Dated, Facts, Period, evaluate
from app.domain.credits.rules.calendar import Cycle, Span, served_throughout, service_in
from app.domain.credits.rules.fold import begun, goes_on
from tests.domain.credits.histories import NOBODY, TITLE, entry, stated
from tests.domain.credits.rules.test_by_hand import row, synthetic, total

CYCLE = Cycle(date(2020, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("period", "lies"),
    [
        (Period(date(2010, 1, 1), date(2019, 12, 31)), None),
        (Period(date(2010, 1, 1), date(2020, 1, 1)), Period(date(2020, 1, 1), date(2020, 1, 1))),
        (Period(date(2021, 12, 31)), Period(date(2021, 12, 31), date(2021, 12, 31))),
        (Period(date(2022, 1, 1)), None),
        (Period(date(2010, 1, 1)), Period(CYCLE.start, CYCLE.end)),
    ],
)
def test_of_service_the_days_in_the_cycle_count(period: Period, lies: Period | None) -> None:
    assert service_in(CYCLE, (period,)) == (() if lies is None else (lies,))


@pytest.mark.parametrize(
    ("service", "throughout"),
    [
        ([(date(2020, 1, 1), date(2020, 12, 31))], True),
        ([(date(2020, 1, 1), date(2020, 12, 30))], False),
        ([(date(2020, 1, 2), None)], False),
        ([(date(2019, 1, 1), date(2020, 6, 30)), (date(2020, 7, 1), date(2020, 12, 31))], True),
        ([(date(2019, 1, 1), date(2020, 6, 30)), (date(2020, 7, 2), None)], False),
    ],
)
def test_who_serves_to_the_last_day_serves_throughout(
    service: list[tuple[date, date | None]], throughout: bool
) -> None:
    year = Span(2020, date(2020, 1, 1), date(2020, 12, 31))
    assert served_throughout(year, [Period(*each) for each in service]) is throughout


def test_a_share_of_one_rank_is_of_its_own_days() -> None:
    """360 for first grade, held on 366 of 731 days: 360 × 366 / 731 = 180.25 (.246…). 10 for everybody."""
    pack = synthetic(
        total("360.00", who={"ranks": ["first_grade"]}, on_change=stated("pro_rata")),
        total("10.00"),
    )
    person = Facts(ranks=(Dated("first_grade", date(2010, 1, 1), date(2020, 12, 31)),))
    standing = evaluate(person, [], pack, date(2020, 6, 1))
    assert [str(each.needed) for each in standing.requirements] == ["180.25", "10.00"]


def test_a_cycle_is_begun_with_what_is_carried_and_nothing_else() -> None:
    pack = synthetic(
        total("60.00", carry_over=stated("30.00")), total("50.00", of={"level": ["school"]})
    )
    state = begun([entry(1, "100.00", "2020-03-01")], pack, pack.cycle_of(date(2022, 3, 1)))
    assert [{year: str(much) for year, much in state.sums[name].items()}
            for name in ("r-0", "r-1")] == [{2020: "100.00"}, {}]  # fmt: skip


@pytest.mark.parametrize(("carries", "former"), [(True, False), (False, True)])
def test_what_belongs_to_the_former_cycle_is_folded_again_where_it_is_carried(
    carries: bool, former: bool
) -> None:
    pack = synthetic(total("60.00", **({"carry_over": stated("30.00")} if carries else {})))
    state = begun([], pack, pack.cycle_of(date(2022, 3, 1)))
    assert goes_on(state, [entry(1, on="2022-01-01")], pack)
    assert goes_on(state, [entry(1, on="2021-12-31")], pack) is former


def test_what_was_earned_in_another_year_serves_no_selection_of_one() -> None:
    pack = synthetic(total("60.00", of={"year": [2021]}))
    entries = [entry(1, "10.00", "2020-12-31"), entry(2, "20.00", "2021-01-01")]
    assert str(row(evaluate(NOBODY, entries, pack, date(2021, 6, 1)), "r-0").counted) == "20.00"


@pytest.mark.parametrize(
    ("entries", "service", "told"),
    [
        ([], (), ["for_everyone"]),
        ([], (Period(date(2010, 1, 1), date(2019, 12, 31)),), ["not_asked"]),
        (["exempt"], (), ["exempted"]),
    ],
)
def test_it_is_told_why_nothing_is_asked(entries: list[str], service: Any, told: list[str]) -> None:
    exemption = {"id": "tutor", "title": TITLE, "waives": stated(["r-0"])}
    pack = synthetic(total("60.00"), exemptions=[exemption])
    granted = [entry(1, "0.00", "2020-05-01", kind=kind, rule_id="tutor") for kind in entries]
    person = Facts(service=service or None)
    asked = row(evaluate(person, granted, pack, date(2020, 6, 1)), "r-0")
    assert [each.code for each in asked.reasons] == told
