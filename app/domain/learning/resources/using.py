"""Using a resource: where its present version is, and that it was used."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.learning.resources.resource import RESOURCES
from app.domain.learning.resources.table import Resource, ResourceUse, ResourceVersion
from app.domain.learning.resources.writing import ResourceRetired
from app.domain.training.files import (
    File,
    FileKeptInside,
    FileLinks,
    NewFileLink,
    link_to,
    opens_here,
)
from app.sql import Connection, Row, Statement


class ResourceAccess(BaseModel):
    """Where the present version of a resource is."""

    resource_id: UUID = Field(description="资源 / resource")
    version: int = Field(description="版本号 / number of the version")
    url: str | None = Field(
        description="文件下载地址，十分钟内有效 / address of its file, for ten minutes"
    )
    link: str | None = Field(description="网址 / address, if it stands elsewhere")
    shelf: str | None = Field(description="馆藏位置 / where it stands in a library")


# What may be done.

_PRESENT = Statement(
    select(
        col(ResourceVersion.number),
        col(ResourceVersion.link),
        col(ResourceVersion.shelf),
        col(File.id).label("file_id"),
        col(File.sharing),
    )
    .join_from(Resource, ResourceVersion, col(ResourceVersion.resource_id) == col(Resource.id))
    .outerjoin(File, col(File.id) == col(ResourceVersion.file_id))
    .where(
        col(Resource.id) == bindparam("resource_id", type_=Uuid),
        col(ResourceVersion.number) == col(Resource.version),
    )
)
_USED = Statement(
    insert(ResourceUse)
    .values(
        resource_id=bindparam("resource_id", type_=Uuid),
        used_on=bindparam("today", type_=Date),
        account_id=bindparam("account_id", type_=Uuid),
    )
    .on_conflict_do_nothing()
)


async def use_resource(
    db: Connection, actor: Actor, *, resource_id: UUID, links: FileLinks, now: datetime
) -> Row:
    """Where a resource is that the actor may see; it counts as used, once a day for each person.

    A file that stays inside its unit is opened by those of the unit alone, however far the resource goes.
    """
    resource = await RESOURCES.get(db, actor, resource_id)
    if resource["retired_on"] is not None:
        raise ResourceRetired
    present = await db.one(_PRESENT, resource_id=resource_id)
    assert present is not None  # noqa: S101  a resource has its present version
    url = None
    if present["file_id"] is not None:
        file = {"id": present["file_id"], "sharing": present["sharing"]}
        if not await opens_here(db, actor, file=file):
            raise FileKeptInside
        url = link_to(links, file["id"], NewFileLink(), now)["url"]
    account_id = actor.on_behalf_of or actor.account_id
    await db.run(_USED, resource_id=resource_id, today=civil_date(now), account_id=account_id)
    return {
        "resource_id": resource_id, "version": present["number"], "url": url,
        "link": present["link"], "shelf": present["shelf"],
    }  # fmt: skip
