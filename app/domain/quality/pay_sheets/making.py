"""Making a sheet: the register is counted for every teacher at once, by the scheme that is in force."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date, in_force
from app.domain.credits.assessments import check_term
from app.domain.errors import Conflict
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.people.teachers import OF_SCHOOL
from app.domain.quality.outcomes import OutcomeMeasure, count_outcomes
from app.domain.quality.pay_schemes import PayScheme, points_of
from app.domain.quality.pay_sheets.sheet import PAY_SHEETS, PayLine, PaySheet, PaySheetState
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id

LOOKED_AT = 7
"""Days that teachers have to look at their lines, unless said otherwise."""


class NewPaySheet(Command):
    """Of which days, and how long teachers may object."""

    starts_on: date = Field(description="起始日 / first day of the period")
    ends_on: date = Field(description="终止日（含） / last day of the period")
    days: int = Field(
        default=LOOKED_AT, ge=3, le=60, description="教师核对天数 / days that teachers may object"
    )


# What can be refused.


class PaySheetTooEarly(Conflict):
    """A period is counted when it is over."""

    code = "pay_sheet_too_early"
    zh = "统计期尚未结束（{ends_on}），不能生成绩效投入表。"
    en = "The period has not ended ({ends_on}): it cannot be counted."


class PaySchemeMissing(Conflict):
    """A school that has declared no scheme has nothing to count by."""

    code = "pay_scheme_missing"
    zh = "学校尚未发布优质优酬方案，不能生成绩效投入表。"
    en = "The school has published no scheme by which to count."


class PaySheetOverlaps(Conflict):
    """No day counts twice towards pay."""

    code = "pay_sheet_overlaps"
    zh = "该时段与已有绩效投入表重叠；如需重算，请先撤回原表。"
    en = "The period shares days with another sheet: withdraw that one to count anew."


# What may be asked.

_SCHEME = Statement(
    select(col(PayScheme.id), col(PayScheme.terms)).where(
        col(PayScheme.school_id) == bindparam("school_id", type_=Uuid),
        in_force(PayScheme, bindparam("day", type_=Date)),
    )
)


async def compute_parts(
    db: Connection,
    *,
    terms: Sequence[Row],
    teacher_ids: Sequence[UUID],
    since: date,
    until: date,
) -> dict[UUID, tuple[list[Row], Decimal]]:
    """Of each teacher how the lines of a scheme come to their points, and the sum; behind the school's door."""
    measures = [OutcomeMeasure(term["measure"]) for term in terms]
    counted = await count_outcomes(
        db, measures=measures, teacher_ids=teacher_ids, since=since, until=until
    )
    found: dict[UUID, tuple[list[Row], Decimal]] = {}
    for teacher_id in teacher_ids:
        reached = counted[teacher_id]
        points = [
            points_of(term, reached[measure]) for term, measure in zip(terms, measures, strict=True)
        ]
        parts = [
            {**term, "reached": f"{reached[measure]:f}", "points": f"{each:f}"}
            for term, measure, each in zip(terms, measures, points, strict=True)
        ]
        found[teacher_id] = parts, sum(points, Decimal("0.00"))
    return found


# What may be done.


async def make_pay_sheet(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewPaySheet, now: datetime
) -> Row:
    """Count a period that is over for every teacher of a school, and let them look at it."""
    check_term(new.starts_on, new.ends_on)
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.INCENTIVE_WRITE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    today = civil_date(now)
    if new.ends_on >= today:
        raise PaySheetTooEarly(ends_on=new.ends_on.isoformat())
    scheme = await db.one(_SCHEME, school_id=unit_id, day=today)
    if scheme is None:
        raise PaySchemeMissing
    place, sheet_id = place_of(unit), new_id()
    row = {
        "id": sheet_id, "starts_on": new.starts_on, "ends_on": new.ends_on,
        "closes_on": today + timedelta(days=new.days), **place, "scheme_id": scheme["id"],
        "state": PaySheetState.OPEN, "made_at": now, "made_by": actor.account_id,
        "made_for": actor.on_behalf_of,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(PaySheet, row)
    except ExclusionViolationError:
        raise PaySheetOverlaps from None
    teachers = [each["id"] for each in await db.all(OF_SCHOOL, school_id=unit_id)]
    parts = await compute_parts(
        db, terms=scheme["terms"], teacher_ids=teachers, since=new.starts_on, until=new.ends_on
    )
    lines = [
        {
            "id": new_id(), "sheet_id": sheet_id, "teacher_id": teacher_id, **place,
            "parts": shown, "points": points, "computed_at": now,
        }
        for teacher_id, (shown, points) in parts.items()
    ]  # fmt: skip
    await db.insert_all(PayLine, lines)
    return await PAY_SHEETS.get(db, actor, sheet_id)
