"""Links of resources (资源关联): which resources an activity or a course uses.

A link is no copy: whoever sees the activity or the course and the resource finds one from the other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, bindparam, delete, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.learning.courses import COURSES
from app.domain.learning.resources import RESOURCES, Resource
from app.domain.learning.resources.resource import RESOURCE_PLACES, is_offered
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import ACTIVITIES
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class ResourceLink(Table, table=True):
    """That an activity or a course uses a resource."""

    __table_args__ = (
        UniqueConstraint("resource_id", "activity_id"),
        UniqueConstraint("resource_id", "course_id"),
        CheckConstraint("num_nonnulls(activity_id, course_id) = 1", name="of_one"),
        *(
            Index(None, name, "id", postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("activity_id", "course_id")
        ),
    )

    id: UUID = key()
    resource_id: UUID = Field(foreign_key="resource.id", sa_type=Uuid)
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    course_id: UUID | None = Field(default=None, foreign_key="course.id", sa_type=Uuid)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)


class ResourceLinkView(BaseModel):
    """A link of a resource as both faces show it."""

    id: UUID = Field(description="标识 / key")
    resource_id: UUID = Field(description="资源 / resource")
    title: str = Field(description="资源名称 / title of the resource")
    activity_id: UUID | None = Field(description="活动 / activity that uses it, if it is one")
    course_id: UUID | None = Field(description="课程 / course that uses it, if it is one")
    added_at: datetime = Field(description="关联时间 / when it was linked")


class NewResourceLink(Command):
    """What is to use a resource: an activity or a course."""

    activity_id: UUID | None = Field(default=None, description="活动 / activity")
    course_id: UUID | None = Field(default=None, description="课程 / course")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.activity_id is None) == (self.course_id is None):
            raise Unfit("活动与课程填且只填一个。", "Name an activity or a course, one of them.")
        return self


# What can be refused.


class ResourceLinkNotFound(NotFound):
    """There is no such link for the one who asks."""

    code = "resource_link_not_found"
    zh = "未找到该资源关联。"
    en = "There is no such link of a resource."


class ResourceLinkExists(Conflict):
    """The resource is linked there already."""

    code = "resource_link_exists"
    zh = "该资源已经关联。"
    en = "The resource is linked there already."


# What may be asked.

RESOURCE_LINKS = Door(
    table=ResourceLink,
    view=ResourceLinkView,
    read=Permission.RESOURCE_READ,
    missing=ResourceLinkNotFound,
    places=RESOURCE_PLACES,
    audience=is_offered,
    computed={"title": col(Resource.title)},
    joined=ResourceLink.__table__.join(  # type: ignore[attr-defined]
        Resource.__table__,  # type: ignore[attr-defined]
        col(ResourceLink.resource_id) == col(Resource.id),
    ),
    filters={
        "resource_id": col(ResourceLink.resource_id),
        "activity_id": col(ResourceLink.activity_id),
        "course_id": col(ResourceLink.course_id),
    },
    sorts={"created": ()},
)
"""Links, seen by whoever sees the resource."""


async def list_resource_links(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    resource_id: UUID | None = None,
    activity_id: UUID | None = None,
    course_id: UUID | None = None,
    shared: bool = False,
) -> Page:
    """The links of the resources that the actor's place keeps, or of those `shared` with the actor."""
    actor.require(Permission.RESOURCE_READ)
    filters = {"resource_id": resource_id, "activity_id": activity_id, "course_id": course_id}
    return await RESOURCE_LINKS.page(db, actor, page, filters=filters, published=shared)


async def resource_links_of(
    db: Connection,
    actor: Actor,
    *,
    resource_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What uses each of many resources that the actor's place keeps."""
    owner = col(ResourceLink.resource_id)
    return await RESOURCE_LINKS.pages_of(db, actor, owner, resource_ids, page, columns=columns)


# What may be done.


async def link_resource(
    db: Connection, actor: Actor, *, resource_id: UUID, new: NewResourceLink, now: datetime
) -> Row:
    """Let an activity or a course on which the actor may write use a resource that the actor sees."""
    await RESOURCES.get(db, actor, resource_id)
    if new.activity_id is not None:
        write = Permission.ACTIVITY_WRITE
        await ACTIVITIES.get(db, actor, new.activity_id, permission=write)
    if new.course_id is not None:
        await COURSES.get(db, actor, new.course_id, permission=Permission.COURSE_WRITE)
    row: Row = {
        "id": new_id(), "resource_id": resource_id, **new.model_dump(),
        "added_by": actor.account_id, "added_at": now,
    }  # fmt: skip
    try:
        await db.insert(ResourceLink, row)
    except UniqueViolationError:
        raise ResourceLinkExists from None
    return await RESOURCE_LINKS.get(db, actor, row["id"])


_REMOVE = Statement(
    delete(ResourceLink).where(col(ResourceLink.id) == bindparam("link_id", type_=Uuid))
)


_LINK = Statement(
    RESOURCE_LINKS.select().where(col(ResourceLink.id) == bindparam("link_id", type_=Uuid))
)


async def unlink_resource(db: Connection, actor: Actor, *, link_id: UUID) -> Row:
    """Take a link away from an activity or a course on which the actor may write; what it was.

    The resource itself may have been retired, or be shared with the actor no more.
    """
    link = await db.one(_LINK, link_id=link_id)
    if link is None:
        raise ResourceLinkNotFound
    try:
        if link["activity_id"] is not None:
            write = Permission.ACTIVITY_WRITE
            await ACTIVITIES.get(db, actor, link["activity_id"], permission=write)
        else:
            await COURSES.get(db, actor, link["course_id"], permission=Permission.COURSE_WRITE)
    except NotFound:
        raise ResourceLinkNotFound from None
    await db.run(_REMOVE, link_id=link_id)
    return link
