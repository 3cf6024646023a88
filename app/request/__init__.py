"""What both faces know of a request: its actor, its connection and transaction, its language.

`CurrentActor`, `Reading` and `Transaction` are dependencies of FastAPI; `Route` is the kind of route
that ends them: a transaction is committed when the answer has been made and before it is sent, and
undone by any exception. Unsafe requests with an `Idempotency-Key` are answered once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from app.charts import Plotter
from app.database.pool import Pool
from app.database.replicas import Replicas
from app.database.sandbox import MOMENT
from app.domain.access.actors import Actor
from app.domain.access.audit import record_act
from app.domain.access.idempotency import Answer, find_answer, keep_answer
from app.domain.credits.certificates import Issuer, Press, Sealer, Signer
from app.domain.errors import DomainError, Unauthenticated
from app.domain.exchange.deliveries import Channel
from app.domain.exchange.submissions import Platform
from app.domain.exchange.webhooks import Courier
from app.domain.training.files import Archive
from app.openid.provider import IdentityProviders
from app.request.actors import ActorReader
from app.request.limits import Limit
from app.request.listing import PageParameters as PageParameters
from app.request.live import Hub
from app.request.origins import Origins
from app.request.plain import PlainCall
from app.request.queries import query_check
from app.request.reading import answer_even_if_stale, open_reading
from app.request.recording import OF_AUTHORITY, Refused, provenance, record_refused, target_of
from app.request.refusals import language_of
from app.security.personal_data import SealingCipher
from app.security.tokens import Keyring, VerifiedTokens
from app.settings import Settings
from app.sql import Connection
from app.typesetting import Typesetter
from app.webhook_client import WebhookClient

WORKBOOKS = 2
"""How many workbooks are read at a time, by whatever this process does."""


@dataclass(frozen=True)
class Resources:
    """What a process holds while it serves; kept on the application's state."""

    settings: Settings
    pool: Pool
    keyring: Keyring
    actors: ActorReader
    tokens: VerifiedTokens[Actor]
    cipher: SealingCipher
    origins: Origins
    archive: Archive
    typesetter: Typesetter
    signer: Signer
    sealer: Sealer | None = None
    """What seals certificates; None where they stay without a seal."""
    limit: Limit | None = None
    """How fast one account or address may ask; None for as fast as it likes."""
    identity_providers: IdentityProviders = field(default_factory=IdentityProviders)
    channel: Channel | None = None
    """By what people are told outside of this system; None where messages wait."""
    courier: Courier = field(default_factory=WebhookClient)
    """By whom applications are told of changes."""
    replicas: Replicas | None = None
    """Servers that follow the primary and are read from; None where there are none."""
    province: Platform | None = None
    """The provincial platform; None where nothing is handed over."""
    plotter: Plotter = field(default_factory=Plotter)
    """What draws the charts of reports."""
    live: Hub = field(default_factory=Hub)
    """The streams that are open."""
    workbooks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKBOOKS))
    """Places of those who read a workbook: the process that does takes up to 1.5 GB."""

    @property
    def press(self) -> Press:
        """What documents are made with."""
        return Press(self.typesetter, self.archive.store, self.settings.address)

    @property
    def credential_issuer(self) -> Issuer:
        """Who signs credentials here."""
        return Issuer(self.settings.address)


def resources(request: Request) -> Resources:
    """The resources of the process that serves this request."""
    held: Resources = request.app.state.resources
    return held


def now() -> datetime:
    """The moment at which a request is served, the domain's only clock; in a sandbox what it named."""
    return MOMENT.get() or datetime.now(UTC)


def language(request: Request) -> str:
    """The language of the answer's words, `zh` or `en`."""
    return language_of(request.headers.get("accept-language"))


def actor_of_token(held: Resources, authorization: str | None) -> Actor:
    """Who asks, from the value of an `Authorization` header; takes no connection."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return held.tokens.read(token)


def token_of(request: Request) -> str:
    """The token of a request whose actor is known, for whoever has to look at it again."""
    return request.headers["authorization"].partition(" ")[2]


async def _current_actor(request: Request) -> Actor:
    actor: Actor | None = request.scope.get("actor")
    if actor is None:
        actor = actor_of_token(resources(request), request.headers.get("authorization"))
        request.scope["actor"] = actor
    return actor


async def _reading(request: Request) -> Connection:
    actor = await _current_actor(request)  # a request without a valid token takes no connection
    stack: AsyncExitStack = request.state.stack
    held = resources(request)
    return await stack.enter_async_context(open_reading(request, held.pool, held.replicas, actor))


async def _single_statement(request: Request) -> Connection:
    await _current_actor(request)
    stack: AsyncExitStack = request.state.stack
    return await stack.enter_async_context(resources(request).pool.connection())


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=8,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="同一请求重发时使用相同的键 / the same key for the same request sent again",
    ),
]


async def fingerprint_of(request: Request) -> bytes:
    """What tells a request from another that is sent under the same key."""
    line = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return sha256(line + await request.body()).digest()


async def _transaction(request: Request, idempotency_key: IdempotencyKey = None) -> Connection:
    actor = await _current_actor(request)
    stack: AsyncExitStack = request.state.stack
    db = await stack.enter_async_context(resources(request).pool.transaction())
    if idempotency_key is not None:
        fingerprint = await fingerprint_of(request)
        stored = await find_answer(db, actor, key=idempotency_key, fingerprint=fingerprint)
        if stored is not None:
            raise _Replay(stored)
        request.state.once = (db, actor, idempotency_key, fingerprint)
    request.state.written = (db, actor)
    return db


CurrentActor = Annotated[Actor, Depends(_current_actor)]
"""Who asks."""
Reading = Annotated[Connection, Depends(_reading)]
"""A connection for reading behind the second wall: one statement is atomic by itself."""
SingleStatement = Annotated[Connection, Depends(_single_statement)]
"""A connection without a transaction, for a write that is one statement and may be repeated."""
Transaction = Annotated[Connection, Depends(_transaction)]
"""A connection in a transaction that is committed before the answer is sent."""


class _Replay(Exception):
    """The request was answered before: this is the answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__()


def replayed(answer: Answer) -> Response:
    """A stored answer once more, which says that it is one."""
    headers = {"Idempotent-Replayed": "true"}
    return Response(answer.body, answer.status, headers, media_type="application/json")


class Route(APIRoute):
    """A route whose connection and transaction end when the answer is made, before it is sent."""

    plain: PlainCall | None

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The whole way: FastAPI's handler, within the stack on which dependencies put what must end."""
        self.plain = PlainCall.of(self.endpoint, self.path)
        handle = super().get_route_handler()
        check_query = query_check(self.dependant)

        async def handle_and_end(request: Request) -> Response:
            check_query(request)
            try:
                return await _answered(request, lambda: handle(request))
            except _Replay as replay:
                return replayed(replay.answer)

        return handle_and_end

    async def answer_plainly(self, request: Request) -> Response | None:
        """The answer to a plain request, or None if it is to go the whole way."""
        plain = self.plain
        brought = None if plain is None else await plain.read(request)
        if plain is None or brought is None:
            return None
        return await _answered(request, lambda: plain.answer(request, brought))


async def _answered(
    request: Request, make: Callable[[], Coroutine[Any, Any, Response]]
) -> Response:
    """The answer that is made, with what must end when it is."""

    async def answer() -> Response:
        async with AsyncExitStack() as stack:
            request.state.stack = stack
            response = await make()
            await _keep_answer(request, response)
            await _record_written(request)
            return response

    return await answer_even_if_stale(request, answer)


async def _keep_answer(request: Request, response: Response) -> None:
    once = request.scope["state"].get("once")
    if once is not None:
        db, actor, key, fingerprint = once
        answer = Answer(status=response.status_code, body=bytes(response.body))
        await keep_answer(db, actor, key=key, fingerprint=fingerprint, answer=answer)


async def _record(request: Request, db: Connection, actor: Actor) -> None:
    """Record what a request did, in the transaction in which it did it."""
    await record_act(
        db,
        actor,
        operation=request.scope["route"].operation_id,
        target_id=target_of(request.path_params),
        provenance=provenance(request.scope),
    )


async def _record_written(request: Request) -> None:
    """The same at the end of the transaction that the request was given, if it was."""
    written = request.scope["state"].get("written")
    if written is not None:
        await _record(request, *written)


@asynccontextmanager
async def begin_transaction(request: Request, actor: Actor) -> AsyncIterator[Connection]:
    """A transaction that a handler begins itself, after what is slow on purpose; recorded as any."""
    async with resources(request).pool.transaction() as db:
        yield db
        await _record(request, db, actor)


async def record_refusal_of(request: Request, error: DomainError) -> None:
    """Record that a request was refused, if it was for want of authority."""
    actor, route = request.scope.get("actor"), request.scope.get("route")
    if actor is None or route is None or not isinstance(error, OF_AUTHORITY):
        return
    refused = Refused(route.operation_id, target_of(request.path_params), error.code)
    await record_refused(resources(request).pool, actor, [refused], provenance(request.scope))


def request_id(request: Request) -> str:
    """The id that this request has in our logs and in its answer."""
    return str(request.scope.get("request_id", UUID(int=0)))
