"""Timetables (课表): which teacher gives which lesson when, as the school hands it in for a term.

A school sends its timetable as a file, again whenever it changes; what is given on a day follows from
it, from the calendar of the term, and from single lessons that are moved or taken by others (调课、代课).

In reading order: `table`, `reading` (doors), `lines` (the file), `comparing` (what a file changes),
`importing`, `given` (lessons on days), `changing` (single lessons), `own` (the lessons of a teacher).
"""

from app.domain.training.timetables.changing import (
    LESSON_CHANGES,
    LessonChanged,
    LessonChangeNotFound,
    LessonChangeView,
    LessonNotGiven,
    NewLessonChange,
    PeriodUnknown,
    TakerElsewhere,
    change_lesson,
    list_lesson_changes,
    undo_lesson_change,
)
from app.domain.training.timetables.comparing import (
    DifferenceKind,
    LessonDifference,
    TimetableDiff,
    TimetableLineRefused,
)
from app.domain.training.timetables.given import lessons_given, moment_of
from app.domain.training.timetables.importing import (
    TimetableRefused,
    import_timetable,
    preview_timetable,
)
from app.domain.training.timetables.lines import PeriodOfDay, TimetableFile, TimetableUnreadable
from app.domain.training.timetables.own import (
    MOST_DAYS,
    GivenLesson,
    WindowTooLong,
    list_teacher_lessons,
)
from app.domain.training.timetables.reading import (
    LESSONS,
    TIMETABLES,
    LessonNotFound,
    LessonView,
    TimetableNotFound,
    TimetableView,
    get_timetable,
    list_lessons,
    list_timetables,
)
from app.domain.training.timetables.table import (
    Lesson,
    LessonChange,
    LessonWeeks,
    Timetable,
    TimetablePeriod,
)

__all__ = [
    "LESSONS",
    "LESSON_CHANGES",
    "MOST_DAYS",
    "TIMETABLES",
    "DifferenceKind",
    "GivenLesson",
    "Lesson",
    "LessonChange",
    "LessonChangeNotFound",
    "LessonChangeView",
    "LessonChanged",
    "LessonDifference",
    "LessonNotFound",
    "LessonNotGiven",
    "LessonView",
    "LessonWeeks",
    "NewLessonChange",
    "PeriodOfDay",
    "PeriodUnknown",
    "TakerElsewhere",
    "Timetable",
    "TimetableDiff",
    "TimetableFile",
    "TimetableLineRefused",
    "TimetableNotFound",
    "TimetablePeriod",
    "TimetableRefused",
    "TimetableUnreadable",
    "TimetableView",
    "WindowTooLong",
    "change_lesson",
    "get_timetable",
    "import_timetable",
    "lessons_given",
    "list_lesson_changes",
    "list_lessons",
    "list_teacher_lessons",
    "list_timetables",
    "moment_of",
    "preview_timetable",
    "undo_lesson_change",
]
