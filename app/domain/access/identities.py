"""External identities (外部身份): who somebody is at an identity provider, linked to their account here.

A link is made by the person, signed in here and there, or by a superior who asserts the `sub`. It is
the only way from an identity to an account, and leads there while the provider is enabled and the
account lies in the city that trusts it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import Text, UniqueConstraint, Uuid, bindparam, delete, select
from sqlmodel import Field, col

from app.domain.access.accounts import ACCOUNTS, Account, AccountKind
from app.domain.access.actors import Actor
from app.domain.access.administration import open_account
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.identity_providers import IdentityProvider, IdentityProviderNotFound
from app.domain.access.identity_requests import begin_identity_request
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, NotFound
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

Subject = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[\x20-\x7e]+$")]
"""A `sub`: at most 255 characters of ASCII, compared exactly (OpenID Connect Core, 2)."""


class ExternalIdentity(Table, table=True):
    """That an identity at a provider is an account's; each provider has one of an account."""

    __table_args__ = (
        UniqueConstraint("provider_id", "subject"),
        UniqueConstraint("account_id", "provider_id"),
    )

    id: UUID = key()
    account_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    provider_id: UUID = Field(foreign_key="identity_provider.id", sa_type=Uuid)
    subject: str = Field(sa_type=Text)
    linked_at: datetime = Field(sa_type=MOMENT)
    linked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class IdentityView(BaseModel):
    """A link as its owner and their superiors see it."""

    id: UUID = Field(description="标识 / key")
    account_id: UUID = Field(description="账号 / account")
    provider_id: UUID = Field(description="身份提供方 / identity provider")
    provider_name: str = Field(description="身份提供方名称 / its name")
    subject: str = Field(description="在该平台的标识（sub） / who they are there")
    linked_at: datetime = Field(description="关联时间 / linked since")
    linked_by: UUID = Field(description="关联人 / who linked it")


class AssertedIdentity(Command):
    """Who somebody is at a provider, as a superior asserts it."""

    provider_id: UUID = Field(description="身份提供方 / identity provider")
    subject: Subject = Field(description="在该平台的标识（sub） / who they are there")


class IdentityLink(Command):
    """With which provider one wants to link one's own account."""

    provider_id: UUID = Field(description="身份提供方 / identity provider")


class IdentityLinkView(BaseModel):
    """Where to go on in a browser."""

    address: str = Field(description="在浏览器中打开 / to be opened in a browser")
    expires_at: datetime = Field(description="有效期 / until when")


# What can be refused.


class IdentityNotFound(NotFound):
    """There is no such link for the one who asks."""

    code = "identity_not_found"
    zh = "未找到该外部身份关联。"
    en = "There is no such linked identity."


class IdentityTaken(Conflict):
    """The identity is another account's, or the account has one of this provider already."""

    code = "identity_taken"
    zh = "该外部身份已关联，或该账号已关联此平台的身份；请先解除。"
    en = (
        "This identity is linked already, or the account has one of this provider: unlink it first."
    )


class IdentityNotAsserted(Conflict):
    """Nobody asserts their own identity, and an application has none."""

    code = "identity_not_asserted"
    zh = "本人的外部身份须登录该平台后关联，应用没有外部身份。"
    en = "One's own identity is linked by signing in there; an application has none."


# What may be asked.

_ROWS = ExternalIdentity.__table__.join(  # type: ignore[attr-defined]
    Account.__table__,  # type: ignore[attr-defined]
    col(ExternalIdentity.account_id) == col(Account.id),
).join(
    IdentityProvider.__table__,  # type: ignore[attr-defined]
    col(ExternalIdentity.provider_id) == col(IdentityProvider.id),
)
IDENTITIES = Door(
    table=ExternalIdentity,
    view=IdentityView,
    read=Permission.ACCOUNT_READ,
    missing=IdentityNotFound,
    places={name: col(getattr(Account, name)) for name in PLACE},
    computed={"provider_name": col(IdentityProvider.name)},
    joined=_ROWS,
    sorts={"created": ()},
)


async def list_identities(db: Connection, actor: Actor, *, account_id: UUID) -> list[Row]:
    """The identities that are linked to an account within the actor's reach."""
    await ACCOUNTS.get(db, actor, account_id)
    owner = col(ExternalIdentity.account_id)
    found = await IDENTITIES.rows_of(db, actor, owner, [account_id])
    return found[account_id]


async def identities_of(
    db: Connection, actor: Actor, *, account_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The identities that are linked to many accounts; one for each provider."""
    owner = col(ExternalIdentity.account_id)
    return await IDENTITIES.rows_of(db, actor, owner, account_ids, columns=columns)


_OWN = Statement(
    IDENTITIES.select()
    .where(col(ExternalIdentity.account_id) == bindparam("account_id", type_=Uuid))
    .order_by(col(ExternalIdentity.id))
)


async def list_own_identities(db: Connection, actor: Actor) -> list[Row]:
    """The identities that are linked to the account of the one who asks."""
    return await db.all(_OWN, account_id=actor.account_id)


_IS_BELIEVED = (
    col(IdentityProvider.id) == bindparam("provider_id", type_=Uuid),
    col(IdentityProvider.is_enabled),
    col(IdentityProvider.city_id) == col(Account.city_id),
)
_HOLDER = Statement(
    select(col(ExternalIdentity.account_id))
    .select_from(_ROWS)
    .where(*_IS_BELIEVED, col(ExternalIdentity.subject) == bindparam("subject", type_=Text))
)
_BELIEVED = Statement(
    select(col(IdentityProvider.id)).where(
        *_IS_BELIEVED, col(Account.id) == bindparam("account_id", type_=Uuid)
    )
)


async def account_of_identity(db: Connection, *, provider_id: UUID, subject: str) -> UUID | None:
    """Whose account it is to whom a provider says that somebody has signed in; or None."""
    found: UUID | None = await db.value(_HOLDER, provider_id=provider_id, subject=subject)
    return found


# What may be done.


async def _check_believed(db: Connection, account_id: UUID, provider_id: UUID) -> None:
    if await db.value(_BELIEVED, account_id=account_id, provider_id=provider_id) is None:
        raise IdentityProviderNotFound


async def keep_identity(
    db: Connection, *, account_id: UUID, provider_id: UUID, subject: str, linked_by: UUID,
    now: datetime,
) -> UUID:  # fmt: skip
    """Link an identity to an account, after all that has to be proved; its key."""
    await _check_believed(db, account_id, provider_id)
    identity_id = new_id()
    row = {
        "id": identity_id,
        "account_id": account_id,
        "provider_id": provider_id,
        "subject": subject,
        "linked_at": now,
        "linked_by": linked_by,
    }
    try:
        await db.insert(ExternalIdentity, row)
    except UniqueViolationError:
        raise IdentityTaken from None
    return identity_id


async def begin_identity_link(
    db: Connection, actor: Actor, *, state_hash: bytes, provider_id: UUID, nonce: str,
    verifier: str, now: datetime,
) -> datetime:  # fmt: skip
    """Keep that the actor goes to link who they are at a provider; until when that waits."""
    actor.require_in_person()
    actor.require_own_password()
    await _check_believed(db, actor.account_id, provider_id)
    return await begin_identity_request(
        db, state_hash=state_hash, provider_id=provider_id, nonce=nonce, verifier=verifier,
        account_id=actor.account_id, now=now,
    )  # fmt: skip


async def link_identity(
    db: Connection, actor: Actor, *, account_id: UUID, asserted: AssertedIdentity, now: datetime
) -> Row:
    """Link an identity to the account of somebody below the actor, who answers for it.

    Whoever signs in with it may do all that the account may do: so must the actor.
    """
    account = await open_account(db, actor, account_id=account_id, now=now)
    if account["kind"] != AccountKind.PERSON or account_id == actor.account_id:
        raise IdentityNotAsserted
    identity_id = await keep_identity(
        db, account_id=account_id, provider_id=asserted.provider_id, subject=asserted.subject,
        linked_by=actor.account_id, now=now,
    )  # fmt: skip
    return await IDENTITIES.get(db, actor, identity_id)


_UNLINK = Statement(
    delete(ExternalIdentity).where(col(ExternalIdentity.id) == bindparam("identity_id", type_=Uuid))
)
_ONE_OWN = Statement(
    IDENTITIES.select().where(
        col(ExternalIdentity.id) == bindparam("identity_id", type_=Uuid),
        col(ExternalIdentity.account_id) == bindparam("account_id", type_=Uuid),
    )
)


async def unlink_identity(db: Connection, actor: Actor, *, identity_id: UUID, now: datetime) -> Row:
    """End the link of an identity to the account of somebody below the actor."""
    write = Permission.ACCOUNT_WRITE
    row = await IDENTITIES.get(db, actor, identity_id, permission=write)
    await open_account(db, actor, account_id=row["account_id"], now=now)
    await db.run(_UNLINK, identity_id=identity_id)
    return row


async def unlink_own_identity(db: Connection, actor: Actor, *, identity_id: UUID) -> Row:
    """End the link of an identity to one's own account; one's password lets one in as before."""
    actor.require_in_person()
    row = await db.one(_ONE_OWN, identity_id=identity_id, account_id=actor.account_id)
    if row is None:
        raise IdentityNotFound
    await db.run(_UNLINK, identity_id=identity_id)
    return row
