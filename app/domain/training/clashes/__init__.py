"""Clashes between teaching and training (工学矛盾), and when there are none.

Who is to be at a session teaches then, or is to be at another one: whoever organises sees it before
publishing, the school for its term, the teacher for the own weeks. Nothing is refused for it. Free times
are the half-days of a week on which most of a school or a group give no lessons.

Read `concerned` (who is to be where), `at_once` (what takes place meanwhile), `clash` (the reads),
`free_times`.
"""

from app.domain.training.clashes.at_once import ClashKind
from app.domain.training.clashes.clash import (
    MOST_NAMED,
    ClashReport,
    ClashView,
    list_clashes,
    list_school_clashes,
    list_teacher_clashes,
)
from app.domain.training.clashes.free_times import (
    FreeTime,
    list_free_times,
    list_group_free_times,
)

__all__ = [
    "MOST_NAMED",
    "ClashKind",
    "ClashReport",
    "ClashView",
    "FreeTime",
    "list_clashes",
    "list_free_times",
    "list_group_free_times",
    "list_school_clashes",
    "list_teacher_clashes",
]
