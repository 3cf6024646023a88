"""Doubts about attendance (考勤疑点): what should be looked at, found by statements over what was recorded.

In reading order: `doubt` (table, door, reads, deciding), `kinds` (the statements, one for each kind),
`finding` (putting up what they find). A doubt is a question and never a penalty: nothing else changes
when one is found, and nothing when it is confirmed.
"""

from app.domain.training.doubts.doubt import (
    DOUBTS,
    AttendanceDoubt,
    DoubtDecided,
    DoubtFigures,
    DoubtKind,
    DoubtNotFound,
    DoubtOfOneself,
    DoubtOpinion,
    DoubtState,
    DoubtView,
    confirm_doubt,
    dismiss_doubt,
    get_doubt,
    list_doubts,
)
from app.domain.training.doubts.finding import find_doubts, find_doubts_of_city, list_cities

__all__ = [
    "DOUBTS",
    "AttendanceDoubt",
    "DoubtDecided",
    "DoubtFigures",
    "DoubtKind",
    "DoubtNotFound",
    "DoubtOfOneself",
    "DoubtOpinion",
    "DoubtState",
    "DoubtView",
    "confirm_doubt",
    "dismiss_doubt",
    "find_doubts",
    "find_doubts_of_city",
    "get_doubt",
    "list_cities",
    "list_doubts",
]
