"""A calendar link: its table, its owner's list, making and revoking it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import Index, LargeBinary, Uuid, bindparam, select, text, update
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.organisation.networks import NETWORKS
from app.domain.organisation.units import UNITS
from app.domain.training.groups import GROUPS
from app.sql import Connection, Row, Statement, new_id

MOST_LINKS = 20
"""How many links one account has at a time."""


class CalendarAbout(StrEnum):
    """Whose calendar it is (日历内容)."""

    OWN = "own"
    """本人可参加的活动"""
    GROUP = "group"
    """教研组的活动"""
    UNIT = "unit"
    """单位的活动"""
    NETWORK = "network"
    """片区、联校、学区、联盟的活动"""


class CalendarFields(BaseModel):
    """What a calendar shows."""

    about: CalendarAbout = Field(
        description="日历内容：本人、教研组、单位、片区 / oneself, a group, a unit, a network",
        sa_type=text_enum(CalendarAbout),
    )
    subject_id: UUID | None = Field(
        default=None,
        description="教研组、单位、片区，本人的日历为空 / which one; null for one's own",
        sa_type=Uuid,
    )


class CalendarLink(CalendarFields, Table, table=True):
    """A link of an account; `token_hash` is the SHA-256 of the secret, which is kept nowhere."""

    __table_args__ = (
        Index(None, "account_id", postgresql_where=text("revoked_at IS NULL")),
        Index(None, "token_hash", unique=True),
    )

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    token_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


class CalendarLinkView(CalendarFields):
    """A link as its owner sees it."""

    id: UUID = Field(description="标识 / key")
    created_at: datetime = Field(description="创建时间 / when it was made")


class CalendarLinkWithPath(CalendarLinkView):
    """A new link with its secret address, which is shown this once."""

    path: str = Field(
        description="订阅地址（相对本系统），仅显示一次 / address on this server, shown this once"
    )


class NewCalendarLink(CalendarFields, Command):
    """A link to be made."""

    @model_validator(mode="after")
    def _names_its_subject(self) -> Self:
        if (self.about is CalendarAbout.OWN) != (self.subject_id is None):
            raise Unfit(
                "本人日历不填 subject_id，其他日历必须填写。",
                "One's own calendar names no subject; every other calendar names one.",
            )
        return self


# What can be refused.


class CalendarLinkNotFound(NotFound):
    """It is none of one's own, was revoked, or never was."""

    code = "calendar_link_not_found"
    zh = "未找到该日历订阅，或其已撤销。"
    en = "There is no such calendar link, or it was revoked."


class TooManyCalendarLinks(Conflict):
    """One account has so many links at a time; one has to be revoked first."""

    code = "calendar_link_limit"
    zh = "每个账号最多保留 {most} 个日历订阅，请先撤销不用的。"
    en = "An account has {most} calendar links at most: revoke one that is not used."


# What may be asked.

_SHOWN = [col(getattr(CalendarLink, name)) for name in CalendarLinkView.model_fields]
_OWN = Statement(
    select(*_SHOWN)
    .where(
        col(CalendarLink.account_id) == bindparam("account_id", type_=Uuid),
        col(CalendarLink.revoked_at).is_(None),
    )
    .order_by(col(CalendarLink.created_at), col(CalendarLink.id))
)


async def list_calendar_links(db: Connection, actor: Actor) -> list[Row]:
    """One's own links, the oldest first; the secret of none is told again."""
    actor.require_in_person()
    return await db.all(_OWN, account_id=actor.account_id)


_DOORS = {
    CalendarAbout.GROUP: (GROUPS, None),
    CalendarAbout.NETWORK: (NETWORKS, None),
    CalendarAbout.UNIT: (UNITS, Permission.ACTIVITY_READ),
}
"""How the subject is seen: a unit where its activities are, the others where they themselves are."""


async def open_subject(
    db: Connection, actor: Actor, *, about: CalendarAbout, subject_id: Any
) -> str | None:
    """The name of what a calendar is about, where the actor may see it; None for one's own."""
    if about is CalendarAbout.OWN:
        actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
        return None
    door, permission = _DOORS[about]
    found = await door.get(db, actor, subject_id, permission=permission)
    name: str = found["name"]
    return name


# What may be done.

_HOLD_ACCOUNT = Statement(
    select(col(Account.id))
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .with_for_update(key_share=True)
)


async def create_calendar_link(
    db: Connection, actor: Actor, *, new: NewCalendarLink, token_hash: bytes, now: datetime
) -> Row:
    """Make a link to what the actor may see; the face has made the secret and tells it once."""
    actor.require_in_person()
    await open_subject(db, actor, about=new.about, subject_id=new.subject_id)
    await db.one(_HOLD_ACCOUNT, account_id=actor.account_id)
    if len(await db.all(_OWN, account_id=actor.account_id)) >= MOST_LINKS:
        raise TooManyCalendarLinks(most=MOST_LINKS)
    row = {"id": new_id(), **new.model_dump(), "created_at": now}
    await db.insert(CalendarLink, row | {"account_id": actor.account_id, "token_hash": token_hash})
    return row


_REVOKE = Statement(
    update(CalendarLink)
    .where(
        col(CalendarLink.id) == bindparam("link_id", type_=Uuid),
        col(CalendarLink.account_id) == bindparam("of_account", type_=Uuid),
        col(CalendarLink.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
    .returning(*_SHOWN)
)


async def revoke_calendar_link(
    db: Connection, actor: Actor, *, link_id: UUID, now: datetime
) -> Row:
    """Revoke one's own link: its address answers as one that never was."""
    actor.require_in_person()
    revoked = await db.one(_REVOKE, link_id=link_id, of_account=actor.account_id, now=now)
    if revoked is None:
        raise CalendarLinkNotFound
    return revoked
