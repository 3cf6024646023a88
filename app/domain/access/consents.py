"""Consents (应用授权): which applications a person has allowed to act for them, and how far.

A person allows an application where they sign in for it. To take the consent back ends every sign-in
that the application has for this person, within seconds and for good.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Index, Text, Uuid, bindparam, select, text, update
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.clients import Client
from app.domain.access.roles import Permission
from app.domain.access.sign_ins import stop_sign_ins_of_client
from app.domain.base import MOMENT, Table, key
from app.domain.errors import NotFound
from app.sql import Connection, Row, Statement, new_id


class Consent(Table, table=True):
    """That a person allowed an application these scopes; at most one holds at a time."""

    __table_args__ = (
        Index(
            "uq_consent_open", "account_id", "client_id", unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "client_id"),
    )  # fmt: skip

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    client_id: UUID = Field(foreign_key="client.id", sa_type=Uuid)
    scopes: list[Permission] = Field(sa_type=ARRAY(Text))
    given_at: datetime = Field(sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ConsentView(BaseModel):
    """A consent as the person sees it who gave it."""

    id: UUID = Field(description="标识 / key")
    client_id: UUID = Field(description="应用 / application")
    client_name: str = Field(description="应用名称 / name of the application")
    organisation: str = Field(description="运营单位 / who runs it")
    purpose: str = Field(description="用途 / what it is for")
    scopes: list[Permission] = Field(description="已允许的权限范围 / scopes that were allowed")
    given_at: datetime = Field(description="授权时间 / given")
    revoked_at: datetime | None = Field(description="撤回时间 / taken back")


# What can be refused.


class ConsentNotFound(NotFound):
    """It is none of one's own, or was taken back already."""

    code = "consent_not_found"
    zh = "未找到该应用授权，或其已撤回。"
    en = "You have given no such consent, or have taken it back."


# What may be asked.

_SHOWN = (
    select(
        *(
            col(Account.display_name).label(name)
            if name == "client_name"
            else col(getattr(Client if name in {"organisation", "purpose"} else Consent, name))
            for name in ConsentView.model_fields
        )
    )
    .join_from(Consent, Client, col(Consent.client_id) == col(Client.id))
    .join(Account, col(Client.id) == col(Account.id))
)
_OWN = Statement(
    _SHOWN.where(
        col(Consent.account_id) == bindparam("account_id", type_=Uuid),
        col(Consent.revoked_at).is_(None),
    ).order_by(col(Consent.id).desc())
)


async def list_consents(db: Connection, actor: Actor) -> list[Row]:
    """The applications that the one who asks has allowed, the latest first."""
    actor.require_in_person()
    return await db.all(_OWN, account_id=actor.account_id)


_STANDS = Statement(
    select(col(Consent.id))
    .where(
        col(Consent.scopes).bool_op("@>")(bindparam("scopes", type_=ARRAY(Text))),
        col(Consent.account_id) == bindparam("account_id", type_=Uuid),
        col(Consent.client_id) == bindparam("client_id", type_=Uuid),
        col(Consent.revoked_at).is_(None),
    )
    .with_for_update(read=True)
)


async def hold_consent(
    db: Connection, *, account_id: UUID, client_id: UUID, scopes: Sequence[Permission]
) -> bool:
    """Whether a consent to these scopes stands; if so it does until the transaction ends.

    Whoever takes it back meanwhile waits, and then sees the sign-in that was begun under it.
    """
    asked = {"account_id": account_id, "client_id": client_id, "scopes": list(scopes)}
    return await db.value(_STANDS, **asked) is not None


# What may be done.

_REVOKE = Statement(
    update(Consent)
    .where(
        col(Consent.id) == bindparam("consent_id", type_=Uuid),
        col(Consent.account_id) == bindparam("account_id", type_=Uuid),
        col(Consent.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
    .returning(col(Consent.client_id))
)
_ONE = Statement(_SHOWN.where(col(Consent.id) == bindparam("consent_id", type_=Uuid)))


async def revoke_consent(db: Connection, actor: Actor, *, consent_id: UUID, now: datetime) -> Row:
    """Take one's consent back; the application's tokens for this person are refused from now on."""
    actor.require_in_person()
    account_id = actor.account_id
    client_id = await db.value(_REVOKE, consent_id=consent_id, account_id=account_id, now=now)
    if client_id is None:
        raise ConsentNotFound
    await stop_sign_ins_of_client(db, account_id=account_id, client_id=client_id, now=now)
    (row,) = await db.all(_ONE, consent_id=consent_id)
    return row


_REPLACE = Statement(
    update(Consent)
    .where(
        col(Consent.account_id) == bindparam("account_id", type_=Uuid),
        col(Consent.client_id) == bindparam("client_id", type_=Uuid),
        col(Consent.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
    .returning(col(Consent.scopes))
)


async def give_consent(
    db: Connection,
    *,
    account_id: UUID,
    client_id: UUID,
    scopes: Sequence[Permission],
    now: datetime,
) -> None:
    """Keep that a person, whose account is locked, has allowed an application these scopes.

    What they allowed it before holds on, as do its sign-ins: less is allowed by taking all back.
    """
    before = await db.value(_REPLACE, account_id=account_id, client_id=client_id, now=now) or []
    allowed = list(dict.fromkeys([*before, *scopes]))
    row = {"account_id": account_id, "client_id": client_id, "scopes": allowed}
    await db.insert(Consent, {"id": new_id(), **row, "given_at": now})
