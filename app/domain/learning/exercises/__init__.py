"""Exercises (作业): what those who take part in a class are to do, by which day.

Read `table` (what it is), `exercise` (door, reads), then `giving`. What is handed in is
`learning.exercise_submissions`.
"""

from app.domain.learning.exercises.exercise import (
    EXERCISES,
    ExerciseNotFound,
    exercises_by_id,
    get_exercise,
    list_exercises,
    list_offered_exercises,
)
from app.domain.learning.exercises.giving import (
    MOST_EXERCISES,
    ExerciseChanges,
    ExerciseDueBefore,
    ExercisesFull,
    ExercisesSettled,
    ExerciseWithdrawn,
    NewExercise,
    create_exercise_link,
    give_exercise,
    hold_files,
    is_settled,
    update_exercise,
    withdraw_exercise,
)
from app.domain.learning.exercises.table import MOST_FILES, Exercise, ExerciseFile, ExerciseView

__all__ = [
    "EXERCISES",
    "MOST_EXERCISES",
    "MOST_FILES",
    "Exercise",
    "ExerciseChanges",
    "ExerciseDueBefore",
    "ExerciseFile",
    "ExerciseNotFound",
    "ExerciseView",
    "ExerciseWithdrawn",
    "ExercisesFull",
    "ExercisesSettled",
    "NewExercise",
    "create_exercise_link",
    "exercises_by_id",
    "get_exercise",
    "give_exercise",
    "hold_files",
    "is_settled",
    "list_exercises",
    "list_offered_exercises",
    "update_exercise",
    "withdraw_exercise",
]
