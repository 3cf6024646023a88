"""A retrieval (查阅登记): who looked into a volume, why and when.

What the pieces of a volume say is shown in no other way.
"""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.archive_volumes import (
    ARCHIVE_VOLUMES,
    ArchiveVolumeWrongState,
    VolumeState,
    by_volume,
)
from app.sql import Connection, Row, new_id

LASTING = timedelta(hours=24)
"""For how long what was retrieved can be fetched."""


class RetrievalFields(BaseModel):
    """Why somebody looks into a volume."""

    reason: str = Field(min_length=2, max_length=500, description="查阅事由 / why")


class ArchiveRetrieval(RetrievalFields, Table, table=True):
    """A retrieval; it is never changed."""

    __table_args__ = (Index(None, "volume_id", "id"), Index(None, "retrieved_by", "id"))

    id: UUID = key()
    volume_id: UUID = Field(foreign_key="archive_volume.id", sa_type=Uuid)
    retrieved_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    retrieved_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT)


class ArchiveRetrievalView(RetrievalFields):
    """A retrieval as both faces show it: to those who keep the volume, and to whom it is about."""

    id: UUID = Field(description="标识 / key")
    volume_id: UUID = Field(description="案卷 / volume")
    retrieved_by: UUID = Field(description="查阅人账号 / account of who looked")
    retrieved_at: datetime = Field(description="查阅时间 / when")
    expires_at: datetime = Field(description="下载截止 / until when the bundle can be fetched")


class NewArchiveRetrieval(RetrievalFields, Command):
    """A look into a volume."""


# What can be refused.


class ArchiveRetrievalNotFound(NotFound):
    """There is no such retrieval for the one who asks."""

    code = "archive_retrieval_not_found"
    zh = "未找到该查阅登记。"
    en = "There is no such retrieval."


class ArchiveRetrievalOfAnother(Conflict):
    """Somebody else retrieved it: whoever wants to look says why."""

    code = "archive_retrieval_of_another"
    zh = "该查阅由他人登记，请自行登记后查阅。"
    en = "Somebody else retrieved this: say why you want to look, and retrieve it yourself."


class ArchiveRetrievalExpired(Conflict):
    """What was retrieved can no longer be fetched."""

    code = "archive_retrieval_expired"
    zh = "该查阅登记已过期，请重新登记。"
    en = "This retrieval is over: retrieve the volume again."


# What may be asked.

ARCHIVE_RETRIEVALS = Door(
    table=ArchiveRetrieval,
    view=ArchiveRetrievalView,
    read=Permission.ARCHIVE_READ,
    missing=ArchiveRetrievalNotFound,
    places=by_volume(col(ArchiveRetrieval.volume_id)),
    filters={"volume_id": col(ArchiveRetrieval.volume_id)},
    sorts={"created": ()},
)


async def list_archive_retrievals(
    db: Connection, actor: Actor, *, page: PageRequest, volume_id: UUID | None = None
) -> Page:
    """Who looked into the volumes of the actor's place, and into one's own."""
    return await ARCHIVE_RETRIEVALS.page(db, actor, page, filters={"volume_id": volume_id})


async def get_retrieved_volume(
    db: Connection, actor: Actor, *, retrieval_id: UUID, now: datetime
) -> Row:
    """The volume that the actor retrieved; refused once the retrieval has expired."""
    retrieval = await ARCHIVE_RETRIEVALS.get(db, actor, retrieval_id)
    if retrieval["retrieved_by"] != actor.account_id:
        raise ArchiveRetrievalOfAnother
    if retrieval["expires_at"] <= now:
        raise ArchiveRetrievalExpired
    volume = await ARCHIVE_VOLUMES.get(db, actor, retrieval["volume_id"])
    _check_readable(volume)
    return volume


def _check_readable(volume: Row) -> None:
    if volume["state"] in {VolumeState.OPENED, VolumeState.DESTROYED}:
        raise ArchiveVolumeWrongState(state=volume["state"])


# What may be done.


async def create_archive_retrieval(
    db: Connection, actor: Actor, *, volume_id: UUID, new: NewArchiveRetrieval, now: datetime
) -> Row:
    """Look into a volume: it is recorded who does, and why, before anything is shown."""
    _check_readable(await ARCHIVE_VOLUMES.get(db, actor, volume_id))
    row = {
        "id": new_id(),
        "volume_id": volume_id,
        **new.model_dump(),
        "retrieved_by": actor.account_id,
        "retrieved_at": now,
        "expires_at": now + LASTING,
    }
    await db.insert(ArchiveRetrieval, row)
    return await ARCHIVE_RETRIEVALS.get(db, actor, row["id"])
