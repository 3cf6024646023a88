"""What is asked once, since an event: when it turns by itself, and of whom it is not asked."""

from datetime import date
from typing import Any

import pytest

from app.domain.credits.rules import Dated, Facts, Period, evaluate
from app.domain.credits.rules.turns import next_change
from tests.domain.credits.histories import stated
from tests.domain.credits.rules.test_by_hand import row, synthetic, total

APPOINTED = {"event": "appointment", "months": stated(6)}
LEADER = (Dated("middle_leader", date(2020, 3, 1)),)


def leaders(**parts: Any) -> Any:
    """120 within six months of being appointed: from 2020-03-01 until 2020-08-31."""
    who = {"posts": ["middle_leader"]}
    return synthetic(total("120.00", window="event", since=APPOINTED, who=who), **parts)


@pytest.mark.parametrize(
    ("day", "turns"),
    [
        (date(2020, 2, 1), date(2020, 3, 1)),
        (date(2020, 3, 1), date(2020, 9, 1)),
        (date(2020, 8, 31), date(2020, 9, 1)),
        (date(2020, 9, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), None),
    ],
)
def test_a_verdict_turns_as_the_window_begins_and_on_the_day_after_it(
    day: date, turns: date | None
) -> None:
    """The cycle of two years ends with 2021; 2022-01-01 is the day after it."""
    pack = leaders()
    assert next_change(pack.cycle_of(date(2020, 3, 1)), Facts(posts=LEADER), pack, day) == turns


@pytest.mark.parametrize(
    ("service", "verdict"),
    [
        (Period(date(2010, 1, 1)), "open"),
        (Period(date(2010, 1, 1), date(2020, 3, 1)), "open"),
        (Period(date(2020, 8, 31)), "open"),
        (Period(date(2010, 1, 1), date(2020, 2, 29)), "waived"),
        (Period(date(2020, 9, 1)), "waived"),
    ],
)
def test_of_who_was_in_service_on_no_day_of_it_nothing_is_asked(
    service: Period, verdict: str
) -> None:
    person = Facts(posts=LEADER, service=(service,))
    assert row(evaluate(person, [], leaders(), date(2020, 5, 1)), "r-0").verdict == verdict


def test_a_leave_that_waives_it_waives_it_of_who_serves() -> None:
    """Away on 92 of its 184 days, and 90 are enough."""
    leave = {"states": ["on_leave"], "effect": stated("waives"), "from_days": stated(90)}
    away = (Dated("on_leave", date(2020, 3, 1), date(2020, 5, 31)),)
    person = Facts(posts=LEADER, service=(Period(date(2010, 1, 1)),), leaves=away)
    asked = row(evaluate(person, [], leaders(leave=leave), date(2020, 6, 1)), "r-0")
    assert (asked.verdict, str(asked.needed)) == ("waived", "0.00")
