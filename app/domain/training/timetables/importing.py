"""Taking in a timetable as a file: looked at first, then entered as a whole, or not at all."""

from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    SmallInteger,
    Uuid,
    any_,
    bindparam,
    column,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Level, NotASchool, hold_unit, place_of
from app.domain.people.teachers import Teacher
from app.domain.training.timetables.comparing import (
    Comparison,
    compare_lessons,
    differences_of,
    find_teachers,
    refusals_of,
)
from app.domain.training.timetables.lines import ReadTimetable, TimetableFile, read_timetable
from app.domain.training.timetables.table import Lesson, LessonFields, Timetable, TimetablePeriod
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class TimetableRefused(Invalid):
    """Lines of the file cannot be entered, so that none was; the first hundred are named."""

    code = "timetable_refused"
    zh = "课表有 {count} 行有误，未导入任何内容。"
    en = "{count} lines of the file cannot be entered, so nothing was."


_MOST_NAMED = 100


# What may be asked.

_table: Any = Timetable.__table__  # type: ignore[attr-defined]
_TIMETABLE = select(col(Timetable.id)).where(
    *(
        _table.c[name] == bindparam(name, type_=_table.c[name].type)
        for name in ("school_id", "school_year", "semester")
    )
)
_FIND, _HOLD = Statement(_TIMETABLE), Statement(_TIMETABLE.with_for_update())
_OF_TIMETABLE = bindparam("timetable_id", type_=Uuid)
_PERIODS = Statement(
    select(
        col(TimetablePeriod.number), col(TimetablePeriod.starts_at), col(TimetablePeriod.ends_at)
    ).where(col(TimetablePeriod.timetable_id) == _OF_TIMETABLE)
)
_FIELDS = tuple(LessonFields.model_fields)
_LESSONS = Statement(
    select(
        col(Lesson.id), col(Lesson.teacher_id), col(Teacher.name),
        *(col(getattr(Lesson, name)) for name in _FIELDS),
    )
    .join_from(Lesson, Teacher, col(Lesson.teacher_id) == col(Teacher.id))
    .where(col(Lesson.timetable_id) == _OF_TIMETABLE)
)  # fmt: skip
_TEACHERS = Statement(
    select(col(Teacher.id), col(Teacher.name)).where(
        col(Teacher.school_id) == bindparam("school_id", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
    )
)


class _Before(NamedTuple):
    """A file beside what there is."""

    timetable_id: UUID | None
    periods_changed: bool
    read: ReadTimetable
    compared: Comparison

    def told(self, school_id: UUID, file: TimetableFile) -> Row:
        return {
            "timetable_id": self.timetable_id,
            "school_id": school_id,
            "school_year": file.school_year,
            "semester": file.semester,
            "periods_changed": self.periods_changed,
            "added": len(self.compared.added),
            "changed": len(self.compared.changed),
            "removed": len(self.compared.removed),
            "unchanged": self.compared.unchanged,
            "differences": differences_of(self.compared),
            "refused": refusals_of(self.read),
        }


async def _compare(
    db: Connection, school_id: UUID, file: TimetableFile, timetable_id: UUID | None
) -> _Before:
    read = read_timetable(file)
    found = find_teachers(read, await db.all(_TEACHERS, school_id=school_id))
    there: list[Row] = []
    periods: dict[int, tuple[time, time]] = {}
    if timetable_id is not None:
        there = await db.all(_LESSONS, timetable_id=timetable_id)
        rows = await db.all(_PERIODS, timetable_id=timetable_id)
        periods = {row["number"]: (row["starts_at"], row["ends_at"]) for row in rows}
    given = [lesson for number, lesson in found.items() if number not in read.refused]
    return _Before(timetable_id, periods != file.times(), read, compare_lessons(given, there))


def _which(school_id: UUID, file: TimetableFile) -> dict[str, Any]:
    which = {"school_id": school_id}
    return which | {"school_year": file.school_year, "semester": file.semester}


async def preview_timetable(
    db: Connection, actor: Actor, *, school_id: UUID, file: TimetableFile
) -> Row:
    """What entering a file would change in the school's timetable; nothing is changed."""
    write = Permission.TIMETABLE_WRITE
    school = await UNITS.get(db, actor, school_id, permission=write)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    timetable_id = await db.value(_FIND, **_which(school_id, file))
    return (await _compare(db, school_id, file, timetable_id)).told(school_id, file)


# What may be done.

_CREATE = Statement(insert(_table).on_conflict_do_nothing().returning(_table.c.id))
_TOUCH = Statement(
    update(Timetable)
    .where(col(Timetable.id) == _OF_TIMETABLE)
    .values(imported_at=bindparam("now", type_=MOMENT), imported_by=bindparam("by", type_=Uuid))
)
_DROP_LESSONS = Statement(
    delete(Lesson).where(col(Lesson.id) == any_(bindparam("lesson_ids", type_=ARRAY(Uuid))))
)
_lesson: Any = Lesson.__table__  # type: ignore[attr-defined]
_other = (
    func.unnest(
        bindparam("lesson_ids", type_=ARRAY(Uuid)),
        *(bindparam(f"each_{name}", type_=ARRAY(_lesson.c[name].type)) for name in ("subject", "room")),
    )
    .table_valued(
        column("id", Uuid), *(column(name, _lesson.c[name].type) for name in ("subject", "room")),
        name="other",
    )
    .render_derived()
)  # fmt: skip
_ALTER_LESSONS = Statement(
    update(_lesson)
    .where(_lesson.c.id == _other.c.id)
    .values(subject=_other.c.subject, room=_other.c.room)
)
_period: Any = TimetablePeriod.__table__  # type: ignore[attr-defined]


def _set_periods() -> Statement:
    names = ("timetable_id", "number", "starts_at", "ends_at")
    arrays = [bindparam(name, type_=ARRAY(_period.c[name].type)) for name in names]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    given = insert(_period).from_select(names, select(*(rows.c[name] for name in names)))
    times = ("starts_at", "ends_at")
    return Statement(
        given.on_conflict_do_update(
            index_elements=["timetable_id", "number"],
            set_={name: given.excluded[name] for name in times},
        )
    )


_SET_PERIODS = _set_periods()
_DROP_PERIODS = Statement(
    delete(TimetablePeriod).where(
        col(TimetablePeriod.timetable_id) == _OF_TIMETABLE,
        col(TimetablePeriod.number) != func.all(bindparam("numbers", type_=ARRAY(SmallInteger))),
    )
)


async def _hold(
    db: Connection, actor: Actor, school: Row, file: TimetableFile, now: datetime
) -> tuple[UUID, bool]:
    """The timetable of the term, locked, and whether it was made just now."""
    row = {
        "id": new_id(), **place_of(school), "school_year": file.school_year,
        "semester": file.semester, "imported_at": now, "imported_by": actor.account_id,
    }  # fmt: skip
    held = await db.value(_HOLD, **_which(school["id"], file))
    if held is not None:
        return held, False
    made = await db.value(_CREATE, **row)
    return (made, True) if made else (await db.value(_HOLD, **_which(school["id"], file)), False)


async def _write(db: Connection, timetable_id: UUID, file: TimetableFile, before: _Before) -> None:
    """Lessons go before their periods, periods come before their lessons."""
    compared = before.compared
    if compared.removed:
        await db.run(_DROP_LESSONS, lesson_ids=[lesson["id"] for lesson in compared.removed])
    if before.periods_changed:
        times = file.times()
        await db.run(_DROP_PERIODS, timetable_id=timetable_id, numbers=list(times))
        await db.run(
            _SET_PERIODS,
            timetable_id=[timetable_id] * len(times),
            number=list(times),
            starts_at=[starts for starts, _ in times.values()],
            ends_at=[ends for _, ends in times.values()],
        )
    if compared.changed:
        columns = {"lesson_ids": "id", "each_subject": "subject", "each_room": "room"}
        values = {to: [lesson[name] for lesson in compared.changed] for to, name in columns.items()}
        await db.run(_ALTER_LESSONS, **values)
    names = ("teacher_id", *_FIELDS)
    rows = [
        {"id": new_id(), "timetable_id": timetable_id, **{name: lesson[name] for name in names}}
        for lesson in compared.added
    ]
    await db.insert_all(Lesson, rows)


async def import_timetable(
    db: Connection, actor: Actor, *, school_id: UUID, file: TimetableFile, now: datetime
) -> Row:
    """Let the school's timetable of a term be what the file says, if each of its lines can be.

    What the file does not name goes; entering it again writes nothing.
    """
    write = Permission.TIMETABLE_WRITE
    school = await hold_unit(db, actor, unit_id=school_id, permission=write)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    timetable_id, made = await _hold(db, actor, school, file, now)
    before = await _compare(db, school_id, file, timetable_id)
    if before.read.refused:
        lines = refusals_of(before.read)
        raise TimetableRefused(count=len(lines), lines=lines[:_MOST_NAMED])
    compared = before.compared
    if before.periods_changed or compared.added or compared.changed or compared.removed:
        await _write(db, timetable_id, file, before)
        if not made:
            await db.run(_TOUCH, timetable_id=timetable_id, now=now, by=actor.account_id)
    return before.told(school_id, file)
