"""What is looked for: the duties that are asked about, the days within which something counts for them.

Each check (`checks`, `year_checks`) is one select of rows that bear a unit, a day and a key, for the duties in
`ASKED` that it shows.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.domain.organisation.units import Level
from app.domain.people.teachers.strata import is_among
from app.domain.quality.article_duties.table import ArticleDuty, DutyRhythm

_DUTY: Any = ArticleDuty.__table__  # type: ignore[attr-defined]
_YEAR = bindparam("school_year", type_=Integer)
_BEGINS, _ENDS = func.make_date(_YEAR, 9, 1), func.make_date(_YEAR + 1, 8, 31)
_once = _DUTY.c.rhythm == DutyRhythm.ONCE
_due_year = _YEAR + case((_DUTY.c.due_month < 9, 1), else_=0)

DUTY = (
    select(
        _DUTY.c.id.label("duty_id"), _DUTY.c.shown_by, _DUTY.c.rhythm, _DUTY.c.bearer,
        _DUTY.c.needed, _DUTY.c.activity_kinds, _DUTY.c.activity_content,
        case(
            (_once, _DUTY.c.due_on),
            else_=func.make_date(_due_year, _DUTY.c.due_month, _DUTY.c.due_day),
        ).label("due_on"),
    )
    .where(_DUTY.c.id == any_(bindparam("duty_ids", type_=ARRAY(Uuid))))
    .cte("duty")
)  # fmt: skip
"""The duties that are looked into, each with the day by which it is due in the school year."""


def _asked_in(term: int, first: Any, last: Any, *rhythms: DutyRhythm) -> Select[Any]:
    """The duties of a rhythm with the days within which something counts, and as of which it is kept up."""
    return select(
        DUTY.c.duty_id, DUTY.c.shown_by, DUTY.c.activity_kinds, DUTY.c.activity_content,
        literal(term, Integer).label("term"), first.label("first"), last.label("last"),
        func.least(last, bindparam("today", type_=Date)).label("day"),
    ).where(is_among(DUTY.c.rhythm, rhythms))  # fmt: skip


# The two terms of a school year are parted on 1 February.
ASKED = union_all(
    _asked_in(0, literal(date(1900, 1, 1), Date), _ENDS, DutyRhythm.ONCE),
    _asked_in(0, _BEGINS, _ENDS, DutyRhythm.YEARLY),
    _asked_in(1, _BEGINS, func.make_date(_YEAR + 1, 1, 31), DutyRhythm.TERMLY),
    _asked_in(2, func.make_date(_YEAR + 1, 2, 1), _ENDS, DutyRhythm.TERMLY),
).cte("asked")
"""What is looked for: of each duty once, of a termly one in each of the two terms."""
FIRST, LAST, DAY = ASKED.c.first, ASKED.c.last, ASKED.c.day
KINDS, CONTENT = ASKED.c.activity_kinds, ASKED.c.activity_content

SCHOOLS = frozenset({Level.SCHOOL})
BUREAUS = frozenset({Level.CITY, Level.COUNTY})
ANYBODY = SCHOOLS | BUREAUS


class Check(NamedTuple):
    """The rows behind a duty (`duty_id`, `term`, `unit_id`, `row_id`, `noun`, `on`), of which levels they tell.

    `everybody` selects those of whom all must be among the rows (of the same columns); without it the
    duty says how many rows are needed.
    """

    rows: Any
    bearers: frozenset[Level]
    everybody: Any = None


KEPT_UP = cast(null(), Date)
"""What is kept up has no day."""


def rows_of(unit_id: Any, row_id: Any, noun: str, on: Any = KEPT_UP) -> Select[Any]:
    """The columns of the rows of a check: whose they are, what they are, and of which day."""
    return select(
        ASKED.c.duty_id, ASKED.c.term, unit_id.label("unit_id"), row_id.label("row_id"),
        literal(noun, String).label("noun"), on.label("on"),
    )  # fmt: skip


def within_asked(day: Any) -> ColumnElement[bool]:
    """The predicate 'this day lies within what is asked about'."""
    within: ColumnElement[bool] = day.between(FIRST, LAST)
    return within
