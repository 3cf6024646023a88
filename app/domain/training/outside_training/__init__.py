"""Training attended elsewhere (校外培训): what outsiders organised and teachers attended.

「The school encourages teachers to participate in all kinds of training organized by higher education
authorities」(a junior middle school's plan of training, part five): a teacher states it, or the school
enters it, with what shows it; the school confirms it or returns it with a reason. Confirmed, it can be
recognised. In reading order: `training`, `stating`,
`entering` (many at once).
"""

from app.domain.training.outside_training.entering import (
    enter_outside_trainings,
    retract_outside_trainings,
)
from app.domain.training.outside_training.stating import (
    NewOutsideTraining,
    OutsideTrainingExists,
    OutsideTrainingNotOver,
    OutsideTrainingOfOneself,
    OutsideTrainingReturn,
    OutsideTrainingSettled,
    confirm_outside_training,
    enter_outside_training,
    return_outside_training,
    state_outside_training,
    withdraw_outside_training,
)
from app.domain.training.outside_training.training import (
    OUTSIDE_TRAINING,
    OutsideTraining,
    OutsideTrainingNotFound,
    OutsideTrainingState,
    OutsideTrainingView,
    confirmed_outside_training,
    get_outside_training,
    list_outside_trainings,
    list_teacher_outside_trainings,
)

__all__ = [
    "OUTSIDE_TRAINING",
    "NewOutsideTraining",
    "OutsideTraining",
    "OutsideTrainingExists",
    "OutsideTrainingNotFound",
    "OutsideTrainingNotOver",
    "OutsideTrainingOfOneself",
    "OutsideTrainingReturn",
    "OutsideTrainingSettled",
    "OutsideTrainingState",
    "OutsideTrainingView",
    "confirm_outside_training",
    "confirmed_outside_training",
    "enter_outside_training",
    "enter_outside_trainings",
    "get_outside_training",
    "list_outside_trainings",
    "list_teacher_outside_trainings",
    "retract_outside_trainings",
    "return_outside_training",
    "state_outside_training",
    "withdraw_outside_training",
]
