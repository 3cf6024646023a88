"""School calendars (校历): terms, holidays and make-up days, half-days kept for teaching research.

A city sets them for all of its schools, a county or a school for its own: of terms and days the nearer
one counts, half-days add up. Read `terms`, `days` (holidays and make-up days), `half_days`, then
`applying` (what counts at a unit, from itself and from those above).
"""

from app.domain.training.school_calendars.applying import (
    SchoolCalendarView,
    get_own_school_calendar,
    get_school_calendar,
    nearest_first,
    own_and_above,
    terms_of,
)
from app.domain.training.school_calendars.days import (
    CALENDAR_DAYS,
    CalendarDay,
    CalendarDayFields,
    CalendarDayNotFound,
    CalendarDayView,
    NewCalendarDays,
    list_calendar_days,
    remove_calendar_day,
    set_calendar_days,
)
from app.domain.training.school_calendars.half_days import (
    RESEARCH_HALF_DAYS,
    DayHalf,
    HalfDayNotFound,
    HalfDayView,
    NewHalfDay,
    ResearchHalfDay,
    add_half_day,
    list_half_days,
    remove_half_day,
)
from app.domain.training.school_calendars.terms import (
    LAST_WEEK,
    TERMS,
    NewTerm,
    Semester,
    Term,
    TermNotFound,
    TermView,
    list_terms,
    set_term,
)

__all__ = [
    "CALENDAR_DAYS",
    "LAST_WEEK",
    "RESEARCH_HALF_DAYS",
    "TERMS",
    "CalendarDay",
    "CalendarDayFields",
    "CalendarDayNotFound",
    "CalendarDayView",
    "DayHalf",
    "HalfDayNotFound",
    "HalfDayView",
    "NewCalendarDays",
    "NewHalfDay",
    "NewTerm",
    "ResearchHalfDay",
    "SchoolCalendarView",
    "Semester",
    "Term",
    "TermNotFound",
    "TermView",
    "add_half_day",
    "get_own_school_calendar",
    "get_school_calendar",
    "list_calendar_days",
    "list_half_days",
    "list_terms",
    "nearest_first",
    "own_and_above",
    "remove_calendar_day",
    "remove_half_day",
    "set_calendar_days",
    "set_term",
    "terms_of",
]
