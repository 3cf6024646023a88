"""What both faces record of a request: what was done, and what was refused for want of authority."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from prometheus_client import Counter
from starlette.types import Scope

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_refusal
from app.domain.errors import DomainError, NotAllowed, NotFound
from app.request.addresses import address_of, agent_of
from app.sql import LOST

log = logging.getLogger("yanxun")

UNRECORDED = Counter(
    "audit_refusals_unrecorded", "Refusals beyond the bound of what is recorded of one account"
)
OF_AUTHORITY = (NotAllowed, NotFound)
"""Refusals that are recorded: what may not be done, and what does not exist for whoever asks."""

SIGN_IN = "sign_in"
"""What a person's signing in is recorded as, however it is done."""


class Refused(NamedTuple):
    """What was refused: the operation, what it named, and the code of the refusal."""

    operation: str
    target_id: UUID | None
    code: str


def provenance(scope: Scope) -> Provenance:
    """Where a request came from."""
    address = address_of(scope)
    return Provenance(
        request_id=scope.get("request_id"),
        address=None if address is None else str(address),
        agent=agent_of(scope),
    )


def target_of(named: Mapping[str, Any]) -> UUID | None:
    """The first key among what a request names: in its address, or as the arguments of its field."""
    for value in named.values():
        if isinstance(value, UUID):
            return value
        try:
            return UUID(value)
        except (ValueError, TypeError, AttributeError):
            continue
    return None


async def record_refused(
    pool: Pool, actor: Actor, refused: Sequence[Refused], came_from: Provenance
) -> None:
    """Record what an actor was refused, in a transaction of its own.

    If that cannot be done the request is refused nevertheless, and the log says it.
    """
    if not refused:
        return
    try:
        async with pool.transaction() as db:
            for operation, target_id, code in refused:
                if not await record_refusal(
                    db,
                    actor,
                    operation=operation,
                    target_id=target_id,
                    refusal=code,
                    provenance=came_from,
                ):
                    UNRECORDED.inc()
    except (DomainError, *LOST):
        log.exception("request %s: a refusal was not recorded", came_from.request_id)
