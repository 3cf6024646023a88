"""What each place has of calendars and timetables: a day, a term, a half-day; at schools a lesson."""

from datetime import date, time

from app.domain.training.school_calendars import CalendarDay, ResearchHalfDay, Term
from app.domain.training.timetables import Lesson, LessonChange, Timetable, TimetablePeriod
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """A term of another year, so that one may be set; a lesson, and one that was moved."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        here = place_of(units[-1])
        which = {"school_year": 2025, "semester": "first"}
        term = await add_row(
            db, Term, **here, **which, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 30),
            weeks_from=date(2025, 9, 1),
        )  # fmt: skip
        day = await add_row(db, CalendarDay, **here, day=TODAY, name="校庆")
        half_day = await add_row(
            db, ResearchHalfDay, **here, **which, subject="chinese", weekday=3, half="afternoon"
        )
        for kind, key in (("term", term), ("calendar_day", day), ("half_day", half_day)):
            things[kind] = Thing(key, path)
        if name not in world.teachers:
            continue
        teacher_id = world.teachers[name]["id"]
        timetable_id = await add_row(
            db, Timetable, **here, **which, imported_at=NOW, imported_by=by
        )
        for number in (1, 2):
            period = {"number": number, "starts_at": time(7 + number), "ends_at": time(8 + number)}
            await db.insert(TimetablePeriod, {"timetable_id": timetable_id, **period})
        lesson = await add_row(
            db, Lesson, timetable_id=timetable_id, teacher_id=teacher_id, weekday=5, period=1,
            weeks="every", first_week=1, last_week=30, class_name="1班", subject="chinese",
        )  # fmt: skip
        change = await add_row(
            db, LessonChange, lesson_id=lesson, timetable_id=timetable_id, day=date(2025, 9, 5),
            to_day=date(2025, 9, 6), to_period=1, teacher_id=teacher_id, recorded_at=NOW,
            recorded_by=by,
        )  # fmt: skip
        things["timetable"] = Thing(timetable_id, path)
        things["lesson"] = Thing(lesson, path, teacher_id=teacher_id)
        things["lesson_change"] = Thing(change, path, teacher_id=teacher_id)
