"""Completion of courses (结业): who did in a class what its course declares must be done.

What is declared is part of the course (`courses.conditions`). How far somebody has come is counted from what
happened (`reached`), by one statement for a class. Once the class is closed its organiser settles it: what was
settled is kept, and decides who earns credit; afterwards it is corrected with a reason. In reading order:
`table`, `reached`, `completion` (doors, reads), `settling`.
"""

from app.domain.learning.course_completions.completion import (
    COMPLETIONS,
    OPEN,
    SETTLED,
    CourseCompletionNotFound,
    CourseCompletionUndeclared,
    NotTakingPart,
    completion_of,
    completions_by_id,
    get_course_completion,
    get_course_progress,
    list_class_progress,
    list_course_completions,
    list_teacher_course_completions,
    settled_of,
)
from app.domain.learning.course_completions.settling import (
    CompletionAlreadySettled,
    CompletionCorrection,
    CompletionOfOneself,
    CompletionPending,
    CompletionsSettled,
    CompletionUnchanged,
    JudgedParticipant,
    JudgedTwice,
    JudgementsKept,
    JudgementUndeclared,
    NewCourseJudgements,
    correct_course_completion,
    judge_course_participants,
    settle_course_completions,
)
from app.domain.learning.course_completions.table import (
    CourseCompletion,
    CourseCompletionView,
    CourseJudgement,
    CourseProgress,
    ReachedCondition,
    SettledCompletionView,
)

__all__ = [
    "COMPLETIONS",
    "OPEN",
    "SETTLED",
    "CompletionAlreadySettled",
    "CompletionCorrection",
    "CompletionOfOneself",
    "CompletionPending",
    "CompletionUnchanged",
    "CompletionsSettled",
    "CourseCompletion",
    "CourseCompletionNotFound",
    "CourseCompletionUndeclared",
    "CourseCompletionView",
    "CourseJudgement",
    "CourseProgress",
    "JudgedParticipant",
    "JudgedTwice",
    "JudgementUndeclared",
    "JudgementsKept",
    "NewCourseJudgements",
    "NotTakingPart",
    "ReachedCondition",
    "SettledCompletionView",
    "completion_of",
    "completions_by_id",
    "correct_course_completion",
    "get_course_completion",
    "get_course_progress",
    "judge_course_participants",
    "list_class_progress",
    "list_course_completions",
    "list_teacher_course_completions",
    "settle_course_completions",
    "settled_of",
]
