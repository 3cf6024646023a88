"""The one check of closed school years: whoever writes credit asks it, in the writing transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.credits.school_years.closing import SchoolYearClosing, year_number
from app.domain.credits.school_years.windows import is_late_window_open
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement

# What can be refused.


class SchoolYearClosed(Conflict):
    """Nothing is written in a closed school year, unless a late window is open."""

    code = "school_year_closed"
    zh = "{day}所在的{year}学年已关账；如需补录，请由市教育局批准补录期。"
    en = (
        "The school year {year}, in which {day} lies, is closed: only the city opens a late window."
    )


# What may be asked.

_teachers = bindparam("teacher_ids", type_=ARRAY(Uuid))
_cities = (
    select(col(Teacher.city_id)).where(col(Teacher.id) == any_(_teachers)).distinct().subquery()
)
_ordered = select(_cities.c.city_id).order_by(_cities.c.city_id).subquery()
_SHARE = Statement(select(func.pg_advisory_xact_lock_shared(year_number(_ordered.c.city_id))))
_lines = (
    func.unnest(_teachers, bindparam("days", type_=ARRAY(Date)))
    .table_valued("teacher_id", "day")
    .render_derived()
)
_CLOSED = Statement(
    select(_lines.c.teacher_id, _lines.c.day, func.min(col(SchoolYearClosing.school_year)).label("year"))
    .select_from(_lines)
    .join(Teacher, col(Teacher.id) == _lines.c.teacher_id)
    .join(
        SchoolYearClosing,
        (col(SchoolYearClosing.city_id) == col(Teacher.city_id))
        & or_(
            col(SchoolYearClosing.county_id) == col(Teacher.county_id),
            col(SchoolYearClosing.county_id) == col(Teacher.city_id),
        )
        & _lines.c.day.between(col(SchoolYearClosing.starts_on), col(SchoolYearClosing.ends_on)),
    )
    .where(
        ~is_late_window_open(
            Teacher, col(SchoolYearClosing.school_year), bindparam("today", type_=Date)
        )
    )
    .group_by(_lines.c.teacher_id, _lines.c.day)
)  # fmt: skip


async def closed_for(
    db: Connection, *, lines: Iterable[tuple[UUID, date]], now: datetime
) -> dict[tuple[UUID, date], SchoolYearClosed]:
    """Of these people, each with a day on which something was earned, those whose year is closed.

    Until the transaction ends no year is closed in their cities: whoever closes one waits. Asked after
    the heads of the chains are held (`lock_heads`), by everybody, so that nobody waits in a circle. Two
    statements, however many people.
    """
    asked = sorted(set(lines))
    if not asked:
        return {}
    teacher_ids, days = [each[0] for each in asked], [each[1] for each in asked]
    await db.all(_SHARE, teacher_ids=teacher_ids)
    rows = await db.all(_CLOSED, teacher_ids=teacher_ids, days=days, today=civil_date(now))
    return {
        (row["teacher_id"], row["day"]): SchoolYearClosed(
            year=row["year"], day=row["day"].isoformat()
        )
        for row in rows
    }


async def check_year_open(
    db: Connection, *, teacher_id: UUID, earned_on: date, now: datetime
) -> None:
    """Refuse to write what somebody earned on a day of a closed school year."""
    for refusal in (await closed_for(db, lines=[(teacher_id, earned_on)], now=now)).values():
        raise refusal
