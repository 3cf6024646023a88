"""Acting for whoever asked: a job does what it does as an account, with the rights of that day.

Asked again at each part: an account that was suspended, an application that may ask no longer, and a
consent that was taken back end the work where it is.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.clients import may_ask, read_client
from app.domain.access.consents import hold_consent
from app.domain.access.roles import Permission
from app.domain.access.sign_in import actor_of_account, may_stay, read_credentials
from app.domain.errors import Conflict
from app.request import Resources, now
from app.sql import Connection
from app.tracing import REQUEST_ID

Asked = Mapping[str, Any]
"""Through which application the work was asked for, and its ceiling: `client_id` and `scopes`."""
IN_PERSON: Asked = {"client_id": None, "scopes": None}


class AskerGone(Conflict):
    """The account that asked for the work has been suspended, or is no more."""

    code = "asker_gone"
    zh = "发起该任务的账号已停用。"
    en = "The account that asked for this work is suspended."


class ApplicationGone(Conflict):
    """The application that asked for the work may ask no longer: for nobody, or not for this person."""

    code = "application_gone"
    zh = "发起该任务的应用已停用或到期，或授权已撤回。"
    en = (
        "The application that asked for this work may ask no longer, or the consent was taken back."
    )


def under_ceiling(actor: Actor, asked: Asked) -> Actor:
    """The actor under the ceiling of the application through which it asked, as `asked` kept it."""
    scopes = asked["scopes"]
    if scopes is not None:
        scopes = frozenset(map(Permission, scopes))
    return replace(actor, client_id=asked["client_id"], scopes=scopes)


async def read_asker(db: Connection, account_id: UUID, asked: Asked = IN_PERSON) -> Actor:
    """Whoever asked, with the grants of now; refused where they could not ask for it now."""
    account = await read_credentials(db, account_id=account_id)
    if account is None or not may_stay(account, now=now()):
        raise AskerGone
    client_id, scopes = asked["client_id"], asked["scopes"]
    client = await read_client(db, client_id=client_id or account_id)
    if client is not None:
        if not may_ask(client, now=now()):
            raise ApplicationGone
        # No more than the register allows today; None sets no ceiling.
        scopes = scopes and [scope for scope in scopes if scope in client["scopes"]]
    if client_id is not None and not await hold_consent(
        db, account_id=account_id, client_id=client_id, scopes=[Permission(s) for s in scopes or ()]
    ):
        raise ApplicationGone
    actor = await actor_of_account(db, account=account, now=now())
    return under_ceiling(actor, {"client_id": client_id, "scopes": scopes})


@asynccontextmanager
async def acting_as(
    held: Resources,
    account_id: UUID,
    *,
    operation: str,
    target_id: UUID,
    asked: Asked = IN_PERSON,
) -> AsyncIterator[tuple[Connection, Actor]]:
    """A transaction in which a job acts as the account that asked; recorded as one act of it.

    The account has the grants of now, so that whoever has lost a right since is refused.
    """
    async with held.pool.transaction() as db:
        actor = await read_asker(db, account_id, asked)
        yield db, actor
        await record_act(
            db,
            actor,
            operation=operation,
            target_id=target_id,
            provenance=Provenance(request_id=REQUEST_ID.get()),
        )
