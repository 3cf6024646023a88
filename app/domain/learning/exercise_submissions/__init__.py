"""What is handed in to exercises (作业提交), and how it is reviewed (批阅).

    (handed in) ──▶ waiting ──accepted──▶ accepted
                      └──returned──▶ returned ──(handed in again)──▶ waiting

Each thing that is handed in stays as it was. It is reviewed by who organises the activity or carries it, never
by who handed it in; of classmates nobody sees anything. Read `table`, `submission` (doors, reads), then
`handing_in`.
"""

from app.domain.learning.exercise_submissions.handing_in import (
    ExerciseHandedIn,
    ExerciseNotForYou,
    ExerciseOfOneself,
    ExerciseReview,
    ExerciseReviewed,
    NewExerciseSubmission,
    create_exercise_submission_link,
    review_exercise,
    submit_exercise,
)
from app.domain.learning.exercise_submissions.submission import (
    EXERCISE_SUBMISSIONS,
    HANDED_IN,
    TO_REVIEW,
    ExerciseSubmissionNotFound,
    exercise_submissions_by_id,
    get_exercise_submission,
    list_exercise_submissions,
    list_exercise_submissions_to_review,
    list_own_exercise_submissions,
)
from app.domain.learning.exercise_submissions.table import (
    ExerciseState,
    ExerciseSubmission,
    ExerciseSubmissionFile,
    ExerciseSubmissionView,
    HandedInView,
)

__all__ = [
    "EXERCISE_SUBMISSIONS",
    "HANDED_IN",
    "TO_REVIEW",
    "ExerciseHandedIn",
    "ExerciseNotForYou",
    "ExerciseOfOneself",
    "ExerciseReview",
    "ExerciseReviewed",
    "ExerciseState",
    "ExerciseSubmission",
    "ExerciseSubmissionFile",
    "ExerciseSubmissionNotFound",
    "ExerciseSubmissionView",
    "HandedInView",
    "NewExerciseSubmission",
    "create_exercise_submission_link",
    "exercise_submissions_by_id",
    "get_exercise_submission",
    "list_exercise_submissions",
    "list_exercise_submissions_to_review",
    "list_own_exercise_submissions",
    "review_exercise",
    "submit_exercise",
]
