"""Observation sheets (听课记录): what somebody saw in a lesson, and what they make of it.

In reading order: `sheet` (table, the three doors, reads), `submitting` (and answering).
"""

from app.domain.training.observation_sheets.sheet import (
    SHEETS,
    ObservationKind,
    ObservationSheet,
    OrganisedSheetView,
    SheetNotFound,
    SheetScore,
    SheetView,
    get_observation_sheet,
    list_observation_sheets,
    list_own_observations,
    list_teacher_observation_sheets,
    sheets_by_id,
)
from app.domain.training.observation_sheets.submitting import (
    DimensionScore,
    NewSheet,
    SheetAnswer,
    SheetAnswered,
    SheetExists,
    SheetInFuture,
    SheetOfOneself,
    SheetSessionElsewhere,
    answer_observation_sheet,
    submit_observation_sheet,
)

__all__ = [
    "SHEETS",
    "DimensionScore",
    "NewSheet",
    "ObservationKind",
    "ObservationSheet",
    "OrganisedSheetView",
    "SheetAnswer",
    "SheetAnswered",
    "SheetExists",
    "SheetInFuture",
    "SheetNotFound",
    "SheetOfOneself",
    "SheetScore",
    "SheetSessionElsewhere",
    "SheetView",
    "answer_observation_sheet",
    "get_observation_sheet",
    "list_observation_sheets",
    "list_own_observations",
    "list_teacher_observation_sheets",
    "sheets_by_id",
    "submit_observation_sheet",
]
