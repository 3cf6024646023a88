"""The rows of school calendars, of timetables, and of what clashes with them."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row
from tests.make_timetables import TERM, timetable_body

_READ, _WRITE = Permission.TIMETABLE_READ, Permission.TIMETABLE_WRITE
_FILE = fixed(**timetable_body("无此教师,1,1,,1班,语文,"))
_HALF_DAY = fixed(school_year=2026, semester="second", subject="music", weekday=3, half="afternoon")

ROWS: dict[str, Row | Listing | Open] = {
    "get_school_calendar": Row("unit", _READ),
    "get_own_school_calendar": Open("Of one's own school; refused to who is no teacher."),
    "list_terms": Listing(("term",), _READ),
    "set_term": Row("unit", _WRITE, body=fixed(**TERM)),
    "list_calendar_days": Listing(("calendar_day",), _READ),
    "set_calendar_days": Row("unit", _WRITE, body=fixed(days=[{"day": "2026-10-01"}])),
    "remove_calendar_day": Row("calendar_day", _WRITE),
    "list_half_days": Listing(("half_day",), _READ),
    "add_half_day": Row("unit", _WRITE, body=_HALF_DAY),
    "remove_half_day": Row("half_day", _WRITE),
    "list_timetables": Listing(("timetable",), _READ),
    "get_timetable": Row("timetable", _READ),
    "preview_timetable": Row("unit", _WRITE, body=_FILE),
    "import_timetable": Row("unit", _WRITE, body=_FILE),
    "list_lessons": Listing(("lesson",), _READ),
    "list_teacher_lessons": Row("teacher", _READ),
    "list_lesson_changes": Listing(("lesson_change",), _READ),
    "change_lesson": Row("lesson", _WRITE, body=fixed(day="2026-11-20", to_period=2)),
    "undo_lesson_change": Row("lesson_change", _WRITE),
    "list_clashes": Row("offered", Permission.ATTENDANCE_READ),
    "list_school_clashes": Row("unit", _READ, absent="term_not_found"),
    "list_teacher_clashes": Row("teacher", _READ),
    "list_free_times": Row("unit", _READ),
    "list_group_free_times": Row("group", _READ),
}
