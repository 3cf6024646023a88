"""A model case: who sees it, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Uuid, any_, bindparam, exists, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.quality.model_cases.table import (
    SOURCES,
    ModelCase,
    ModelCaseAudience,
    ModelCaseSource,
    ModelCaseState,
    ModelCaseText,
    ModelCaseVersion,
)
from app.sql import Connection, Row, Statement


class ModelCaseView(BaseModel):
    """A case as both faces show it; what it says its versions say."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="案例单位 / unit from whose work it was drawn")
    unit_name: str = Field(description="单位名称 / its name")
    title: str = Field(description="案例名称 / title")
    version: int | None = Field(
        description="最新版本号，案例单位及其上级可见 / number of the latest version, for the unit and above"
    )
    published_version: int | None = Field(
        description="已发布的版本号 / number of the version that is published"
    )
    created_at: datetime = Field(description="建立时间 / when it was begun")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when it was withdrawn")
    withdrawn_because: str | None = Field(description="撤回理由 / why")


class ModelCaseVersionView(ModelCaseText):
    """A version of a case as both faces show it."""

    id: UUID = Field(description="标识 / key")
    case_id: UUID = Field(description="案例 / case")
    number: int = Field(description="版本号，从 1 起 / number, from 1")
    state: ModelCaseState = Field(description="状态 / how far it has come")
    activity_ids: list[UUID] = Field(description="所依活动 / activities that it rests on")
    plan_ids: list[UUID] = Field(description="所依计划 / plans that it rests on")
    resource_ids: list[UUID] = Field(description="所依资源 / resources that it rests on")
    regulation_ids: list[UUID] = Field(description="所依制度 / regulations that it rests on")
    submitted_at: datetime | None = Field(description="送审时间 / when it was submitted")
    decided_at: datetime | None = Field(description="审核时间 / when it was decided on")
    opinion: str | None = Field(description="审核意见 / what was said of it")


# What can be refused.


class ModelCaseNotFound(NotFound):
    """There is no such case for the one who asks."""

    code = "model_case_not_found"
    zh = "未找到该典型案例。"
    en = "There is no such model case."


class ModelCaseVersionNotFound(NotFound):
    """There is no such version for the one who asks."""

    code = "model_case_version_not_found"
    zh = "未找到该案例版本。"
    en = "There is no such version of a model case."


# What may be asked.


def is_published(audience: Any) -> ColumnElement[bool]:
    """The predicate 'this case is published to a unit of the one who asks', and was not withdrawn."""
    published: ColumnElement[bool] = col(ModelCase.withdrawn_at).is_(None) & exists(
        select(col(ModelCaseAudience.case_id)).where(
            col(ModelCaseAudience.case_id) == col(ModelCase.id),
            col(ModelCaseAudience.target_id) == any_(audience),
        )
    )
    return published


MODEL_CASES = Door(
    table=ModelCase,
    view=ModelCaseView,
    read=Permission.RESOURCE_READ,
    missing=ModelCaseNotFound,
    audience=is_published,
    computed={"unit_name": col(Unit.name)},
    joined=ModelCase.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(ModelCase.unit_id) == col(Unit.id),
    ),
    filters={
        "unit_id": col(ModelCase.unit_id),
        "published": lambda given: col(ModelCase.published_version).is_not(None) == given,
        "withdrawn": lambda given: col(ModelCase.withdrawn_at).is_not(None) == given,
    },
    sorts={"created": (), "title": (col(ModelCase.title),)},
    confided=frozenset({"version"}),
)
"""Cases, kept where the unit lies, and read by those to whom they are published."""


def _things(name: str) -> Any:
    source = getattr(ModelCaseSource, name)
    return func.array(
        select(col(source))
        .where(
            col(ModelCaseSource.case_id) == col(ModelCaseVersion.case_id),
            col(ModelCaseSource.number) == col(ModelCaseVersion.number),
            col(source).is_not(None),
        )
        .order_by(col(source))
        .correlate(ModelCaseVersion)
        .scalar_subquery()
    )


MODEL_CASE_VERSIONS = Door(
    table=ModelCaseVersion,
    view=ModelCaseVersionView,
    read=Permission.RESOURCE_READ,
    missing=ModelCaseVersionNotFound,
    places={name: col(getattr(ModelCase, name)) for name in PLACE},
    audience=lambda audience: (
        is_published(audience) & (col(ModelCaseVersion.number) == col(ModelCase.published_version))
    ),
    computed={f"{name}s": _things(name) for name in SOURCES},
    joined=ModelCaseVersion.__table__.join(  # type: ignore[attr-defined]
        ModelCase.__table__,  # type: ignore[attr-defined]
        col(ModelCaseVersion.case_id) == col(ModelCase.id),
    ),
    filters={"case_id": col(ModelCaseVersion.case_id)},
    sorts={"number": (col(ModelCaseVersion.number),)},
    confided=frozenset({"opinion"}),
)
"""Versions: of those to whom a case is published, each reads the one that is published."""


PLACE_OF_CASE = Statement(
    select(*(col(getattr(ModelCase, name)) for name in PLACE)).where(
        col(ModelCase.id) == bindparam("case_id", type_=Uuid)
    )
)


async def get_model_case(db: Connection, actor: Actor, *, case_id: UUID) -> Row:
    """One case of the actor's place, or published to the actor."""
    return await MODEL_CASES.get(db, actor, case_id)


async def list_model_cases(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    published: bool | None = None,
    withdrawn: bool | None = None,
) -> Page:
    """The cases that were drawn from the work of the units in the actor's place."""
    filters = {"unit_id": unit_id, "published": published, "withdrawn": withdrawn}
    return await MODEL_CASES.page(db, actor, page, filters=filters)


async def list_published_model_cases(
    db: Connection, actor: Actor, *, page: PageRequest, unit_id: UUID | None = None
) -> Page:
    """The cases that are published to the actor's units."""
    return await MODEL_CASES.page(db, actor, page, filters={"unit_id": unit_id}, published=True)


async def model_cases_by_id(
    db: Connection, actor: Actor, *, case_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many cases by their keys; None where the actor may not see one."""
    return await MODEL_CASES.by_id(db, actor, case_ids, columns=columns)


async def list_model_case_versions(
    db: Connection, actor: Actor, *, case_id: UUID, page: PageRequest
) -> Page:
    """The versions of a case: all for the unit and those above, the published one for everybody else."""
    case = await MODEL_CASES.get(db, actor, case_id)
    place = await db.one(PLACE_OF_CASE, case_id=case["id"]) or {}
    within = actor.scope(Permission.RESOURCE_READ).covers(place)
    return await MODEL_CASE_VERSIONS.page(
        db, actor, page, filters={"case_id": case_id}, published=not within
    )
