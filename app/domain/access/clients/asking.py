"""The application that asks for a token (发起请求的应用): found by its name, before there is an actor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.accounts import Account, AccountKind
from app.domain.access.clients.application import Client, ClientKind, Flow
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Invalid
from app.sql import Connection, Row, Statement

_ROSTER = frozenset({
    Permission.UNIT_READ, Permission.TEACHER_READ, Permission.GROUP_READ, Permission.TIMETABLE_READ,
})  # fmt: skip
SCOPES_OF_STANDARDS: dict[str, frozenset[Permission]] = {
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly": _ROSTER,
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly": _ROSTER,
}
"""Scopes in the words of a standard, each with what it stands for: those of OneRoster 1.2 for rostering."""


# What can be refused.


class ScopeNotRegistered(Invalid):
    """A scope that there is not, or that the application was not registered for."""

    code = "scope_not_registered"
    zh = "该应用未登记所请求的权限范围。"
    en = "The application is not registered for a scope that it asks for."


# What may be asked.

_ACCOUNT = [
    col(getattr(Account, name))
    for name in ("id", "name", "display_name", "secret", "security_version", "suspended_at",
                 "locked_until", "teacher_id")
]  # fmt: skip
_ENTRY = [
    col(getattr(Client, name))
    for name in ("kind", "organisation", "purpose", "filing_number", "agreement_ends", "valid_to",
                 "scopes", "flows", "redirect_uris", "previous_secret", "previous_secret_until")
]  # fmt: skip
_JOINED = select(*_ACCOUNT, *_ENTRY, col(Client.id).is_not(None).label("is_registered")).join_from(
    Account, Client, col(Client.id) == col(Account.id), isouter=True
)
_BY_NAME = Statement(
    _JOINED.where(col(Account.name) == bindparam("name"), col(Account.kind) == AccountKind.CLIENT)
)
_BY_ID = Statement(_JOINED.where(col(Client.id) == bindparam("client_id", type_=Uuid)))
_ORIGINS = Statement(
    select(func.unnest(col(Client.origins)).label("origin"), col(Client.id))
    .join_from(Client, Account, col(Client.id) == col(Account.id))
    .where(col(Account.suspended_at).is_(None))
)


async def find_client(db: Connection, *, name: str) -> Row | None:
    """The application of this name with its secrets' hashes, registered or a bare account; or None."""
    return await db.one(_BY_NAME, name=name)


async def read_client(db: Connection, *, client_id: UUID) -> Row | None:
    """The same by the key of a registered application."""
    return await db.one(_BY_ID, client_id=client_id)


async def origins_of_clients(db: Connection) -> dict[str, set[UUID]]:
    """The origins of all applications that are not suspended, each with those it belongs to."""
    origins: dict[str, set[UUID]] = {}
    for row in await db.all(_ORIGINS):
        origins.setdefault(row["origin"], set()).add(row["id"])
    return origins


def may_ask(client: Row, *, now: datetime) -> bool:
    """Whether the application is neither suspended nor past its registration or its agreement."""
    ends = [client["valid_to"], client["agreement_ends"]]
    expired = any(end is not None and end <= civil_date(now) for end in ends)
    locked = client["locked_until"] is not None and client["locked_until"] > now
    return client["suspended_at"] is None and not locked and not expired


def has_flow(client: Row, flow: Flow) -> bool:
    """Whether the application may get tokens in this way; a bare account acts for itself alone."""
    if not client["is_registered"]:
        return flow is Flow.CLIENT_CREDENTIALS
    return flow in client["flows"]


def is_public(client: Row) -> bool:
    """Whether the application keeps no secret."""
    return bool(client["kind"] == ClientKind.PUBLIC)


def secrets_of_client(client: Row, *, now: datetime) -> list[bytes]:
    """The hashes of the secrets that are accepted from the application at this moment."""
    previous, until = client["previous_secret"], client["previous_secret_until"]
    kept = [previous] if previous is not None and until > now else []
    return [client["secret"], *kept] if client["secret"] is not None else kept


def scopes_asked_for(client: Row, asked: str | None) -> list[Permission] | None:
    """The scopes of a request, in the words of RFC 6749 (3.3); all of the register without any.

    None, which sets no ceiling, is for a bare account that names none: its grants alone bind it. A
    scope of a standard is for whoever is registered for all that it stands for.
    """
    registered = client["scopes"]
    words = list(dict.fromkeys((asked or "").split(" "))) if asked and asked.strip() else []
    if not words:
        return None if registered is None else [Permission(scope) for scope in registered]
    words = list(
        dict.fromkeys(
            each for word in words for each in sorted(SCOPES_OF_STANDARDS.get(word, {word}))
        )
    )
    allowed = set(Permission) if registered is None else set(registered)
    if not allowed.issuperset(words):
        raise ScopeNotRegistered
    return [Permission(word) for word in words]
