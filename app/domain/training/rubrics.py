"""Rubrics (观课量表): by which dimensions a lesson is looked at, how they weigh, what each level means.

A city, a county or a school publishes its own, version by version; a version is never changed, so that
a sheet means what it meant. Where none is named, the one that is shipped (`STANDARD`) is used.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

RubricCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A short name for programs."""


class RubricLevel(BaseModel):
    """A level of a dimension, and what it looks like."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    score: int = Field(ge=0, le=100, description="得分，0 至 100 / score, from 0 to 100")
    meaning: str = Field(min_length=1, max_length=300, description="表现 / what it looks like")


class RubricDimension(BaseModel):
    """What is looked at, and how much it weighs."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    code: RubricCode = Field(description="维度代码 / code")
    name: str = Field(min_length=1, max_length=60, description="维度名称 / name")
    weight: int = Field(ge=1, le=100, description="权重，合计 100 / weight; all make 100")
    levels: list[RubricLevel] = Field(
        default_factory=list, max_length=10, description="等级 / levels, possibly none"
    )


class NewRubricLevel(RubricLevel):
    """A level of a rubric to be published."""


class NewRubricDimension(RubricDimension):
    """A dimension of a rubric to be published."""

    levels: list[NewRubricLevel] = Field(  # type: ignore[assignment]  # narrower, for the faces' inputs
        default_factory=list, max_length=10, description="等级 / levels, possibly none"
    )


class RubricFields(BaseModel):
    """What a rubric says."""

    code: RubricCode = Field(
        max_length=40, description="量表代码，各版本相同 / the same in every version"
    )
    name: str = Field(min_length=1, max_length=100, description="名称 / name")
    source: str = Field(
        min_length=2, max_length=300, description="依据：文件与条款 / document and article"
    )
    assumed: bool = Field(
        default=False,
        description="权重非文件所定，由发布单位自定 / the source gives no weights: they are assumed",
    )
    dimensions: list[RubricDimension] = Field(
        min_length=1, max_length=20, description="维度 / dimensions", sa_type=JSONB
    )


class Rubric(RubricFields, Placed, Table, table=True):
    """One version of a rubric, placed by the unit that published it; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "code", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("jsonb_typeof(dimensions) = 'array'", name="dimensions"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "school_id", "id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    version: int
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class RubricView(RubricFields):
    """A published rubric."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发布单位 / unit that published it")
    version: int = Field(description="版本，从 1 起 / version, from 1")
    published_at: datetime = Field(description="发布时间 / when it was published")


class NewRubric(RubricFields, Command):
    """A rubric to be published; one of a code that there is becomes its next version."""

    unit_id: UUID = Field(description="发布单位 / unit that publishes it")
    dimensions: list[NewRubricDimension] = Field(  # type: ignore[assignment]
        min_length=1, max_length=20, description="维度 / dimensions"
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        codes = [each.code for each in self.dimensions]
        if len(set(codes)) != len(codes):
            raise Unfit("维度代码重复。", "Two dimensions have one code.")
        if sum(each.weight for each in self.dimensions) != 100:
            raise Unfit("各维度权重合计须为 100。", "The weights of the dimensions make 100.")
        return self


STANDARD = RubricFields(
    code="standard",
    name="课堂观察量表（通用）",
    source="S4《校本研修指导意见》第 10 条：教学设计、课堂评析、学习指导、学业评价",
    assumed=True,
    dimensions=[
        RubricDimension(code=code, name=name, weight=25)
        for code, name in (
            ("instructional_design", "教学设计"),
            ("lesson_review", "课堂评析"),
            ("learning_guidance", "学习指导"),
            ("learning_evaluation", "学业评价"),
        )
    ],
)
"""The rubric that is shipped. The source names what is looked at and no weights: equal is assumed."""


# What can be refused.


class RubricNotFound(NotFound):
    """There is no such rubric for the one who asks."""

    code = "rubric_not_found"
    zh = "未找到该观课量表。"
    en = "There is no such rubric."


class ScoresDisagree(Invalid):
    """Scores are given for all dimensions of the rubric and for nothing else."""

    code = "observation_scores_disagree"
    zh = "评分须与量表的维度一一对应：{dimensions}。"
    en = "Score each dimension of the rubric and nothing else: {dimensions}."


class RubricPublishedMeanwhile(Conflict):
    """Somebody published a version of it at the same moment."""

    code = "rubric_published_meanwhile"
    zh = "该量表刚刚由他人发布了新版本，请查看后重试。"
    en = "Somebody has just published a version of this rubric: look at it and try again."


# What may be asked.

RUBRICS = Door(
    table=Rubric,
    view=RubricView,
    read=Permission.ACTIVITY_READ,
    missing=RubricNotFound,
    # What a unit publishes is for everybody below it.
    audience=lambda audience: col(Rubric.unit_id) == any_(audience),
    filters={"unit_id": col(Rubric.unit_id), "code": col(Rubric.code)},
    sorts={"created": ()},
)


async def get_rubric(db: Connection, actor: Actor, *, rubric_id: UUID) -> Row:
    """One rubric, of the actor's place or of a unit at or above it."""
    return await RUBRICS.get(db, actor, rubric_id)


async def list_rubrics(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    code: str | None = None,
) -> Page:
    """The rubrics of the units at and above the actor, in the order of publishing."""
    filters = {"unit_id": unit_id, "code": code}
    return await RUBRICS.page(db, actor, page, filters=filters, published=True)


async def rubrics_by_id(
    db: Connection, actor: Actor, *, rubric_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many rubrics by their keys; None where the actor may not see one."""
    return await RUBRICS.by_id(db, actor, rubric_ids, columns=columns)


async def get_standard_rubric(db: Connection, actor: Actor) -> dict[str, Any]:
    """The rubric that is used where none is named, ready to be published as one's own."""
    del db  # It is shipped, and the same for all who may see rubrics at all.
    actor.require(Permission.ACTIVITY_READ)
    return STANDARD.model_dump(mode="json")


def total_of(dimensions: Sequence[Any], scores: dict[str, Decimal]) -> Decimal:
    """The weighted score of a lesson, of 100; refused where the scores are not the rubric's."""
    weights = {each["code"]: each["weight"] for each in dimensions}
    if weights.keys() != scores.keys():
        raise ScoresDisagree(dimensions=", ".join(weights))
    total = sum((scores[code] * weight for code, weight in weights.items()), Decimal(0))
    return (total / 100).quantize(Decimal("0.01"))


# What may be done.

_NEXT = Statement(
    select(func.coalesce(func.max(col(Rubric.version)), 0) + 1).where(
        col(Rubric.unit_id) == bindparam("unit_id", type_=Uuid),
        col(Rubric.code) == bindparam("code"),
    )
)


async def publish_rubric(db: Connection, actor: Actor, *, new: NewRubric, now: datetime) -> Row:
    """Publish a rubric of a unit, as the next version where there is one of its code."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.RUBRIC_PUBLISH)
    row = {
        "id": new_id(),
        **new.model_dump(mode="json", include=set(RubricFields.model_fields)),
        **place_of(unit),
        "version": await db.value(_NEXT, unit_id=unit["id"], code=new.code),
        "published_at": now,
        "published_by": actor.account_id,
    }
    try:
        async with db.transaction():
            await db.insert(Rubric, row)
    except UniqueViolationError:
        raise RubricPublishedMeanwhile from None
    return await RUBRICS.get(db, actor, row["id"])
