"""Adding resources and versions of them, changing what is said of one, retiring it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.learning.resources.grams import grams_of
from app.domain.learning.resources.resource import RESOURCES
from app.domain.learning.resources.table import Resource, ResourceFields, ResourceVersion
from app.domain.learning.resources.vocabulary import (
    ResourceKind,
    ResourceLicence,
    ResourceSharing,
)
from app.domain.organisation.units import Stage, hold_unit, place_of
from app.domain.people.teachers import TEACHERS, Subject
from app.domain.plain_text import plain_title
from app.domain.training.files import FILES
from app.sql import Connection, Row, new_id

_WRITE = Permission.RESOURCE_WRITE


WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s]*$", max_length=500)
]


class VersionFields(BaseModel):
    """Where a version of a resource is: a file, an address, a shelf."""

    file_id: UUID | None = Field(default=None, description="文件 / file")
    link: WebAddress | None = Field(default=None, description="网址 / address, of http or https")
    shelf: str | None = Field(
        default=None, min_length=1, max_length=100, description="馆藏位置 / where it stands"
    )

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.file_id is None and self.link is None and self.shelf is None:
            raise Unfit("请附文件、网址或馆藏位置。", "Give a file, an address or a shelf.")
        return self


class NewResource(ResourceFields, VersionFields, Command):
    """A resource to be added, with its first version: by a teacher, or for a unit."""

    unit_id: UUID | None = Field(
        default=None, description="所属单位，由教师本人提供时不填 / unit; left out by a teacher"
    )


class ResourceChanges(Command):
    """What is to be said of a resource; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称 / title"
    )
    kind: ResourceKind | None = Field(default=None, description="类型 / kind")
    subject: Subject | None = Field(default=None, description="学科，null 为不限 / subject")
    stage: Stage | None = Field(default=None, description="学段，null 为不限 / stage")
    summary: str | None = Field(
        default=None, min_length=1, max_length=1000, description="简介 / what it is about"
    )
    licence: ResourceLicence | None = Field(default=None, description="使用许可 / licence")

    @model_validator(mode="after")
    def _empties_nothing(self) -> Self:
        if any(
            getattr(self, n) is None for n in self.model_fields_set & {"title", "kind", "licence"}
        ):
            raise Unfit("名称、类型和许可不能为空。", "Title, kind and licence cannot be null.")
        return self


# What can be refused.


class ResourceRetired(Conflict):
    """The resource was retired: nothing is changed of it."""

    code = "resource_retired"
    zh = "该资源已下架。"
    en = "The resource has been retired."


NOT_ASKED: dict[str, Any] = {
    "asked_sharing": None, "asked_network_id": None, "asked_at": None, "asked_by": None,
    "waiting_version": None,
}  # fmt: skip
"""Of a resource of which nothing waits to be decided."""

# What may be done.


async def _place(db: Connection, actor: Actor, new: NewResource) -> Row:
    """Where a resource is to be kept, and whose it is."""
    if new.unit_id is not None:
        unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=_WRITE)
        return place_of(unit) | {"teacher_id": None}
    actor.require(_WRITE, {"teacher_id": actor.teacher_id})
    own: Any = actor.teacher_id
    teacher = await TEACHERS.get(db, actor, own)
    return {name: teacher[name] for name in PLACE} | {"teacher_id": own}


async def keep_version(
    db: Connection,
    actor: Actor,
    *,
    resource_id: UUID,
    number: int,
    new: VersionFields,
    changes: str | None,
    now: datetime,
) -> None:
    """Keep where a version of a resource is; whoever calls holds the resource."""
    if new.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, new.file_id, lock=True)
    row = {
        "id": new_id(), "resource_id": resource_id, "number": number, "file_id": new.file_id,
        "link": new.link, "shelf": new.shelf, "changes": changes, "added_by": actor.account_id,
        "added_at": now,
    }  # fmt: skip
    await db.insert(ResourceVersion, row)


def _found_by(title: str) -> dict[str, Any]:
    return {"plain_title": plain_title(title, most=200), "grams": grams_of(title)}


async def create_resource(db: Connection, actor: Actor, *, new: NewResource, now: datetime) -> Row:
    """Add a resource; it goes no further than its unit until a wider sharing was reviewed."""
    place = await _place(db, actor, new)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(ResourceFields.model_fields)),
        **_found_by(new.title),
        **place,
        "sharing": ResourceSharing.SCHOOL,
        "version": 1,
        "added_by": actor.account_id,
        "added_at": now,
    }
    await db.insert(Resource, row)
    await keep_version(db, actor, resource_id=row["id"], number=1, new=new, changes=None, now=now)
    return await RESOURCES.get(db, actor, row["id"])


async def open_resource(
    db: Connection, actor: Actor, *, resource_id: UUID, permission: Permission = _WRITE
) -> Row:
    """A resource that was not retired and with which the actor may do this; it stays locked."""
    resource = await RESOURCES.get(db, actor, resource_id, permission=permission, lock=True)
    if resource["retired_on"] is not None:
        raise ResourceRetired
    return resource


async def update_resource(
    db: Connection, actor: Actor, *, resource_id: UUID, changes: ResourceChanges
) -> Row:
    """Say something else of a resource; what it is itself is another version."""
    await open_resource(db, actor, resource_id=resource_id)
    given = changes.model_dump(exclude_unset=True)
    if "title" in given:
        given |= _found_by(given["title"])
    await db.change(Resource, resource_id, given)
    return await RESOURCES.get(db, actor, resource_id)


async def retire_resource(db: Connection, actor: Actor, *, resource_id: UUID, now: datetime) -> Row:
    """Take a resource off the shelves today: nobody finds it any more, its unit still has it."""
    await open_resource(db, actor, resource_id=resource_id)
    await db.change(Resource, resource_id, {"retired_on": civil_date(now), **NOT_ASKED})
    return await RESOURCES.get(db, actor, resource_id)
