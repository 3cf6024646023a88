"""Notes (研修笔记) and reflections (反思): what a participant wrote about an activity.

In reading order: `note` (tables, doors, reads), `submitting`, `shingles` (pure: how alike two texts
are), `resemblances` (near-duplicates found and decided), `comparing` (how they are found).
"""

from app.domain.training.notes.comparing import compare_notes, print_notes
from app.domain.training.notes.note import (
    NOTES,
    SUBMITTED,
    Note,
    NoteKind,
    NoteNotFound,
    NoteVersion,
    NoteVersionView,
    NoteView,
    SubmittedNoteView,
    get_note,
    list_note_versions,
    list_notes,
    list_teacher_notes,
    notes_by_id,
)
from app.domain.training.notes.resemblances import (
    RESEMBLANCES,
    NoteResemblance,
    NoteResemblanceTextsView,
    NoteResemblanceView,
    ResemblanceDecided,
    ResemblanceDecision,
    ResemblanceNotFound,
    ResemblanceState,
    decide_note_resemblance,
    get_note_resemblance,
    list_note_resemblances,
)
from app.domain.training.notes.submitting import (
    NewNote,
    NotAttended,
    NoteFieldsMissing,
    submit_note,
)

__all__ = [
    "NOTES",
    "RESEMBLANCES",
    "SUBMITTED",
    "NewNote",
    "NotAttended",
    "Note",
    "NoteFieldsMissing",
    "NoteKind",
    "NoteNotFound",
    "NoteResemblance",
    "NoteResemblanceTextsView",
    "NoteResemblanceView",
    "NoteVersion",
    "NoteVersionView",
    "NoteView",
    "ResemblanceDecided",
    "ResemblanceDecision",
    "ResemblanceNotFound",
    "ResemblanceState",
    "SubmittedNoteView",
    "compare_notes",
    "decide_note_resemblance",
    "get_note",
    "get_note_resemblance",
    "list_note_resemblances",
    "list_note_versions",
    "list_notes",
    "list_teacher_notes",
    "notes_by_id",
    "print_notes",
    "submit_note",
]
