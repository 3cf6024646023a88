"""Corrections (更正申请): a person says what is wrong in the own record; the school or bureau decides.

Read `correction` (what it is, who sees it), then `deciding` (asking, granting, declining).
"""

from app.domain.people.corrections.correction import (
    CORRECTIONS,
    CorrectedField,
    Correction,
    CorrectionNotFound,
    CorrectionOpinion,
    CorrectionState,
    CorrectionView,
    NewCorrection,
    get_correction,
    list_corrections,
)
from app.domain.people.corrections.deciding import (
    CorrectionDecided,
    CorrectionOfOneself,
    CorrectionOpen,
    IdKindUnfit,
    StatedValueUnfit,
    decline_correction,
    grant_correction,
    request_correction,
    withdraw_correction,
)
from app.domain.people.teachers.correcting import TeacherCorrection, correct_teacher

__all__ = [
    "CORRECTIONS",
    "CorrectedField",
    "Correction",
    "CorrectionDecided",
    "CorrectionNotFound",
    "CorrectionOfOneself",
    "CorrectionOpen",
    "CorrectionOpinion",
    "CorrectionState",
    "CorrectionView",
    "IdKindUnfit",
    "NewCorrection",
    "StatedValueUnfit",
    "TeacherCorrection",
    "correct_teacher",
    "decline_correction",
    "get_correction",
    "grant_correction",
    "list_corrections",
    "request_correction",
    "withdraw_correction",
]
