"""Stating figures, amending them, and confirming what others stated."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.statistics.figure import (
    STATISTICS,
    NewStatistic,
    Statistic,
    StatisticFields,
    school_year_of,
)
from app.domain.organisation.units import hold_unit, place_of
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What can be refused.


class SchoolYearToCome(Invalid):
    """What is stated of a school year has begun."""

    code = "school_year_to_come"
    zh = "该学年尚未开始。"
    en = "This school year has not begun."


class StatisticStatedMeanwhile(Conflict):
    """Two people stated the same figure at the same moment."""

    code = "statistic_stated_meanwhile"
    zh = "该数据刚刚已由他人填报，请重新读取。"
    en = "Somebody else stated this figure at the same moment: read it again."


class StatisticSuperseded(Conflict):
    """Another figure has taken the place of this one."""

    code = "statistic_superseded"
    zh = "该数据已被更正，请审核现行数据。"
    en = "This figure was amended: confirm the present one."


class StatisticConfirmed(Conflict):
    """The figure is confirmed already."""

    code = "statistic_confirmed"
    zh = "该数据已审核。"
    en = "This figure is confirmed already."


class StatisticConfirmedByAuthor(Conflict):
    """Nobody confirms what they stated themselves."""

    code = "statistic_confirmed_by_author"
    zh = "填报人不能审核自己填报的数据。"
    en = "Nobody confirms what they stated themselves."


# What may be done.

_figure = Statistic.__table__.c  # type: ignore[attr-defined]
_SAME = ("school_year", "measure", "stage")
_SUPERSEDE = Statement(
    update(Statistic)
    .where(
        _figure.unit_id == bindparam("unit_id", type_=Uuid),
        _figure.superseded_at.is_(None),
        *(
            _figure[name].is_not_distinct_from(bindparam(f"the_{name}", type_=_figure[name].type))
            for name in _SAME
        ),
    )
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def state_statistic(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewStatistic, now: datetime
) -> Row:
    """State a figure of a unit; what it stated of the same before is superseded, and kept."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.STATISTIC_WRITE)
    if new.school_year > school_year_of(civil_date(now)):
        raise SchoolYearToCome
    stated = new.model_dump(include=set(StatisticFields.model_fields))
    same = {f"the_{name}": stated[name] for name in _SAME}
    await db.run(_SUPERSEDE, unit_id=unit_id, now=now, **same)
    statistic_id = new_id()
    row = {
        "id": statistic_id,
        **stated,
        **place_of(unit),
        "stated_by": actor.account_id,
        "recorded_at": now,
    }
    try:
        await db.insert(Statistic, row)
    except UniqueViolationError:
        raise StatisticStatedMeanwhile from None
    return await STATISTICS.get(db, actor, statistic_id)


_CONFIRM = Statement(
    update(Statistic)
    .where(col(Statistic.id) == bindparam("statistic_id", type_=Uuid))
    .values(
        confirmed_by=bindparam("account_id", type_=Uuid),
        confirmed_at=bindparam("now", type_=MOMENT),
    )
)


async def confirm_statistic(
    db: Connection, actor: Actor, *, statistic_id: UUID, now: datetime
) -> Row:
    """Confirm what somebody else stated."""
    row = await STATISTICS.get(
        db, actor, statistic_id, permission=Permission.STATISTIC_CONFIRM, lock=True
    )
    if row["superseded_at"] is not None:
        raise StatisticSuperseded
    if row["confirmed_at"] is not None:
        raise StatisticConfirmed
    if row["stated_by"] == actor.account_id:
        raise StatisticConfirmedByAuthor
    await db.run(_CONFIRM, statistic_id=statistic_id, account_id=actor.account_id, now=now)
    return await STATISTICS.get(db, actor, statistic_id)
