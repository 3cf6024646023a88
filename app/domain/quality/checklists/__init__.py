"""Checklists (研修清单): what a school asks of its teachers item by item, such as '八个一' or '五个一'.

Most items tick themselves: what they ask is counted in the register, the notes, the ledger and the
outputs. The others somebody ticks, and says what was done. Read `checklist`, `ticks`, then `progress`.
"""

from app.domain.quality.checklists.checklist import (
    CHECKLISTS,
    Checklist,
    ChecklistEnd,
    ChecklistEnded,
    ChecklistItem,
    ChecklistMeasure,
    ChecklistNotFound,
    ChecklistView,
    NewChecklist,
    NewChecklistItem,
    create_checklist,
    end_checklist,
    get_checklist,
    list_checklists,
    list_school_checklists,
)
from app.domain.quality.checklists.progress import (
    ChecklistProgress,
    checklist_progress_of,
    list_checklist_progress,
    list_teacher_checklist_progress,
)
from app.domain.quality.checklists.ticks import (
    TICKS,
    ChecklistItemCounted,
    ChecklistItemNotFound,
    ChecklistTick,
    ChecklistTickNotFound,
    ChecklistTickOfOneself,
    ChecklistTickView,
    NewTick,
    TickedAlready,
    TickWithdrawal,
    list_checklist_ticks,
    tick_checklist_item,
    withdraw_checklist_tick,
)

__all__ = [
    "CHECKLISTS",
    "TICKS",
    "Checklist",
    "ChecklistEnd",
    "ChecklistEnded",
    "ChecklistItem",
    "ChecklistItemCounted",
    "ChecklistItemNotFound",
    "ChecklistMeasure",
    "ChecklistNotFound",
    "ChecklistProgress",
    "ChecklistTick",
    "ChecklistTickNotFound",
    "ChecklistTickOfOneself",
    "ChecklistTickView",
    "ChecklistView",
    "NewChecklist",
    "NewChecklistItem",
    "NewTick",
    "TickWithdrawal",
    "TickedAlready",
    "checklist_progress_of",
    "create_checklist",
    "end_checklist",
    "get_checklist",
    "list_checklist_progress",
    "list_checklist_ticks",
    "list_checklists",
    "list_school_checklists",
    "list_teacher_checklist_progress",
    "tick_checklist_item",
    "withdraw_checklist_tick",
]
