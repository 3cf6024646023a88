"""The groups on which the training of each stage rests (学段特色): offered to schools, reported where missing.

岳市教发〔2013〕18号 第十四条: 高中以备课组活动为依托重点, 初中以教研组, 小学以年级组, 幼儿园以活动主题.
"""

from collections.abc import Sequence
from dataclasses import replace
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
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.organisation.units import UNITS, Level, NotASchool, Stage, Unit, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject, Teacher
from app.domain.training.groups import GROUPS, STAGE_DEFAULT, GroupKind, ResearchGroup
from app.sql import Connection, Row, Statement, new_id

ARTICLE = "岳市教发〔2013〕18号 第十四条"
"""Where the default of each stage is laid down."""

SUBJECT_NAMES: dict[Subject, str] = {
    Subject.CHINESE: "语文", Subject.MATHEMATICS: "数学", Subject.ENGLISH: "英语",
    Subject.MORALITY_AND_LAW: "道德与法治", Subject.HISTORY: "历史", Subject.GEOGRAPHY: "地理",
    Subject.PHYSICS: "物理", Subject.CHEMISTRY: "化学", Subject.BIOLOGY: "生物",
    Subject.SCIENCE: "科学", Subject.INFORMATION_TECHNOLOGY: "信息技术", Subject.MUSIC: "音乐",
    Subject.FINE_ARTS: "美术", Subject.PHYSICAL_EDUCATION: "体育",
    Subject.COUNSELLING: "心理健康", Subject.SPECIAL_EDUCATION: "特殊教育",
    Subject.HEALTH_CARE: "卫生保健", Subject.PRESCHOOL: "学前", Subject.OTHER: "综合",
}  # fmt: skip
GRADES = "一二三四五六"
"""The grades of a primary school (六年制)."""


class GroupDefaultView(BaseModel):
    """How a stage's default is followed in a unit: by its schools of that stage."""

    stage: Stage = Field(description="学段 / stage")
    kind: GroupKind = Field(description="依托的组织类型 / kind of group that its training rests on")
    article: str = Field(description="依据 / where that is laid down")
    schools: int = Field(description="该学段学校数 / open schools of this stage")
    followed: int = Field(description="已设该类组的学校数 / of these, how many have such a group")


# What may be asked.

_GROUPS = ResearchGroup.__table__  # type: ignore[attr-defined]


def _kind_of(stage: Any) -> ColumnElement[str]:
    return case(
        {str(each): literal(kind.value) for each, kind in STAGE_DEFAULT.items()}, value=stage
    )


def _follows(school_id: Any, stage: Any) -> ColumnElement[bool]:
    """The predicate 'this school has an open group of the stage's default kind, for it or for all'."""
    found = select(_GROUPS.c.id).where(
        _GROUPS.c.unit_id == school_id,
        _GROUPS.c.closed_on.is_(None),
        cast(_GROUPS.c.kind, Text) == _kind_of(stage),
        or_(_GROUPS.c.stage.is_(None), cast(_GROUPS.c.stage, Text) == stage),
    )
    # The school lies in whichever statement is around it, however far out.
    return exists(found.correlate_except(_GROUPS))


@lru_cache(maxsize=4)
def _defaults(level: Level) -> Statement:
    place = {Level.CITY: Unit.city_id, Level.COUNTY: Unit.county_id, Level.SCHOOL: Unit.id}[level]
    taught = func.unnest(cast(col(Unit.stages), ARRAY(Text))).table_valued("stage", name="taught")
    stage = taught.render_derived().c.stage
    follows = _follows(col(Unit.id), stage)
    return Statement(
        select(
            stage,
            func.count().label("schools"),
            func.count().filter(follows).label("followed"),
        )
        .select_from(Unit)
        .join(stage.table, true())
        .where(
            col(place) == bindparam("unit_id", type_=Uuid),
            col(Unit.level) == Level.SCHOOL,
            col(Unit.closed_on).is_(None),
        )
        .group_by(stage)
    )


async def list_group_defaults(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """For each stage taught in a unit: the kind of group it rests on, and how many schools have one."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GROUP_READ)
    found = await db.all(_defaults(Level(unit["level"])), unit_id=unit_id)
    lines = {row["stage"]: row for row in found}
    return [
        {**lines[stage], "kind": STAGE_DEFAULT[stage], "article": ARTICLE}
        for stage in Stage
        if stage in lines
    ]


_STAGE = func.unnest(cast(col(Unit.stages), ARRAY(Text))).column_valued("stage")
_MISSING = select(_STAGE).where(~_follows(col(Unit.id), _STAGE)).correlate(Unit)
"""The stages that a school teaches without the group that each rests on."""

_LACKING = replace(
    UNITS,
    read=Permission.GROUP_READ,
    filters={
        **UNITS.filters,
        "lacks": lambda stage: bindparam(stage.key, type_=Text).in_(_MISSING),
        "lacks_any": lambda wanted: exists(_MISSING) == wanted,
    },
)


async def list_schools_without_default_group(
    db: Connection, actor: Actor, *, page: PageRequest, stage: Stage | None = None
) -> Page:
    """The open schools that teach a stage, or this stage, without the group it rests on, by name."""
    lacking = {"lacks_any": True} if stage is None else {"lacks": stage}
    filters = {"level": Level.SCHOOL, "closed": False, **lacking}
    return await _LACKING.page(db, actor, page, filters=filters)


# What may be done.

_TAUGHT = Statement(
    select(cast(col(Teacher.stage), Text).label("stage"), col(Teacher.subject))
    .where(
        col(Teacher.school_id) == bindparam("unit_id", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
    )
    .distinct()
)
_LOCK = Statement(
    select(col(Unit.id))
    .where(col(Unit.id) == bindparam("unit_id", type_=Uuid))
    .with_for_update(key_share=True)
)
"""Two who ask at once set up the groups once."""


async def create_default_groups(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """Set up in a school the groups that its stages rest on and that it has not; answers the new ones.

    A grade group for each grade of a primary school; a teaching research or lesson planning group
    for each subject that its teachers of the stage teach; a group for themes in a kindergarten.
    """
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.GROUP_WRITE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    await db.one(_LOCK, unit_id=unit_id)
    defaults = await db.all(_defaults(Level.SCHOOL), unit_id=unit_id)
    missing = {Stage(row["stage"]) for row in defaults if not row["followed"]}
    taught = await db.all(_TAUGHT, unit_id=unit_id)
    rows = [
        {
            "id": new_id(),
            "name": name,
            "kind": STAGE_DEFAULT[stage],
            "stage": stage,
            "subject": subject,
            **place_of(unit),
        }
        for stage in Stage
        if stage in missing
        for name, subject in _offered(
            stage, [row["subject"] for row in taught if row["stage"] == stage]
        )
    ]
    await db.insert_all(ResearchGroup, rows)
    found = await GROUPS.by_id(db, actor, [row["id"] for row in rows])
    return [row for row in found.values() if row is not None]


def _offered(stage: Stage, subjects: Sequence[str]) -> list[tuple[str, str | None]]:
    """The names of the groups for a stage, each with its subject if it has one."""
    if stage is Stage.KINDERGARTEN:
        return [("活动主题组", None)]
    if stage is Stage.PRIMARY:
        return [(f"{grade}年级组", None) for grade in GRADES]
    kind = "备课组" if stage is Stage.SENIOR_SECONDARY else "教研组"
    taught = [subject for subject in Subject if subject in subjects]
    return [(SUBJECT_NAMES[subject] + kind, subject) for subject in taught] or [(kind, None)]
