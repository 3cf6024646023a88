"""Trainers (培训者、导师库): whom a school or a bureau calls on to train others.

A library is kept by a unit, by stage and subject; who is in it is a teacher of the register or an outside
expert without an account. Somebody is invited, accepts or declines, and leaves with a reason; each stay has
its own days. What a trainer carries is read from the staff of activities, and copied nowhere.

In reading order: `trainer` (table, door, reads), `keeping` (inviting, answering, letting go).
"""

from app.domain.learning.trainers.keeping import (
    NewTrainer,
    TrainerAnswer,
    TrainerAnswered,
    TrainerAnswersInPerson,
    TrainerChanges,
    TrainerExitUnfit,
    TrainerGone,
    TrainerListed,
    TrainerRemoval,
    answer_trainer_invitation,
    invite_trainer,
    record_trainer_answer,
    remove_trainer,
    update_trainer,
)
from app.domain.learning.trainers.trainer import (
    KEPT,
    PERSON,
    TRAINER_PLACES,
    TRAINERS,
    WITH_PERSON,
    Trainer,
    TrainerEngagement,
    TrainerExit,
    TrainerFields,
    TrainerNotFound,
    TrainerState,
    TrainerView,
    get_trainer,
    is_known,
    list_known_trainers,
    list_trainers,
    trainers_by_id,
)

__all__ = [
    "KEPT",
    "PERSON",
    "TRAINERS",
    "TRAINER_PLACES",
    "WITH_PERSON",
    "NewTrainer",
    "Trainer",
    "TrainerAnswer",
    "TrainerAnswered",
    "TrainerAnswersInPerson",
    "TrainerChanges",
    "TrainerEngagement",
    "TrainerExit",
    "TrainerExitUnfit",
    "TrainerFields",
    "TrainerGone",
    "TrainerListed",
    "TrainerNotFound",
    "TrainerRemoval",
    "TrainerState",
    "TrainerView",
    "answer_trainer_invitation",
    "get_trainer",
    "invite_trainer",
    "is_known",
    "list_known_trainers",
    "list_trainers",
    "record_trainer_answer",
    "remove_trainer",
    "trainers_by_id",
    "update_trainer",
]
