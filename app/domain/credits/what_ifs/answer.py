"""What may be asked of an answer, also while it is being counted: sums, and the people."""

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.credits.rules.judgement import Verdict
from app.domain.credits.what_ifs.what_if import (
    WHAT_IFS,
    WhatIfChange,
    WhatIfNotFound,
    WhatIfPerson,
)
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import MASKED_NAME, Teacher
from app.sql import Connection, Row, Statement


class WhatIfGrouping(StrEnum):
    """By what teachers are put together."""

    ALL = "all"
    COUNTY = "county"
    SCHOOL = "school"
    RANK = "rank"
    AGE = "age"


class WhatIfGroupView(BaseModel):
    """What the draft would mean for some teachers together."""

    group: str | None = Field(
        description="分组：单位标识、职称或年龄段，未知为空 / key of the unit, rank or band of ages"
    )
    name: str | None = Field(description="单位名称 / name of the unit")
    teachers: int = Field(description="教师数 / teachers")
    satisfied_before: int = Field(description="现行规则下达标或不要求 / met or not asked today")
    satisfied_after: int = Field(description="草案下达标或不要求 / met or not asked by the draft")
    gained: int = Field(description="新达标 / who gains")
    fell: int = Field(description="由达标变为不达标 / who falls below")
    unclear: int = Field(description="一侧待定 / undecided on one side")
    credits_before: Decimal = Field(description="现行规则下计入学分 / credits that count today")
    credits_after: Decimal = Field(description="草案下计入学分 / credits that would count")


class WhatIfPersonView(BaseModel):
    """One teacher under both rules."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: str = Field(description="姓名（脱敏） / name, masked")
    school: str = Field(description="学校 / name of the school")
    rank: str | None = Field(description="试算日职称 / rank on the day")
    age: int = Field(description="试算日年龄 / age on the day")
    verdict_before: Verdict = Field(description="现行规则下结论 / verdict today")
    verdict_after: Verdict = Field(description="草案下结论 / verdict by the draft")
    credits_before: Decimal = Field(description="现行规则下计入学分 / credits that count today")
    credits_after: Decimal = Field(description="草案下计入学分 / credits that would count")
    missing_before: Decimal = Field(
        description="现行规则下最大缺额 / largest amount missing today, in that pack's unit"
    )
    missing_after: Decimal = Field(
        description="草案下最大缺额 / largest amount missing by the draft, in its unit"
    )
    change: WhatIfChange = Field(description="变化 / what it would mean")


# What may be asked.

_person = WhatIfPerson.__table__.c  # type: ignore[attr-defined]
WHAT_IF_PEOPLE = Door(
    table=WhatIfPerson,
    view=WhatIfPersonView,
    read=Permission.CREDIT_READ,
    missing=WhatIfNotFound,
    places={
        "city_id": col(Teacher.city_id),
        "county_id": col(Teacher.county_id),
        "school_id": col(Teacher.school_id),
    },
    computed={
        "name": MASKED_NAME,
        "school": col(Unit.name),
    },
    joined=WhatIfPerson.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        _person.teacher_id == col(Teacher.id),
    ).join(Unit.__table__, _person.at_school_id == col(Unit.id)),  # type: ignore[attr-defined]
    filters={"what_if_id": _person.what_if_id, "change": _person.change},
    sorts={"counted": ()},
)
"""The people of an answer, for those who may know the credit of them where they are now."""


async def list_what_if_people(
    db: Connection,
    actor: Actor,
    *,
    what_if_id: UUID,
    page: PageRequest,
    change: WhatIfChange | None = None,
) -> Page:
    """The teachers of an answer, with `change` those alone for whom it would mean that."""
    await WHAT_IFS.get(db, actor, what_if_id)
    filters = {"what_if_id": what_if_id, "change": change}
    return await WHAT_IF_PEOPLE.page(db, actor, page, filters=filters)


_AGES = case(
    (_person.age < 35, literal("under_35")),
    (_person.age < 45, literal("35_44")),
    (_person.age < 55, literal("45_54")),
    else_=literal("55_and_over"),
)
_UNITS: dict[WhatIfGrouping, Any] = {
    WhatIfGrouping.COUNTY: _person.at_county_id,
    WhatIfGrouping.SCHOOL: _person.at_school_id,
}
_WORDS: dict[WhatIfGrouping, Any] = {WhatIfGrouping.RANK: _person.rank, WhatIfGrouping.AGE: _AGES}


def _satisfied(verdict: Any) -> Any:
    met = (verdict == literal(each.value) for each in (Verdict.MET, Verdict.WAIVED))
    one, other = met
    return func.count().filter(one | other)


@lru_cache(maxsize=8)
def _groups(by: WhatIfGrouping) -> Statement:
    unit = _UNITS.get(by)
    group = _WORDS.get(by, null()) if unit is None else unit
    name = null() if unit is None else col(Unit.name)
    source = WhatIfPerson.__table__  # type: ignore[attr-defined]
    if unit is not None:
        source = source.join(Unit.__table__, col(Unit.id) == unit)  # type: ignore[attr-defined]
    sums = select(
        cast(group, Text).label("group"),
        cast(name, Text).label("name"),
        func.count().label("teachers"),
        _satisfied(_person.verdict_before).label("satisfied_before"),
        _satisfied(_person.verdict_after).label("satisfied_after"),
        *(
            func.count().filter(_person.change == literal(change.value)).label(change.value)
            for change in (WhatIfChange.GAINED, WhatIfChange.FELL, WhatIfChange.UNCLEAR)
        ),
        *(
            func.coalesce(func.sum(_person[name]), literal_column("0.00")).label(name)
            for name in ("credits_before", "credits_after")
        ),
    )
    sums = sums.select_from(source).where(_person.what_if_id == bindparam("what_if_id", type_=Uuid))
    if by is WhatIfGrouping.ALL:
        return Statement(sums)
    return Statement(
        sums.group_by(literal_column("1"), literal_column("2")).order_by(
            literal_column("2"), literal_column("1")
        )
    )


async def list_what_if_groups(
    db: Connection,
    actor: Actor,
    *,
    what_if_id: UUID,
    by: WhatIfGrouping = WhatIfGrouping.ALL,
) -> list[Row]:
    """The sums of what was counted so far, by county, school, rank or age, or of all together."""
    await WHAT_IFS.get(db, actor, what_if_id)
    return await db.all(_groups(by), what_if_id=what_if_id)
