"""Rectifications (整改): problems that an evaluation found, followed to their end.

    asked ──prove──▶ proved ──conclude──▶ closed
              ▲          │
              └─ returned ◀┘      none of them closed yet ──withdraw──▶ withdrawn

「存在問題及整改措施」. What troubles teaching, and is stated by teachers, groups and schools themselves, are
the problems of `training`; these are found by a bureau, have a day, ask for proof and are closed by who asked.
"""

from app.domain.quality.rectifications.following import (
    NewRectification,
    RectificationConclusion,
    RectificationDuePast,
    RectificationProof,
    RectificationWithdrawal,
    RectificationWrongState,
    ask_rectification,
    conclude_rectification,
    prove_rectification,
    withdraw_rectification,
)
from app.domain.quality.rectifications.rectification import (
    RECTIFICATIONS,
    Rectification,
    RectificationNotFound,
    RectificationState,
    RectificationView,
    get_rectification,
    list_rectifications,
    rectifications_of,
)

__all__ = [
    "RECTIFICATIONS",
    "NewRectification",
    "Rectification",
    "RectificationConclusion",
    "RectificationDuePast",
    "RectificationNotFound",
    "RectificationProof",
    "RectificationState",
    "RectificationView",
    "RectificationWithdrawal",
    "RectificationWrongState",
    "ask_rectification",
    "conclude_rectification",
    "get_rectification",
    "list_rectifications",
    "prove_rectification",
    "rectifications_of",
    "withdraw_rectification",
]
