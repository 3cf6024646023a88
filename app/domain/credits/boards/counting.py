"""What begins in a period of at most a school year, counted by a key: activities, and items of plans."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Integer, Uuid, bindparam, cast, func, null, select
from sqlmodel import col

from app.domain.credits.boards.figures import COUNTED, BoardCounts, BoardPart, carried_out
from app.domain.errors import Invalid
from app.domain.organisation.statistics import school_year_of
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity
from app.domain.training.plans import AGREED, Plan, PlanItem

LONGEST = timedelta(days=366)
"""The longest period of one board: a school year."""
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)


# What can be refused.


class BoardPeriodUnfit(Invalid):
    """A period begins before it ends, and is no longer than a year."""

    code = "board_period_unfit"
    zh = "时段须先开始后结束，不超过一年，且在 1900 至 2999 年之间。"
    en = "A period begins before it ends, is no longer than a year, and lies in 1900 to 2999."


# What may be asked.

OWNER = bindparam("owner_id", type_=Uuid)
SINCE, UNTIL = bindparam("since", type_=Date), bindparam("until", type_=Date)


def count_activities(key: Any, place: ColumnElement[bool], parts: tuple[BoardPart, ...]) -> Any:
    """The activities that begin in the period, counted by `key`."""
    numbers = [n.label(name) for part in parts for name, n in COUNTED.get(part, {}).items()]
    days = col(Activity.starts_on).between(SINCE, UNTIL)
    counted = select(key.label("key"), *numbers).where(place, days).group_by(key)
    return _once(counted.cte("acted"))


def count_planned(key: Any, place: ColumnElement[bool]) -> Any:
    """The items of agreed plans that begin in the period, counted by `key`; nobody's own plan."""
    counted = (
        select(
            key.label("key"),
            func.count().label("planned"),
            func.count().filter(carried_out()).label("carried_out"),
        )
        .join_from(PlanItem, Plan, col(PlanItem.plan_id) == col(Plan.id))
        .where(
            place,
            col(Plan.teacher_id).is_(None),
            is_among(col(Plan.state), AGREED),
            # An item lies within its plan: what is over, or yet to begin, need not be looked into.
            col(Plan.starts_on) <= UNTIL,
            col(Plan.ends_on) >= SINCE,
            col(PlanItem.starts_on).between(SINCE, UNTIL),
        )
        .group_by(key)
    )
    return _once(counted.cte("planned"))


def _once(counted: CTE) -> CTE:
    """Counted once: taking the lines to be few, the planner would count all anew for each of them."""
    return counted.prefix_with("MATERIALIZED")


def show(
    parts: tuple[BoardPart, ...], subjects: Any, key: Any, acted: Any, planned: Any
) -> tuple[list[Any], Any]:
    """The columns of the counts, and the subjects with what was counted of each."""
    counted = subjects
    counts = dict.fromkeys(BoardCounts.model_fields, cast(null(), Integer))
    for part, found in ((True, acted), (BoardPart.PLANS in parts, planned)):
        if part:
            counted = counted.outerjoin(found, found.c.key == key)
            counts |= {
                each.key: cast(func.coalesce(each, 0), Integer)
                for each in found.c
                if each.key != "key"
            }
    return [count.label(name) for name, count in counts.items()], counted


def days_of_board(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The first and the last day of a period; what is left out is of the present school year."""
    if any(day is not None and not _FIRST <= day <= _LAST for day in (since, until)):
        raise BoardPeriodUnfit
    first = since or date(school_year_of(until or today), 9, 1)
    last = until or date(school_year_of(first) + 1, 8, 31)
    if not timedelta(0) <= last - first < LONGEST:
        raise BoardPeriodUnfit
    return first, last
