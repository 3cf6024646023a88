"""Attempts (作答) at a test: begun, saved as one goes, handed in or over by themselves, and what they come to.

An attempt belongs to the teacher; who gives the test sees it by name and school. Whether it is over, marked
and passed follows from what is kept and from the clock (`outcome`): no job has to end it. In reading order:
`table`, `outcome` (predicates; `passed` for whoever asks about completion), `attempt` (doors, reads),
`beginning`, `taking`, `saving`.
"""

from app.domain.learning.test_attempts.attempt import (
    ANSWERS,
    OWN_ATTEMPTS,
    PAPER,
    TAKEN_TESTS,
    AttemptAnswerNotFound,
    AttemptNotFound,
    get_test_attempt,
    list_own_test_attempts,
    list_paper_questions,
    list_taken_tests,
)
from app.domain.learning.test_attempts.outcome import (
    IS_MARKED,
    has_test,
    is_over,
    is_unmarked,
    over_since,
    passed,
    waits_for_mark,
)
from app.domain.learning.test_attempts.saving import (
    AttemptOver,
    PaperWithoutQuestion,
    SavedAnswers,
    hand_in_test_attempt,
    save_test_answers,
)
from app.domain.learning.test_attempts.table import (
    AnswerMarkView,
    AnswerRecheckView,
    AttemptAnswerView,
    AttemptState,
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestAttemptView,
    CourseTestMark,
    CourseTestRecheck,
    PaperQuestionView,
    TakenTestView,
)
from app.domain.learning.test_attempts.taking import (
    AttemptsUsed,
    CourseTestAnswersKnown,
    CourseTestNotOpen,
    CourseTestOfOneself,
    NoPlaceForTest,
    has_ended,
    start_test_attempt,
)

__all__ = [
    "ANSWERS",
    "IS_MARKED",
    "OWN_ATTEMPTS",
    "PAPER",
    "TAKEN_TESTS",
    "AnswerMarkView",
    "AnswerRecheckView",
    "AttemptAnswerNotFound",
    "AttemptAnswerView",
    "AttemptNotFound",
    "AttemptOver",
    "AttemptState",
    "AttemptsUsed",
    "CourseTestAnswer",
    "CourseTestAnswersKnown",
    "CourseTestAttempt",
    "CourseTestAttemptView",
    "CourseTestMark",
    "CourseTestNotOpen",
    "CourseTestOfOneself",
    "CourseTestRecheck",
    "NoPlaceForTest",
    "PaperQuestionView",
    "PaperWithoutQuestion",
    "SavedAnswers",
    "TakenTestView",
    "get_test_attempt",
    "hand_in_test_attempt",
    "has_ended",
    "has_test",
    "is_over",
    "is_unmarked",
    "list_own_test_attempts",
    "list_paper_questions",
    "list_taken_tests",
    "over_since",
    "passed",
    "save_test_answers",
    "start_test_attempt",
    "waits_for_mark",
]
