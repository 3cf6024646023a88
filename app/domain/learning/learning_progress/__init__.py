"""Progress in classes (学习进度), as learning records yield it: `progress` (what it is), `counting` (how)."""

from app.domain.learning.learning_progress.counting import count_progress, take_due
from app.domain.learning.learning_progress.progress import (
    LEARNERS,
    LEARNING_PROGRESS,
    LearnerView,
    LearningProgress,
    LearningProgressNotFound,
    LearningProgressView,
    get_learning_progress,
    list_learners,
    list_teacher_learning_progress,
)

__all__ = [
    "LEARNERS",
    "LEARNING_PROGRESS",
    "LearnerView",
    "LearningProgress",
    "LearningProgressNotFound",
    "LearningProgressView",
    "count_progress",
    "get_learning_progress",
    "list_learners",
    "list_teacher_learning_progress",
    "take_due",
]
