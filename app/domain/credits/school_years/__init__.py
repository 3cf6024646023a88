"""School years (学年关账、补录): closed by a bureau, and opened again for late entries by the city.

What was earned in a closed year is neither entered nor claimed nor reversed any more, whoever asks
(R203). Read `closing` (what it is, closing a year), then `windows`, then `checking`, the one check.
"""

from app.domain.credits.school_years.checking import SchoolYearClosed, check_year_open, closed_for
from app.domain.credits.school_years.closing import (
    CLOSINGS,
    NewSchoolYearClosing,
    SchoolYearClosedAlready,
    SchoolYearClosing,
    SchoolYearClosingNotFound,
    SchoolYearClosingView,
    SchoolYearNeedsBureau,
    SchoolYearNotOver,
    close_school_year,
    get_school_year_closing,
    list_own_school_year_closings,
    list_school_year_closings,
)
from app.domain.credits.school_years.windows import (
    LATE_WINDOWS,
    LateWindow,
    LateWindowNotFound,
    LateWindowOfOpenYear,
    LateWindowOver,
    LateWindowView,
    NewLateWindow,
    is_late_window_open,
    list_late_windows,
    open_late_window,
)

__all__ = [
    "CLOSINGS",
    "LATE_WINDOWS",
    "LateWindow",
    "LateWindowNotFound",
    "LateWindowOfOpenYear",
    "LateWindowOver",
    "LateWindowView",
    "NewLateWindow",
    "NewSchoolYearClosing",
    "SchoolYearClosed",
    "SchoolYearClosedAlready",
    "SchoolYearClosing",
    "SchoolYearClosingNotFound",
    "SchoolYearClosingView",
    "SchoolYearNeedsBureau",
    "SchoolYearNotOver",
    "check_year_open",
    "close_school_year",
    "closed_for",
    "get_school_year_closing",
    "is_late_window_open",
    "list_late_windows",
    "list_own_school_year_closings",
    "list_school_year_closings",
    "open_late_window",
]
