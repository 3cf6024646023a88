"""By which channel somebody wants to be told of what (消息偏好); whoever says nothing is told by one."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import Command, Table, text_enum
from app.domain.exchange.deliveries.channel import ChannelKind
from app.domain.exchange.deliveries.delivery import DeliveryKind
from app.sql import Connection, Row, Statement

USUAL = ChannelKind.WECOM
"""By what somebody is told who has not said anything else."""


class PreferenceFields(BaseModel):
    """Of what, and by which channel."""

    channel: ChannelKind | None = Field(
        description="消息渠道，空为不接收 / by which channel; null for by none",
        sa_type=text_enum(ChannelKind),
    )


class DeliveryPreference(PreferenceFields, Table, table=True):
    """What one account has said about one kind of messages."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id", sa_type=Uuid)
    kind: DeliveryKind = Field(primary_key=True, sa_type=text_enum(DeliveryKind))


class DeliveryPreferenceView(PreferenceFields):
    """By which channel one is told of one kind."""

    kind: DeliveryKind = Field(description="消息类别 / of what")


class NewDeliveryPreference(PreferenceFields, Command):
    """What one wants of one kind from now on."""

    kind: DeliveryKind = Field(description="消息类别 / of what")


# What may be asked.

_SAID = Statement(
    select(col(DeliveryPreference.kind), col(DeliveryPreference.channel)).where(
        col(DeliveryPreference.account_id) == bindparam("of_account", type_=Uuid)
    )
)


async def list_delivery_preferences(db: Connection, actor: Actor) -> list[Row]:
    """By which channel the actor is told of each kind."""
    said = {row["kind"]: row["channel"] for row in await db.all(_SAID, of_account=actor.account_id)}
    return [{"channel": said.get(kind, USUAL), "kind": kind} for kind in DeliveryKind]


# What may be done.

_columns = DeliveryPreference.__table__.c  # type: ignore[attr-defined]
_given = insert(DeliveryPreference).values(
    {
        name: bindparam(f"new_{name}", type_=_columns[name].type)
        for name in ("account_id", "kind", "channel")
    }
)
_SAY = Statement(
    _given.on_conflict_do_update(
        index_elements=["account_id", "kind"], set_={"channel": _given.excluded.channel}
    )
)


async def set_delivery_preference(
    db: Connection, actor: Actor, *, new: NewDeliveryPreference
) -> list[Row]:
    """Say by which channel one wants to be told of a kind, or not at all; what is queued stays."""
    actor.require_in_person()
    await db.run(_SAY, new_account_id=actor.account_id, new_kind=new.kind, new_channel=new.channel)
    return await list_delivery_preferences(db, actor)
