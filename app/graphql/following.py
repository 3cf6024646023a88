"""What a connection of subscriptions knows: who follows, and how."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from starlette.types import Scope

from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.errors import DomainError, TooMany
from app.request import Resources
from app.request.live import Source
from app.request.recording import OF_AUTHORITY, Refused, provenance, record_refused
from app.sql import Row


class Following:
    """The context of the subscriptions of one connection; all of them are under one token."""

    def __init__(self, held: Resources, language: str, scope: Scope) -> None:
        self.held = held
        self.language = language
        self.scope = scope
        self.token = ""
        self.connection_params: dict[str, Any] = {}
        """What the client says on connecting; the token is among it."""

    @property
    def actor(self) -> Actor:
        """Who follows, as the token says now; refused once that has ended."""
        return self.held.tokens.read(self.token)

    def count(self) -> None:
        """Count a document of whoever follows, as each that is posted is counted; refused beyond that."""
        limit, known = self.held.limit, self.held.tokens.known(self.token)
        if limit is None or known is None:
            return
        verdict = limit.count(str(known.account_id))
        if not verdict.passes:
            raise TooMany(retry_after=verdict.reset)

    async def follow(
        self, operation: str, target_id: UUID | None, source: Source, after: str | None
    ) -> AsyncGenerator[Row]:
        """What happens from a position on; what is refused at the beginning is recorded as any refusal."""
        held = self.held
        actor = self.actor
        held.live.check_room(actor)
        try:
            async with held.pool.connection(wall_of(actor)) as db:
                first = await source.read(db, actor, after)
        except DomainError as refusal:
            if isinstance(refusal, OF_AUTHORITY):
                refused = [Refused(operation, target_id, refusal.code)]
                await record_refused(held.pool, actor, refused, provenance(self.scope))
            raise
        yield first
        following = held.live.follow(held.pool, held.tokens, self.token, source, first)
        async with aclosing(following):
            async for row in following:
                if row is not None:
                    yield row
