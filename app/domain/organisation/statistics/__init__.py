"""Yearly statistics (年度统计): what units state of themselves, beside what follows from elsewhere.

A figure has a unit of counting, a source and somebody who stated it; persons (人) and person-times
(人次) are different figures and never meet in a share. What a county states stands beside the sum of what
its schools state, the sum of its own parts and what the register says; where they differ, the difference
is shown. A report that states 21 schools and lists 1, 3 and 16 keeps its gap of one. A figure is never
overwritten: an amendment takes its place, and what was believed before can still be told.
"""

from app.domain.organisation.statistics.comparing import (
    RateBasis,
    RateName,
    SchoolYearUnknown,
    StatisticLineView,
    StatisticRateView,
    list_statistic_lines,
    list_statistic_rates,
)
from app.domain.organisation.statistics.figure import (
    COUNTED_IN,
    EARLIEST_YEAR,
    LATEST_YEAR,
    STATISTICS,
    CountUnit,
    Measure,
    NewStatistic,
    Precision,
    Statistic,
    StatisticNotFound,
    StatisticView,
    get_statistic,
    list_statistics,
    school_year_of,
    statistics_of,
)
from app.domain.organisation.statistics.stating import (
    SchoolYearToCome,
    StatisticConfirmed,
    StatisticConfirmedByAuthor,
    StatisticStatedMeanwhile,
    StatisticSuperseded,
    confirm_statistic,
    state_statistic,
)

__all__ = [
    "COUNTED_IN",
    "EARLIEST_YEAR",
    "LATEST_YEAR",
    "STATISTICS",
    "CountUnit",
    "Measure",
    "NewStatistic",
    "Precision",
    "RateBasis",
    "RateName",
    "SchoolYearToCome",
    "SchoolYearUnknown",
    "Statistic",
    "StatisticConfirmed",
    "StatisticConfirmedByAuthor",
    "StatisticLineView",
    "StatisticNotFound",
    "StatisticRateView",
    "StatisticStatedMeanwhile",
    "StatisticSuperseded",
    "StatisticView",
    "confirm_statistic",
    "get_statistic",
    "list_statistic_lines",
    "list_statistic_rates",
    "list_statistics",
    "school_year_of",
    "state_statistic",
    "statistics_of",
]
