"""Acting for whoever asked: a job does what it does as an account, with the rights of that day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.roles import Permission
from app.domain.access.sign_in import actor_of_account, may_stay, read_credentials
from app.domain.errors import Conflict
from app.request import Resources, now
from app.sql import Connection, Row


class AskerGone(Conflict):
    """The account that asked for the work has been suspended, or is no more."""

    code = "asker_gone"
    zh = "发起该任务的账号已停用。"
    en = "The account that asked for this work is suspended."


def under_ceiling(actor: Actor, asked: Row) -> Actor:
    """The actor under the ceiling of the application through which it asked, as `asked` kept it."""
    scopes = asked["scopes"]
    if scopes is not None:
        scopes = frozenset(map(Permission, scopes))
    return replace(actor, client_id=asked["client_id"], scopes=scopes)


@asynccontextmanager
async def acting_as(
    held: Resources, account_id: UUID, *, operation: str, target_id: UUID
) -> AsyncIterator[tuple[Connection, Actor]]:
    """A transaction in which a job acts as the account that asked; recorded as one act of it.

    The account has the grants of now, so that whoever has lost a right since is refused.
    """
    async with held.pool.transaction() as db:
        account = await read_credentials(db, account_id=account_id)
        if account is None or not may_stay(account, now=now()):
            raise AskerGone
        actor = await actor_of_account(db, account=account, now=now())
        yield db, actor
        await record_act(
            db, actor, operation=operation, target_id=target_id, provenance=Provenance()
        )
