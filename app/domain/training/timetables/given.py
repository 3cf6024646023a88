"""Which lessons are given on a day at a school: what follows from calendar, week and changes."""

from typing import Any

from sqlalchemy import (
    Date,
    DateTime,
    Select,
    SmallInteger,
    case,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.people.teachers import Teacher
from app.domain.training.school_calendars import (
    CalendarDay,
    Term,
    nearest_first,
    own_and_above,
)
from app.domain.training.timetables.table import (
    Lesson,
    LessonChange,
    LessonWeeks,
    Timetable,
    TimetablePeriod,
)

_PLACE = ("city_id", "county_id", "school_id")


def moment_of(day: Any, clock: Any) -> Any:
    """The moment at which it is that time of the day in China on that day."""
    return func.timezone("Asia/Shanghai", cast(day, DateTime) + clock)


def lessons_given(days: Any) -> Select[Any]:
    """The lessons that are given at schools on days; `days` has the columns of place, and `day`.

    Of each: `lesson_id`, `teacher_id` (who gives it), `school_id`, `day`, `period`, `starts_at` and
    `ends_at` (moments), `class_name`, `subject`, `room`, and whether it `changed`, that is to say was
    moved there or is given by another. A teacher who has left the school gives no lessons there.
    """
    given = union_all(_regular(days), _moved(days)).subquery("given")
    stands = col(TimetablePeriod.timetable_id) == given.c.timetable_id
    still = (col(Teacher.id) == given.c.teacher_id) & (col(Teacher.school_id) == given.c.school_id)
    return (
        select(
            given.c.lesson_id, given.c.teacher_id, given.c.school_id, given.c.day, given.c.period,
            moment_of(given.c.day, col(TimetablePeriod.starts_at)).label("starts_at"),
            moment_of(given.c.day, col(TimetablePeriod.ends_at)).label("ends_at"),
            given.c.class_name, given.c.subject, given.c.room, given.c.changed,
        )
        .join_from(
            given, TimetablePeriod, stands & (col(TimetablePeriod.number) == given.c.period)
        )
        .join(Teacher, still)
    )  # fmt: skip


def _taught(days: Any) -> Any:
    """Each day with the day whose lessons are given on it: another one, itself, or none."""
    nearest = (
        select(col(CalendarDay.id).label("set_id"), col(CalendarDay.taught_as))
        .where(own_and_above(CalendarDay, days), col(CalendarDay.day) == days.c.day)
        .order_by(*nearest_first(CalendarDay))
        .limit(1)
        .lateral("nearest_day")
    )
    taught = case((nearest.c.set_id.is_(None), days.c.day), else_=nearest.c.taught_as)
    columns = [days.c[name] for name in (*_PLACE, "day")]
    chosen = select(*columns, taught.label("taught")).select_from(days.outerjoin(nearest, true()))
    return chosen.cte("taught_days")


def _in_term(days: Any) -> Any:
    """The same with the term of the day that is taught, its weekday and its week; no others."""
    schools = select(*(days.c[name] for name in _PLACE)).distinct().subquery("schools")
    slot = (schools.c.school_id, col(Term.school_year), col(Term.semester))
    term = (
        select(*slot, col(Term.starts_on), col(Term.ends_on), col(Term.weeks_from))
        .ext(distinct_on(*slot))
        .join_from(schools, Term, own_and_above(Term, schools))
        .order_by(*slot, *nearest_first(Term))
        .subquery("terms_of_schools")
    )
    within = (term.c.school_id == days.c.school_id) & days.c.taught.between(
        term.c.starts_on, term.c.ends_on
    )
    week = cast((days.c.taught - term.c.weeks_from) // 7 + 1, SmallInteger)
    weekday = cast(extract("isodow", cast(days.c.taught, Date)), SmallInteger)
    chosen = select(
        days.c.school_id, days.c.day, term.c.school_year, term.c.semester,
        week.label("week"), weekday.label("weekday"),
    ).select_from(days.join(term, within))  # fmt: skip
    return chosen.subquery("days_in_term")


def _columns(day: Any, period: Any, teacher_id: Any, *, changed: bool) -> list[Any]:
    return [
        col(Lesson.id).label("lesson_id"), col(Lesson.timetable_id), teacher_id.label("teacher_id"),
        col(Timetable.school_id), day.label("day"), period.label("period"), col(Lesson.class_name),
        col(Lesson.subject), col(Lesson.room), (true() if changed else ~true()).label("changed"),
    ]  # fmt: skip


def _regular(days: Any) -> Select[Any]:
    """What the timetable says for the day, but for lessons that are given otherwise on it."""
    day = _in_term(_taught(days))
    change = aliased(LessonChange)
    elsewhere = exists(
        select(col(change.id)).where(
            col(change.lesson_id) == col(Lesson.id), col(change.day) == day.c.day
        )
    )
    return (
        select(*_columns(day.c.day, col(Lesson.period), col(Lesson.teacher_id), changed=False))
        .select_from(day)
        .join(
            Timetable,
            (col(Timetable.school_id) == day.c.school_id)
            & (col(Timetable.school_year) == day.c.school_year)
            & (col(Timetable.semester) == day.c.semester),
        )
        .join(
            Lesson,
            (col(Lesson.timetable_id) == col(Timetable.id))
            & (col(Lesson.weekday) == day.c.weekday),
        )
        .where(
            day.c.week.between(col(Lesson.first_week), col(Lesson.last_week)),
            or_(
                col(Lesson.weeks) == LessonWeeks.EVERY,
                (col(Lesson.weeks) == LessonWeeks.ODD) == (day.c.week % 2 == 1),
            ),
            ~elsewhere,
        )
    )


def _moved(days: Any) -> Select[Any]:
    """What is given on the day because it was moved there, or is given by another."""
    change = aliased(LessonChange)
    return (
        select(
            *_columns(
                col(change.to_day), col(change.to_period), col(change.teacher_id), changed=True
            )
        )
        .select_from(days)
        .join(Timetable, col(Timetable.school_id) == days.c.school_id)
        .join(
            change,
            (col(change.timetable_id) == col(Timetable.id)) & (col(change.to_day) == days.c.day),
        )
        .join(Lesson, col(Lesson.id) == col(change.lesson_id))
    )
