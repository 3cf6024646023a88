"""Shares of content (研修内容占比): how much of what teachers attended was about what, ethics first.

岳市教发〔2013〕18号 puts ethics first (art. 9, 18): this is by what a unit shows it. The base is what the
teachers of the unit attended, present or late, in sessions that began in the period and were not
cancelled: in hours, and in person-times. An activity about several families counts in each of them
whole, so that shares may add up to more than one; what belongs to no family stands under `none`.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, SHANGHAI, civil_date
from app.domain.errors import Invalid
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.content_kinds import family_of
from app.domain.training.occurrences import counts_once
from app.sql import Connection, Row, Statement

LONGEST = timedelta(days=6 * 366)
"""The longest period of one reading: a cycle of five years, and a year beside it."""
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)


class ContentFamily(StrEnum):
    """A family of content (门类), by the order in which the document names them."""

    ETHICS = "ethics"
    """师德修养"""
    EDUCATION_PRACTICE = "education_practice"
    """教育实践知识"""
    TEACHING_PRACTICE = "teaching_practice"
    """教学实践知识"""
    RESEARCH_PRACTICE = "research_practice"
    """教科研实践知识"""
    NONE = "none"
    """不属于以上门类"""


class ContentShareView(BaseModel):
    """What the teachers of a unit attended of one family, with what it is a part of."""

    unit_id: UUID = Field(description="单位 / unit, with all below it")
    unit: str = Field(description="单位名称 / its name")
    level: Level = Field(description="层级 / its level")
    family: ContentFamily = Field(description="门类 / family of content")
    hours: Decimal = Field(description="该门类学时（分子） / hours of it, the numerator")
    of_hours: Decimal = Field(description="全部学时（分母） / hours of all, the denominator")
    hours_share: Decimal | None = Field(
        description="学时占比，四位小数 / their share; null where there are no hours"
    )
    person_times: int = Field(description="该门类人次（分子） / person-times of it")
    of_person_times: int = Field(description="全部人次（分母） / person-times of all")
    person_times_share: Decimal | None = Field(
        description="人次占比，四位小数 / their share; null where there are none"
    )
    position: int = Field(description="按学时的位次 / its place by hours among the four, from 1")


# What can be refused.


class PeriodUnfit(Invalid):
    """A period begins before it ends, and is no longer than a cycle."""

    code = "content_share_period_unfit"
    zh = "时段须先开始后结束，不超过六年，且在 1900 至 2999 年之间。"
    en = "A period begins before it ends, is no longer than six years, and lies in 1900 to 2999."


# What may be asked.

_ALL = "all"
_UNIT = bindparam("unit_id", type_=Uuid)
_status = col(Attendance.status)


def _below(level: Level) -> ColumnElement[Any]:
    """The unit directly below one of this level, to which a record belongs."""
    if level is Level.CITY:
        direct = col(Attendance.county_id) == col(Attendance.city_id)
        return case((direct, col(Attendance.school_id)), else_=col(Attendance.county_id))
    own: ColumnElement[Any] = Attendance.__table__.c.school_id  # type: ignore[attr-defined]
    return own


def _attended(level: Level) -> Any:
    """What the teachers of a unit attended of each activity, by the unit directly below it."""
    below = _below(level).label("below")
    began = col(ActivitySession.starts_at)
    hours, times = func.sum(col(ActivitySession.hours)).filter(counts_once()), func.count()
    return (
        select(
            col(Attendance.activity_id),
            below,
            func.coalesce(hours, 0).label("hours"),
            times.label("times"),
        )
        .join_from(
            Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id)
        )
        .where(
            col(getattr(Attendance, f"{level}_id")) == _UNIT,
            (_status == AttendanceStatus.PRESENT) | (_status == AttendanceStatus.LATE),
            began >= bindparam("since", type_=MOMENT),
            began < bindparam("after", type_=MOMENT),
        )
        .group_by(col(Attendance.activity_id), below)
        .cte("attended")
    )


@lru_cache(maxsize=len(Level))
def _shares(level: Level) -> Statement:
    """Of the unit itself and of each unit below it: each family's sums, and those of all together."""
    attended, families = _attended(level), _families()
    activities = Activity.__table__  # type: ignore[attr-defined]
    by_family = tuple_(families.c.family)
    by_unit_and_family = tuple_(attended.c.below, families.c.family)
    unit = case((func.grouping(attended.c.below) == 1, _UNIT), else_=attended.c.below)
    sums = (
        select(
            unit.label("unit_id"),
            families.c.family,
            func.sum(attended.c.hours).label("hours"),
            func.sum(attended.c.times).label("times"),
        )
        .select_from(
            attended.join(activities, attended.c.activity_id == activities.c.id).join(
                families, true()
            )
        )
        .where(activities.c.state != ActivityState.CANCELLED)
        .group_by(func.grouping_sets(by_unit_and_family, by_family))
        .cte("sums")
    )
    return Statement(
        select(
            col(Unit.id).label("unit_id"), col(Unit.name).label("unit"), col(Unit.level),
            sums.c.family, sums.c.hours, sums.c.times,
        )
        .join_from(Unit, sums, col(Unit.id) == sums.c.unit_id, isouter=True)
        .where((col(Unit.id) == _UNIT) | (col(Unit.parent_id) == _UNIT))
        .order_by(col(Unit.id) != _UNIT, col(Unit.name), col(Unit.id))
    )  # fmt: skip


def _families() -> Any:
    """The families of an activity, each once, and `all` beside them."""
    content = Activity.__table__.c.content  # type: ignore[attr-defined]
    kinds: dict[str, list[str]] = {}
    for kind, family in family_of().items():
        kinds.setdefault(family, []).append(kind.value)
    every = [kind for group in kinds.values() for kind in group]
    named = [
        select(literal(family, Text).label("family")).where(_share_any(content, group))
        for family, group in kinds.items()
    ]
    none = select(literal(ContentFamily.NONE.value, Text)).where(~_share_any(content, every))
    branches = [each.correlate(Activity) for each in (*named, none)]
    return union_all(*branches, select(literal(_ALL, Text))).lateral("families")


def _share_any(content: Any, kinds: list[str]) -> ColumnElement[bool]:
    """The predicate 'the activity is about one of these kinds'."""
    return content.bool_op("&&")(literal(kinds, ARRAY(Text)))  # type: ignore[no-any-return]


async def list_content_shares(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """The share of each family in what the teachers of a unit attended, and of each unit below it.

    The unit itself comes first, then those directly below it by name; of each the families in the
    order in which the document names them. `since` and `until` are both included; by default it is the
    present school year so far.
    """
    until = until or civil_date(now)
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    if not _FIRST <= until <= _LAST:
        raise PeriodUnfit
    since = since or date(school_year_of(until), 9, 1)
    if since < _FIRST or not timedelta(0) <= until - since <= LONGEST:
        raise PeriodUnfit
    rows = await db.all(
        _shares(Level(unit["level"])),
        unit_id=unit_id,
        since=_midnight(since),
        after=_midnight(until + timedelta(days=1)),
    )
    units: dict[UUID, dict[str, Row]] = {}
    for row in rows:
        units.setdefault(row["unit_id"], {})[row["family"]] = row
    return [line for found in units.values() for line in _lines(found)]


def _midnight(day: date) -> datetime:
    """The moment at which a civil day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def _lines(found: dict[str, Row]) -> list[Row]:
    """The families of one unit; `found` has those that anything was attended of."""
    unit = next(iter(found.values()))
    nothing = {"hours": Decimal("0.00"), "times": 0}
    whole = found.get(_ALL, nothing)
    hours = {family: found.get(family.value, nothing)["hours"] for family in ContentFamily}
    ranked = [each for each in ContentFamily if each is not ContentFamily.NONE]
    return [
        {
            "unit_id": unit["unit_id"],
            "unit": unit["unit"],
            "level": unit["level"],
            "family": family,
            "hours": hours[family],
            "of_hours": whole["hours"],
            "hours_share": _share(hours[family], whole["hours"]),
            "person_times": (times := int(found.get(family.value, nothing)["times"])),
            "of_person_times": int(whole["times"]),
            "person_times_share": _share(Decimal(times), Decimal(whole["times"])),
            "position": 1 + sum(hours[other] > hours[family] for other in ranked),
        }
        for family in ContentFamily
    ]


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.0001")) if whole else None
