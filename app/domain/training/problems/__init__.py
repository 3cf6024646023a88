"""Problems taken in (教学问题征集): what troubles teaching at a school, and what became of it.

「問題即課題」; 「把学校存在的问题转化为课题」 (岳市教发〔2013〕18号 第二十四条). A teacher states a problem for
oneself, whoever leads a group or a school for it; the school or a bureau above takes it in, answers it, or
joins it with another that says the same.

    stated ──take_in──▶ taken_in ──answer──▶ answered
       └────────────merge / answer────────────▶ merged, answered
"""

from app.domain.training.problems.deciding import (
    ProblemDecided,
    ProblemMergedElsewhere,
    ProblemStatedForBoth,
    answer_problem,
    merge_problem,
    state_problem,
    take_in_problem,
)
from app.domain.training.problems.problem import (
    PROBLEMS,
    NewProblem,
    ProblemCount,
    ProblemMerger,
    ProblemNotFound,
    ProblemReply,
    ProblemState,
    ProblemView,
    TeachingProblem,
    get_problem,
    list_problem_counts,
    list_problems,
    problems_by_id,
)

__all__ = [
    "PROBLEMS",
    "NewProblem",
    "ProblemCount",
    "ProblemDecided",
    "ProblemMergedElsewhere",
    "ProblemMerger",
    "ProblemNotFound",
    "ProblemReply",
    "ProblemState",
    "ProblemStatedForBoth",
    "ProblemView",
    "TeachingProblem",
    "answer_problem",
    "get_problem",
    "list_problem_counts",
    "list_problems",
    "merge_problem",
    "problems_by_id",
    "state_problem",
    "take_in_problem",
]
