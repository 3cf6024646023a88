"""When they teach: the city's term with its holidays, and the timetable of one school."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from app.demo.keys import Keys
from app.demo.people import Person
from app.demo.places import RECORDED, Place
from app.demo.rows import Rows
from app.domain.people.teachers import Subject
from app.domain.training.school_calendars import (
    LAST_WEEK,
    CalendarDay,
    DayHalf,
    ResearchHalfDay,
    Semester,
    Term,
)
from app.domain.training.timetables import Lesson, LessonWeeks, Timetable, TimetablePeriod

_TERM: dict[str, Any] = {"school_year": 2026, "semester": Semester.FIRST}
_PERIODS = (
    (time(8), time(8, 40)), (time(8, 50), time(9, 30)), (time(10), time(10, 40)),
    (time(10, 50), time(11, 30)), (time(14, 30), time(15, 10)), (time(15, 20), time(16)),
)  # fmt: skip
_MORNING = 4
_NATIONAL_DAYS = tuple(date(2026, 10, day) for day in range(1, 8))
_WEDNESDAY, _FRIDAY = 3, 5


class Timetables:
    """Sets the city's calendar, and hands in a timetable for one school."""

    def __init__(self, rows: Rows, keys: Keys) -> None:
        self._rows, self._keys = rows, keys

    def set_calendar(self, city: Place) -> None:
        """The first term of 2026, the week of the national holiday, Wednesday afternoon for two subjects."""
        place = city.columns
        self._rows.add(
            Term, id=self._keys(), **place, **_TERM, starts_on=date(2026, 9, 1),
            ends_on=date(2027, 1, 29), weeks_from=date(2026, 8, 31),
        )  # fmt: skip
        for day in _NATIONAL_DAYS:
            self._rows.add(
                CalendarDay, id=self._keys(), **place, day=day, taught_as=None, name="国庆节"
            )
        for subject in (Subject.CHINESE, Subject.MATHEMATICS):
            self._rows.add(
                ResearchHalfDay, id=self._keys(), **place, **_TERM, subject=subject,
                weekday=_WEDNESDAY, half=DayHalf.AFTERNOON,
            )  # fmt: skip

    def hand_in(self, school: Place, people: Sequence[Person], account_id: UUID) -> None:
        """Two lessons a day for everybody, but for Wednesday afternoon; the last in odd weeks alone."""
        timetable_id = self._keys()
        self._rows.add(
            Timetable, id=timetable_id, **school.columns, **_TERM, imported_at=RECORDED,
            imported_by=account_id,
        )  # fmt: skip
        for number, (starts_at, ends_at) in enumerate(_PERIODS, 1):
            self._rows.add(
                TimetablePeriod, timetable_id=timetable_id, number=number, starts_at=starts_at,
                ends_at=ends_at,
            )  # fmt: skip
        for place, person in enumerate(people):
            for weekday in range(1, _FRIDAY + 1):
                number = _MORNING if weekday == _WEDNESDAY else len(_PERIODS)
                for nth in (0, 1):
                    self._rows.add(
                        Lesson, id=self._keys(), timetable_id=timetable_id, teacher_id=person.id,
                        weekday=weekday, period=(place + weekday + 2 * nth) % number + 1,
                        weeks=LessonWeeks.ODD if weekday == _FRIDAY and nth else LessonWeeks.EVERY,
                        first_week=1, last_week=LAST_WEEK, class_name=f"{place + 1}班",
                        subject=person.subject,
                    )  # fmt: skip
