"""Results of competitions (竞赛成绩): what a teacher achieved, as the organiser enters it.

A result is placed by its teacher, who sees it; the organiser reads it through the activity. It is
corrected with a reason, and what was entered before is kept beside it.

In reading order: `result` (table, the two doors, reads), `entering`.
"""

from app.domain.training.contest_results.entering import (
    NewResult,
    NewResults,
    NoCompetition,
    ResultCorrection,
    ResultExists,
    ResultOutsideAudience,
    ResultsEntered,
    ResultStriking,
    ResultSuperseded,
    correct_contest_result,
    record_contest_results,
    strike_contest_result,
)
from app.domain.training.contest_results.result import (
    CONTESTANTS,
    RESULTS,
    Award,
    ContestantView,
    ContestResult,
    ResultNotFound,
    ResultView,
    contest_results_of,
    list_contest_results,
    list_teacher_contest_results,
)

__all__ = [
    "CONTESTANTS",
    "RESULTS",
    "Award",
    "ContestResult",
    "ContestantView",
    "NewResult",
    "NewResults",
    "NoCompetition",
    "ResultCorrection",
    "ResultExists",
    "ResultNotFound",
    "ResultOutsideAudience",
    "ResultStriking",
    "ResultSuperseded",
    "ResultView",
    "ResultsEntered",
    "contest_results_of",
    "correct_contest_result",
    "list_contest_results",
    "list_teacher_contest_results",
    "record_contest_results",
    "strike_contest_result",
]
