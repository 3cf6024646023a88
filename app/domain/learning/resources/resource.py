"""Resources as both faces show them: their doors, and what may be asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    any_,
    func,
    select,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    TODAY,
    holds_on,
)
from app.domain.errors import NotFound
from app.domain.learning.resources.table import (
    Resource,
    ResourceFields,
    ResourceUse,
    ResourceVersion,
)
from app.domain.learning.resources.vocabulary import (
    ResourceKind,
    ResourceSharing,
)
from app.domain.organisation.networks import NetworkMember
from app.domain.organisation.units import Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject
from app.sql import Connection, Row


class ResourceView(ResourceFields):
    """A resource as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / unit that keeps it")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    teacher_id: UUID | None = Field(description="提供教师 / teacher who gave it, if one did")
    version: int = Field(description="现行版本号 / number of its present version")
    waiting_version: int | None = Field(
        description="待审版本号 / number of a version that waits to be reviewed"
    )
    sharing: ResourceSharing = Field(description="共享范围 / how far it goes")
    network_id: UUID | None = Field(description="共享到的片区 / network that it goes to")
    asked_sharing: ResourceSharing | None = Field(
        description="申请中的共享范围 / how far it is asked to go, if that waits to be reviewed"
    )
    opinion: str | None = Field(description="审核意见 / what was last said of its sharing")
    uses: int = Field(description="使用人次，每人每日计一次 / uses, each person once a day")
    added_at: datetime = Field(description="入库时间 / when it was added")
    retired_on: date | None = Field(description="下架日期 / day on which it was retired")


class ResourceVersionView(BaseModel):
    """A version of a resource as both faces show it."""

    id: UUID = Field(description="标识 / key")
    resource_id: UUID = Field(description="资源 / resource")
    number: int = Field(description="版本号 / number")
    file_id: UUID | None = Field(description="文件 / file, if it is one")
    link: str | None = Field(description="网址 / address, if it stands elsewhere")
    shelf: str | None = Field(description="馆藏位置 / where it stands in a library")
    changes: str | None = Field(description="改动说明 / what is new in it")
    added_at: datetime = Field(description="入库时间 / when it was added")
    refused_at: datetime | None = Field(
        description="审核未通过时间 / when it was not agreed to, if it was not"
    )


# What can be refused.


class ResourceNotFound(NotFound):
    """There is no such resource for the one who asks."""

    code = "resource_not_found"
    zh = "未找到该资源。"
    en = "There is no such resource."


class ResourceVersionNotFound(NotFound):
    """There is no such version for the one who asks."""

    code = "resource_version_not_found"
    zh = "未找到该资源版本。"
    en = "There is no such version of a resource."


# What may be asked.


def is_offered(audience: Any) -> ColumnElement[bool]:
    """The predicate 'this is shared with a unit of the one who asks, or with a network of theirs today'."""
    given = select(func.unnest(audience))
    networks = select(col(NetworkMember.network_id)).where(
        col(NetworkMember.school_id) == any_(audience), holds_on(NetworkMember, TODAY)
    )
    targets = func.array(union_all(given, networks).scalar_subquery())
    offered: ColumnElement[bool] = col(Resource.offered_to) == any_(targets)
    return offered


RESOURCE_PLACES = {
    **{name: col(getattr(Resource, name)) for name in PLACE},
    "teacher_id": col(Resource.teacher_id),
}
"""What places what belongs to a resource: the unit that keeps it, and who gave it."""

_uses = (
    select(func.count())
    .where(col(ResourceUse.resource_id) == col(Resource.id))
    .correlate(Resource)
    .scalar_subquery()
)

RESOURCES = Door(
    table=Resource,
    view=ResourceView,
    read=Permission.RESOURCE_READ,
    missing=ResourceNotFound,
    places=RESOURCE_PLACES,
    audience=is_offered,
    computed={"uses": _uses},
    filters={
        "unit_id": col(Resource.unit_id),
        "kind": col(Resource.kind),
        "subject": col(Resource.subject),
        "stage": col(Resource.stage),
        "asked": lambda asked: col(Resource.asked_at).is_not(None) == asked,
        "retired": lambda retired: col(Resource.retired_on).is_not(None) == retired,
    },
    sorts={"created": (), "title": (col(Resource.title),)},
    confided=frozenset({"asked_sharing", "opinion", "waiting_version"}),
)
"""Resources, managed where they are kept, and found by whomever they are shared with."""


def _is_shown(audience: Any) -> ColumnElement[bool]:
    """The predicate 'the resource is shared with the one who asks, and this version was not only proposed'."""
    was_agreed = (col(ResourceVersion.number) <= col(Resource.version)) & col(
        ResourceVersion.refused_at
    ).is_(None)
    return is_offered(audience) & was_agreed


RESOURCE_VERSIONS = Door(
    table=ResourceVersion,
    view=ResourceVersionView,
    read=Permission.RESOURCE_READ,
    missing=ResourceVersionNotFound,
    places=RESOURCE_PLACES,
    audience=_is_shown,
    joined=ResourceVersion.__table__.join(  # type: ignore[attr-defined]
        Resource.__table__,  # type: ignore[attr-defined]
        col(ResourceVersion.resource_id) == col(Resource.id),
    ),
    filters={"resource_id": col(ResourceVersion.resource_id)},
    sorts={"number": (col(ResourceVersion.number),)},
)
"""Versions, seen by whoever sees the resource."""


async def get_resource(
    db: Connection, actor: Actor, *, resource_id: UUID, lock: bool = False
) -> Row:
    """One resource that the actor's place keeps, or that is shared with it."""
    return await RESOURCES.get(db, actor, resource_id, lock=lock)


async def list_resources(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: ResourceKind | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    asked: bool | None = None,
    retired: bool | None = None,
) -> Page:
    """The resources that the actor's place keeps, in the order in which they were added."""
    filters = {
        "unit_id": unit_id, "kind": kind, "subject": subject, "stage": stage, "asked": asked,
        "retired": retired,
    }  # fmt: skip
    return await RESOURCES.page(db, actor, page, filters=filters)


async def list_shared_resources(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: ResourceKind | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
) -> Page:
    """The resources that are shared with the actor, in the order in which they were added."""
    actor.require(Permission.RESOURCE_READ)
    filters = {"kind": kind, "subject": subject, "stage": stage}
    return await RESOURCES.page(db, actor, page, filters=filters, published=True)


async def resources_by_id(
    db: Connection, actor: Actor, *, resource_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many resources by their keys; None where the actor may not see one."""
    return await RESOURCES.by_id(db, actor, resource_ids, columns=columns)


async def list_resource_versions(
    db: Connection, actor: Actor, *, resource_id: UUID, page: PageRequest
) -> Page:
    """The versions of one resource that the actor may see, the first first."""
    resource = await RESOURCES.get(db, actor, resource_id)
    is_kept = actor.scope(Permission.RESOURCE_READ).covers(resource)
    filters = {"resource_id": resource_id}
    return await RESOURCE_VERSIONS.page(db, actor, page, filters=filters, published=not is_kept)


async def resource_versions_of(
    db: Connection,
    actor: Actor,
    *,
    resource_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The versions of each of many resources that the actor's place keeps."""
    owner = col(ResourceVersion.resource_id)
    return await RESOURCE_VERSIONS.pages_of(db, actor, owner, resource_ids, page, columns=columns)
