"""The school calendar, the timetable, and what training would take people out of."""

from datetime import timedelta
from typing import Any

from app.cli.tour.semester.cast import Semester
from app.cli.tour.semester.holding import draft
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

_PERIODS = [
    {"number": 1, "starts_at": "08:00", "ends_at": "08:40"},
    {"number": 2, "starts_at": "09:00", "ends_at": "09:40"},
    {"number": 3, "starts_at": "14:30", "ends_at": "15:10"},
]
_LINES = """姓名,星期,节次,周次,班级,学科
周明,周二,2,单周,一年级1班,语文
周明,周二,3,双周,一年级1班,语文
吴芳,周二,2,1-20,一年级2班,语文
王静,周四,1,,七年级1班,数学
陈洁,周四,2,,七年级2班,数学
"""
_TUESDAY, _THURSDAY = 2, 4


def _calendar(stage: Stage, semester: Semester) -> None:
    """`set_term`, a holiday and a day that is taught as another (`set_calendar_days`), a half-day kept
    for a subject (`add_half_day`); `get_school_calendar` answers what counts at the school.
    """
    path, days = f"/units/{semester.school_id}", semester.days
    stage.call(semester.school, "POST", f"{path}/terms", json=days.named | days.term)
    tuesday, thursday = (days.coming(each, 9)[0].date() for each in (_TUESDAY, _THURSDAY))
    saturday, this_week = tuesday + timedelta(days=4), tuesday - timedelta(days=7)
    # As itself: whatever the city or the county says of the day, lessons are given here.
    set_days: list[dict[str, Any]] = [
        {"day": each.isoformat(), "taught_as": each.isoformat()}
        for each in (this_week, tuesday, thursday)
    ]
    set_days.append({"day": (saturday + timedelta(days=2)).isoformat(), "name": "校庆"})
    set_days.append(
        {"day": saturday.isoformat(), "taught_as": tuesday.isoformat(), "name": "调休上课"}
    )
    stage.call(semester.school, "POST", f"{path}/calendar-days", json={"days": set_days})
    half = days.named | {"subject": "mathematics", "weekday": _THURSDAY, "half": "afternoon"}
    stage.call(semester.school, "POST", f"{path}/research-half-days", expect=201, json=half)
    year = days.named["school_year"]
    calendar = stage.call(semester.school, "GET", f"{path}/school-calendar?school_year={year}")
    stage.check(
        any(each["starts_on"] == days.begins.isoformat() for each in calendar["terms"]),
        "the school's own term does not count",
    )


def _timetable(stage: Stage, semester: Semester) -> None:
    """`preview_timetable` names the line that cannot be entered, `import_timetable` refuses the file
    whole (`timetable_refused`); the right file is entered, entered again it changes nothing;
    `list_teacher_lessons` tells odd weeks from even ones, `change_lesson` gives one to a colleague.
    """
    path, days = f"/units/{semester.school_id}", semester.days
    file = days.named | {"periods": _PERIODS, "format": "csv"}
    wrong = file | {"content": _LINES + "何人,周一,1,,一年级3班,语文\n"}
    refused = stage.call(semester.school, "POST", f"{path}/timetable-preview", json=wrong)
    (line,) = refused["refused"]
    stage.note(f"第 {line['line']} 行 / line: {line['code']}")
    stage.call(semester.school, "POST", f"{path}/timetable", expect="timetable_refused", json=wrong)
    right = file | {"content": _LINES}
    entered = stage.call(semester.school, "POST", f"{path}/timetable", json=right)
    again = stage.call(semester.school, "POST", f"{path}/timetable", json=right)
    stage.check((entered["added"], again["unchanged"]) == (5, 5), "not five lessons were entered")
    teacher_id, next_week = semester.teacher_ids[0], days.coming(_TUESDAY, 9)[0].date()
    for tuesday, period in ((next_week, 2), (next_week - timedelta(days=7), 3)):
        asked = f"/teachers/{teacher_id}/taught-lessons?since={tuesday}&until={tuesday}"
        lessons = stage.call(semester.teachers[0], "GET", asked)
        stage.check([each["period"] for each in lessons] == [period], "another lesson is given")
    (lesson,) = stage.call(
        semester.school,
        "GET",
        f"/lessons?timetable_id={entered['timetable_id']}&teacher_id={semester.teacher_ids[5]}",
    )["items"]
    thursday = days.coming(_THURSDAY, 9)[0].date().isoformat()
    change = {"day": thursday, "teacher_id": semester.teacher_ids[3]}
    stage.call(semester.school, "POST", f"/lessons/{lesson['id']}/changes", expect=201, json=change)


def _clashes(stage: Stage, semester: Semester) -> None:
    """Before it is published `list_clashes` names whom a draft would take out of a lesson, in the odd
    week that it lies in; `list_free_times` offers the half-days on which most are free;
    at another time nobody misses a lesson.
    """
    path, days = f"/units/{semester.school_id}", semester.days
    meant = [semester.school_id]
    clashing = draft(stage, semester, "阅读指导讲座", [days.coming(_TUESDAY, 9)], audience=meant)
    report = stage.call(semester.school, "GET", f"{clashing.path}/clashes")
    stage.check(report["teachers"] == 2, "not the two who teach then")
    stage.note("、".join(f"{each['name']} {each['class_name']}" for each in report["items"]))
    week = days.coming(1, 9)[0].date()
    free = stage.call(semester.school, "GET", f"{path}/free-times?week_of={week}")
    kept = [each for each in free if each["research_half_day"]]
    stage.check(bool(kept), "the half-day that is kept is not offered")
    other = draft(
        stage, semester, "阅读指导讲座（改期）", [days.coming(_THURSDAY, 15)], audience=meant
    )
    report = stage.call(semester.school, "GET", f"{other.path}/clashes")
    stage.check(report["clashes"] == 0, "somebody still misses a lesson")
    stage.call(semester.school, "POST", f"{clashing.path}/cancel")
    semester.made["coming"] = other.id


SCENES = (
    Scene(
        _calendar,
        "校历：学期、节假日、调休、研修半天",
        "The school calendar: term, holiday, make-up day, half-day",
        "R58",
    ),
    Scene(
        _timetable,
        "导入课表：单双周、错行、调课",
        "The timetable is imported: odd and even weeks, a wrong line, a swap",
        "R58",
    ),
    Scene(
        _clashes,
        "工学矛盾：公布前看到与课表的冲突",
        "Clashes with lessons are seen before anything is announced",
        "R58",
    ),
)
