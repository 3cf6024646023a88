"""How often the groups of a unit were inspected in a term, and how they were found."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Uuid, bindparam, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Invalid
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS
from app.domain.training.group_inspections.inspection import (
    ASPECTS,
    GroupInspection,
    InspectionMark,
)
from app.domain.training.groups import ResearchGroup
from app.sql import Connection, Row, Statement


class InspectionCountView(BaseModel):
    """One group, and its inspections in the term."""

    group_id: UUID = Field(description="教研组 / group")
    name: str = Field(description="名称 / name")
    inspections: int = Field(description="检查次数 / inspections")
    last_inspected_on: date | None = Field(description="最近检查日期 / day of the last one")
    unanswered: int = Field(description="未答复的次数 / of these, without an answer and open")
    closed: int = Field(description="已办结的次数 / of these, closed")
    unqualified: int = Field(description="有不合格方面的次数 / with an aspect that failed")


# What can be refused.


class InspectionPeriodUnfit(Invalid):
    """A term ends after it begins, and lasts a year at most."""

    code = "group_inspection_period_unfit"
    zh = "时段须先开始后结束，且不超过一年。"
    en = "A term ends after it begins, and lasts a year at most."


# What may be asked.

_MOST_DAYS = 366
_day = col(GroupInspection.inspected_on)
_UNIT = bindparam("unit_id", type_=Uuid)
_failed = or_(
    *(col(getattr(GroupInspection, each)) == InspectionMark.UNQUALIFIED for each in ASPECTS)
)


def _number(*conditions: Any) -> Any:
    found = func.count(col(GroupInspection.id))
    return found.filter(*conditions) if conditions else found


_COUNTS = Statement(
    select(
        col(ResearchGroup.id).label("group_id"),
        col(ResearchGroup.name),
        _number().label("inspections"),
        func.max(_day).label("last_inspected_on"),
        _number(
            col(GroupInspection.answered_at).is_(None), col(GroupInspection.closed_at).is_(None)
        ).label("unanswered"),
        _number(col(GroupInspection.closed_at).is_not(None)).label("closed"),
        _number(_failed).label("unqualified"),
    )
    .outerjoin_from(
        ResearchGroup,
        GroupInspection,
        (col(GroupInspection.group_id) == col(ResearchGroup.id))
        & _day.between(bindparam("since", type_=Date), bindparam("until", type_=Date)),
    )
    .where(col(ResearchGroup.unit_id) == _UNIT, col(ResearchGroup.closed_on).is_(None))
    .group_by(col(ResearchGroup.id))
    .order_by(col(ResearchGroup.name), col(ResearchGroup.id))
)


async def list_group_inspection_counts(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """The open groups of a unit by name, with their inspections of a term: those without any too.

    One statement after the door. Both days are included; by default it is the present school year so
    far.
    """
    await UNITS.get(db, actor, unit_id, permission=Permission.GROUP_READ)
    until = until or civil_date(now)
    if until.year == date.min.year:
        raise InspectionPeriodUnfit
    since = since or date(school_year_of(until), 9, 1)
    if not 0 <= (until - since).days < _MOST_DAYS:
        raise InspectionPeriodUnfit
    return await db.all(_COUNTS, unit_id=unit_id, since=since, until=until)
