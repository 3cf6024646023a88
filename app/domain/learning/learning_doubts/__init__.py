"""Doubts about learning (学习疑点): what players told that can hardly be so, and what somebody found.

In reading order: `doubt` (table, door, reads), `kinds` (the statements that find them), `settling` (putting
up what they find, then counting progress without it), `deciding`.
"""

from app.domain.learning.learning_doubts.deciding import (
    confirm_learning_doubt,
    dismiss_learning_doubt,
)
from app.domain.learning.learning_doubts.doubt import (
    LEARNING_DOUBTS,
    LearningDoubt,
    LearningDoubtDecided,
    LearningDoubtFigures,
    LearningDoubtKind,
    LearningDoubtNotFound,
    LearningDoubtOfOneself,
    LearningDoubtOpinion,
    LearningDoubtState,
    LearningDoubtView,
    get_learning_doubt,
    list_learning_doubts,
)
from app.domain.learning.learning_doubts.settling import (
    have_open_doubts_found_again,
    settle_due_progress,
)

__all__ = [
    "LEARNING_DOUBTS",
    "LearningDoubt",
    "LearningDoubtDecided",
    "LearningDoubtFigures",
    "LearningDoubtKind",
    "LearningDoubtNotFound",
    "LearningDoubtOfOneself",
    "LearningDoubtOpinion",
    "LearningDoubtState",
    "LearningDoubtView",
    "confirm_learning_doubt",
    "dismiss_learning_doubt",
    "get_learning_doubt",
    "have_open_doubts_found_again",
    "list_learning_doubts",
    "settle_due_progress",
]
