"""The register of applications (应用登记): entering one, changing it, replacing its secret, stopping it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import LargeBinary, Uuid, bindparam, func, literal, select, update
from sqlmodel import Field, col

from app.domain.access.accounts import (
    Account,
    AccountFields,
    AccountKind,
    AccountName,
    insert_account,
    raise_security_version,
)
from app.domain.access.actors import Actor, require_role
from app.domain.access.clients.application import (
    CLIENTS,
    Client,
    ClientFields,
    ClientKind,
    Flow,
    Origin,
    RedirectAddress,
)
from app.domain.access.roles import NOT_FOR_CLIENTS, NOT_HELD_TO_GRANT, Permission, SubjectKind
from app.domain.access.sign_in import actor_of_account
from app.domain.access.subjects import SubjectNotFound, place_of_subject
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.sql import Connection, Row, Statement

OVERLAP = timedelta(days=7)
"""How long the secret before the present one is still accepted, so that nothing stops meanwhile."""


class NewClient(ClientFields, Command):
    """An application to be registered."""

    name: AccountName = Field(description="客户端标识 / its client_id", max_length=60)
    display_name: str = Field(min_length=1, max_length=60, description="应用名称 / name for people")
    kind: ClientKind = Field(default=ClientKind.CONFIDENTIAL, description="类型 / kind")
    unit_id: UUID = Field(description="登记单位 / the bureau that registers it")


class ClientChanges(Command):
    """What of an application is to be changed; what is left out stays as it is."""

    organisation: str | None = Field(
        default=None, min_length=1, max_length=100, description="运营单位 / who runs it"
    )
    purpose: str | None = Field(
        default=None, min_length=1, max_length=500, description="用途 / what it is for"
    )
    filing_number: str | None = Field(
        default=None, min_length=1, max_length=60, description="备案号 / filing number"
    )
    agreement_number: str | None = Field(
        default=None, min_length=1, max_length=60, description="数据协议编号 / data agreement"
    )
    agreement_ends: date | None = Field(
        default=None, description="协议终止日（不含） / first day without the agreement"
    )
    valid_to: date | None = Field(default=None, description="登记终止日（不含） / end, exclusive")
    scopes: list[Permission] | None = Field(
        default=None, min_length=1, max_length=40, description="权限范围上限 / scopes"
    )
    flows: list[Flow] | None = Field(
        default=None, min_length=1, max_length=3, description="授权方式 / ways to tokens"
    )
    redirect_uris: list[RedirectAddress] | None = Field(
        default=None, max_length=10, description="回调地址 / where people are sent back"
    )
    origins: list[Origin] | None = Field(
        default=None, max_length=10, description="浏览器来源（CORS） / origins of its pages"
    )

    @model_validator(mode="after")
    def _empties_only_what_may_be_empty(self) -> Self:
        for name in self.model_fields_set:
            if getattr(self, name) is None and name not in _MAY_BE_EMPTY:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


_MAY_BE_EMPTY = frozenset({"filing_number", "agreement_number", "agreement_ends"})


# What can be refused.


class RedirectMissing(Invalid):
    """People can only be sent back to an address that is registered."""

    code = "redirect_missing"
    zh = "使用授权码方式的应用须登记回调地址。"
    en = "An application with authorisation codes needs an address to send people back to."


class PublicClientAlone(Invalid):
    """What cannot keep a secret cannot prove who it is, and so cannot act for itself."""

    code = "public_client_alone"
    zh = "公开应用不能保存密钥，不能使用客户端凭据方式。"
    en = "A public application keeps no secret: it cannot act for itself."


class ScopeNeverGiven(Invalid):
    """No application administers accounts or applications, whoever asks through it."""

    code = "scope_never_given"
    zh = "权限范围 {scope} 不授予任何应用。"
    en = "No application is given the scope {scope}."


class ClientIsPublic(Conflict):
    """A public application has no secret that could be replaced."""

    code = "client_is_public"
    zh = "公开应用没有密钥。"
    en = "A public application has no secret."


# What may be done.


def _check_fit(actor: Actor, fields: Mapping[str, Any], *, new: Sequence[Permission]) -> None:
    """Refuse a combination without sense, and scopes that the actor does not hold there."""
    if Flow.AUTHORISATION_CODE in fields["flows"] and not fields["redirect_uris"]:
        raise RedirectMissing
    if Flow.CLIENT_CREDENTIALS in fields["flows"] and fields["kind"] == ClientKind.PUBLIC:
        raise PublicClientAlone
    for scope in new:
        if scope in NOT_FOR_CLIENTS:
            raise ScopeNeverGiven(scope=scope)
        if scope not in NOT_HELD_TO_GRANT:
            actor.require(Permission(scope), fields)


async def register_client(
    db: Connection, actor: Actor, *, new: NewClient, secret: bytes | None, now: datetime
) -> Row:
    """Register an application; `secret` is the hash of its secret, None for a public one.

    Nobody gives an application what they do not hold themselves. It has no roles of its own yet:
    what it does for itself needs grants to its account.
    """
    place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=new.unit_id)
    if not actor.reach.covers(place):
        raise SubjectNotFound
    actor.require(Permission.CLIENT_WRITE, place)
    fields = {"kind": new.kind, **new.model_dump(include=set(ClientFields.model_fields))}
    _check_fit(actor, place | fields, new=new.scopes)
    account = AccountFields(name=new.name, kind=AccountKind.CLIENT, display_name=new.display_name)
    client_id = await insert_account(db, new=account, place=place, teacher_id=None, secret=secret)
    row = {"id": client_id, **fields, "registered_at": now, "registered_by": actor.account_id}
    await db.insert(Client, row)
    await db.value(_ANNOUNCE)
    return await CLIENTS.get(db, actor, client_id)


_ANNOUNCE = Statement(select(func.pg_notify("clients", literal(""))))
"""Tell every process that the register has changed: they keep the origins of applications."""
_CHANGE = Statement(
    update(Client)
    .where(col(Client.id) == bindparam("client_id", type_=Uuid))
    .values(
        {
            name: bindparam(name, type_=Client.__table__.c[name].type)  # type: ignore[attr-defined]
            for name in ClientFields.model_fields
        }
    )
)


async def update_client(
    db: Connection, actor: Actor, *, client_id: UUID, changes: ClientChanges, now: datetime
) -> Row:
    """Change what the register says; tokens issued to the application before are refused.

    Where people are sent back to, and how it gets tokens, decides who gets all that its scopes allow.
    """
    found = await _open(db, actor, client_id)
    fields = {name: found[name] for name in ClientFields.model_fields}
    fields |= changes.model_dump(exclude_unset=True)
    anew = any(fields[name] != found[name] for name in ("flows", "redirect_uris"))
    given = [scope for scope in fields["scopes"] if anew or scope not in found["scopes"]]
    _check_fit(actor, found | fields, new=given)
    await db.run(_CHANGE, client_id=client_id, **fields)
    return await _tell(db, actor, client_id, now)


_SET_SECRET = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("client_id", type_=Uuid))
    .values(secret=bindparam("secret", type_=LargeBinary))
)
_KEEP_SECRET = Statement(
    update(Client)
    .where(col(Client.id) == bindparam("client_id", type_=Uuid))
    .values(
        previous_secret=select(col(Account.secret))
        .where(col(Account.id) == bindparam("client_id", type_=Uuid))
        .scalar_subquery(),
        previous_secret_until=bindparam("until", type_=MOMENT),
    )
)


async def rotate_client_secret(
    db: Connection, actor: Actor, *, client_id: UUID, secret: bytes, now: datetime
) -> Row:
    """Give an application another secret; the one until now is accepted for a week more.

    Rotated twice, a secret that has leaked is of no use at once. Whoever has the secret can do what
    the application may do for itself, and so must be able to grant it.
    """
    found = await _open(db, actor, client_id)
    if found["kind"] == ClientKind.PUBLIC:
        raise ClientIsPublic
    itself = {"id": client_id, "teacher_id": None}
    for grant in (await actor_of_account(db, account=itself, now=now)).grants:
        require_role(actor, grant.role, grant.place)
    await db.run(_KEEP_SECRET, client_id=client_id, until=now + OVERLAP)
    await db.run(_SET_SECRET, client_id=client_id, secret=secret)
    return await CLIENTS.get(db, actor, client_id)


_SUSPEND = Statement(
    update(Account)
    .where(col(Account.id) == bindparam("client_id", type_=Uuid))
    .values(suspended_at=bindparam("at", type_=MOMENT))
)


async def suspend_client(db: Connection, actor: Actor, *, client_id: UUID, now: datetime) -> Row:
    """The kill switch: every process refuses the application and all its tokens within seconds."""
    found = await _open(db, actor, client_id)
    if found["suspended_at"] is not None:
        return found
    await db.run(_SUSPEND, client_id=client_id, at=now)
    return await _tell(db, actor, client_id, now)


async def restore_client(db: Connection, actor: Actor, *, client_id: UUID, now: datetime) -> Row:
    """Let a suspended application ask again; people need not allow it anew."""
    await _open(db, actor, client_id)
    await db.run(_SUSPEND, client_id=client_id, at=None)
    return await _tell(db, actor, client_id, now)


async def _open(db: Connection, actor: Actor, client_id: UUID) -> Row:
    """The application, locked, if the actor may change it."""
    return await CLIENTS.get(db, actor, client_id, permission=Permission.CLIENT_WRITE, lock=True)


async def _tell(db: Connection, actor: Actor, client_id: UUID, now: datetime) -> Row:
    """Let every process know of a change, and show the application as it is now."""
    await raise_security_version(db, account_id=client_id, now=now)
    await db.value(_ANNOUNCE)
    return await CLIENTS.get(db, actor, client_id)
