"""Research totals (科研统计): what each school has of topics and outputs, and what it set out to have.

「研究成果總體較少」 can be said only of what is counted. A person is counted once in a school however many
topics they take part in, and once in the sum of all schools.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, text_enum
from app.domain.errors import Invalid
from app.domain.learning.outputs import OutputAuthor, OutputKind, OutputState, ResearchOutput
from app.domain.learning.topics import Topic, TopicLevel, TopicMember, TopicState
from app.domain.organisation.units import UNITS, Unit, hold_unit
from app.domain.people.teachers import place_column
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement


class TopicTarget(Table, table=True):
    """How many topics of a level a unit means to have approved in a year (发展目标)."""

    __table_args__ = (
        CheckConstraint("topics >= 0", name="topics"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    )

    unit_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    year: int = Field(primary_key=True)
    level: TopicLevel = Field(primary_key=True, sa_type=text_enum(TopicLevel))
    topics: int
    set_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    set_at: datetime = Field(sa_type=MOMENT)


class NewTopicTarget(Command):
    """How many topics of a level a unit means to have in a year."""

    year: int = Field(ge=2000, le=2100, description="年度 / calendar year")
    level: TopicLevel = Field(description="级别 / level")
    topics: int = Field(ge=0, le=1000, description="目标项数 / topics")


class TopicTargetView(BaseModel):
    """What a unit set out to have of a level in a year, and what it has."""

    unit_id: UUID = Field(description="单位 / unit")
    year: int = Field(description="年度 / calendar year")
    level: TopicLevel = Field(description="级别 / level")
    topics: int = Field(description="目标项数 / topics that it set out to have")
    approved: int = Field(
        description="当年立项数，含下属单位 / approved in that year, in the unit and below it"
    )


class ResearchTotal(BaseModel):
    """What one school or bureau has of research in a period; of all of them, where it names none."""

    unit_id: UUID | None = Field(description="单位，合计行为空 / unit, null for the sum of all")
    name: str | None = Field(description="名称 / name of the unit")
    school_topics: int = Field(description="校级课题 / topics of the school's level")
    county_topics: int = Field(description="县级课题 / of the county's")
    city_topics: int = Field(description="市级课题 / of the city's")
    province_topics: int = Field(description="省级课题 / of the province's")
    concluded: int = Field(description="期内结题 / topics concluded in the period")
    participants: int = Field(description="参与课题人数，每人计一次 / people in topics, each once")
    papers: int = Field(description="论文 / papers")
    books: int = Field(description="专著、教材 / books")
    shows: int = Field(description="成果展示 / shows")
    other_outputs: int = Field(description="其他成果 / other outputs")
    authors: int = Field(description="作者人数，每人计一次 / authors, each once")


# What can be refused.


class PeriodOutOfOrder(Invalid):
    """A period ends after it begins."""

    code = "research_period_out_of_order"
    zh = "统计截止日期须晚于起始日期。"
    en = "A period ends after it begins."


def check_period(since: date, until: date) -> None:
    """Refuse a period that ends before it begins, or when it does."""
    if until <= since:
        raise PeriodOutOfOrder


# What may be asked.

_UNIT = bindparam("unit_id", type_=Uuid)
_SINCE, _UNTIL = bindparam("since", type_=Date), bindparam("until", type_=Date)
STUDIED = and_(
    col(Topic.approved_on) < _UNTIL,
    col(Topic.state) != TopicState.WITHDRAWN,
    or_(col(Topic.concluded_on).is_(None), col(Topic.concluded_on) >= _SINCE),
)
"""The predicate 'this topic was studied on a day of the period', from `since` until before `until`."""
_IN_PERIOD = and_(col(Topic.concluded_on) >= _SINCE, col(Topic.concluded_on) < _UNTIL)
_NAMED = {
    OutputKind.PAPER: "papers", OutputKind.BOOK: "books", OutputKind.SHOW: "shows",
}  # fmt: skip


def _once(key: Any, holds: Any = None) -> Any:
    """How many different ones there are, of those for which it holds."""
    return func.count(distinct(key if holds is None else case((holds, key))))


def _of_topics(place: str) -> Any:
    unit_id, topic = col(Topic.unit_id), col(Topic.id)
    levels = [
        _once(topic, col(Topic.level) == level).label(f"{level.value}_topics")
        for level in TopicLevel
    ]
    return (
        select(
            unit_id.label("unit_id"),
            *levels,
            _once(topic, _IN_PERIOD).label("concluded"),
            _once(col(TopicMember.teacher_id)).label("participants"),
        )
        .join_from(Topic, TopicMember, col(TopicMember.topic_id) == topic)
        .where(col(getattr(Topic, place)) == _UNIT, STUDIED)
        .group_by(func.grouping_sets(unit_id, tuple_()))
        .subquery("of_topics")
    )


def _of_outputs(place: str) -> Any:
    unit_id, output = col(ResearchOutput.unit_id), col(ResearchOutput.id)
    kind = col(ResearchOutput.kind)
    named = [_once(output, kind == each).label(name) for each, name in _NAMED.items()]
    others = _once(output, ~is_among(kind, _NAMED)).label("other_outputs")
    day = col(ResearchOutput.published_on)
    return (
        select(
            unit_id.label("unit_id"),
            *named,
            others,
            _once(col(OutputAuthor.teacher_id)).label("authors"),
        )
        .join_from(ResearchOutput, OutputAuthor, col(OutputAuthor.output_id) == output)
        .where(
            col(getattr(ResearchOutput, place)) == _UNIT,
            col(ResearchOutput.state) == OutputState.CONFIRMED,
            day >= _SINCE,
            day < _UNTIL,
        )
        .group_by(func.grouping_sets(unit_id, tuple_()))
        .subquery("of_outputs")
    )


def _totals(place: str) -> Statement:
    """Of every open unit in a place, and of all together: what it has, or nothing."""
    topics, outputs = _of_topics(place), _of_outputs(place)
    within = col(Unit.id) if place == "school_id" else col(getattr(Unit, place))
    units = (
        select(col(Unit.id).label("unit_id"), col(Unit.name).label("name"))
        .where(
            or_(within == _UNIT, col(Unit.id) == _UNIT),
            col(Unit.closed_on).is_(None),
        )
        .union_all(select(cast(null(), Uuid), cast(null(), Text)))
        .subquery("units")
    )
    same = units.c.unit_id.is_not_distinct_from
    counted = [
        func.coalesce(column, 0).label(column.name)
        for part in (topics, outputs)
        for column in part.c
        if column.name != "unit_id"
    ]
    return Statement(
        select(units.c.unit_id, units.c.name, *counted)
        .outerjoin_from(units, topics, same(topics.c.unit_id))
        .outerjoin(outputs, same(outputs.c.unit_id))
        .order_by(units.c.unit_id.is_not(None), units.c.name, units.c.unit_id)
    )


_TOTALS = {place: _totals(place) for place in PLACE}


async def list_research_totals(
    db: Connection, actor: Actor, *, unit_id: UUID, since: date, until: date
) -> list[Row]:
    """What a unit and every one below it has of research in a period, the sum of all first.

    Topics that were studied on a day of the period, outputs that appeared in it and are confirmed. The
    period begins with `since` and ends before `until`.
    """
    check_period(since, until)
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TOPIC_READ)
    place = place_column(unit)
    return await db.all(_TOTALS[place], unit_id=unit_id, since=since, until=until)


_year = func.date_part("year", col(Topic.approved_on))
_approved = (
    select(func.count())
    .where(
        # Of a bureau that counts what its schools have as well, as its totals do.
        or_(*(col(getattr(Topic, name)) == col(TopicTarget.unit_id) for name in PLACE)),
        col(Topic.level) == col(TopicTarget.level),
        _year == col(TopicTarget.year),
    )
    .correlate(TopicTarget)
    .scalar_subquery()
)
_TARGETS = Statement(
    select(
        *(col(getattr(TopicTarget, name)) for name in ("unit_id", "year", "level", "topics")),
        _approved.label("approved"),
    )
    .where(col(TopicTarget.unit_id) == bindparam("unit_id", type_=Uuid))
    .order_by(col(TopicTarget.year).desc(), col(TopicTarget.level))
)


async def list_topic_targets(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """What a unit set out to have of topics, year by year, the latest first, and what it has."""
    await UNITS.get(db, actor, unit_id, permission=Permission.TOPIC_READ)
    return await db.all(_TARGETS, unit_id=unit_id)


# What may be done.

_new = insert(TopicTarget).values(
    unit_id=bindparam("unit_id", type_=Uuid),
    year=bindparam("year", type_=Integer),
    level=bindparam("level", type_=text_enum(TopicLevel)),
    topics=bindparam("topics", type_=Integer),
    set_by=bindparam("set_by", type_=Uuid),
    set_at=bindparam("set_at", type_=MOMENT),
)
_SET = Statement(
    _new.on_conflict_do_update(
        index_elements=["unit_id", "year", "level"],
        set_={name: _new.excluded[name] for name in ("topics", "set_by", "set_at")},
    )
)


async def set_topic_target(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewTopicTarget, now: datetime
) -> list[Row]:
    """Set out how many topics of a level a unit means to have in a year; all that it has set out."""
    await hold_unit(db, actor, unit_id=unit_id, permission=Permission.TOPIC_REVIEW)
    await db.run(_SET, unit_id=unit_id, **new.model_dump(), set_by=actor.account_id, set_at=now)
    return await list_topic_targets(db, actor, unit_id=unit_id)
