"""Subscriptions: `graphql-transport-ws` on the address of GraphQL, for what is followed and nothing else.

The client says its token on connecting (`connection_init` with `{"authorization": "Bearer …"}`). The
connection ends with the token: 4401, whether it was wrong, has expired or was revoked.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from datetime import timedelta
from json import JSONDecodeError
from typing import Any, Required, TypedDict

import msgspec
from fastapi import WebSocket
from graphql import GraphQLError, OperationType
from starlette.websockets import WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.unset import UNSET
from uuid_utils import uuid7

from app.domain.errors import TooMany, Unauthenticated
from app.graphql.errors import format_error
from app.graphql.execution import Engine
from app.graphql.execution.documents import Refused
from app.graphql.execution.refusals import SubscriptionExpected
from app.graphql.following import Following
from app.graphql.schema import schema
from app.request import Resources, actor_of_token
from app.request.addresses import who_asks
from app.request.refusals import language_of

WITHOUT_TOKEN = 4401
"""With which code a connection is closed whose token is none, or has ended."""
IDLE = 1000
"""With which code one is closed that follows nothing."""
_PATIENCE = timedelta(seconds=10)
"""How long a client may take to say who it is."""
_LOOKED_AFTER_EVERY = 20.0
"""Seconds between two looks at whether a connection may go on."""
_MOST_IDLE = 3
"""Looks after which a connection that follows nothing is closed."""
_MOST_SUBSCRIPTIONS = 10


class _Socket(ASGIWebSocketAdapter):
    """The connection; what is still to be sent when it is closed is dropped."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message, if the connection still stands."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnected):
                await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        """Close it, once; a reason may quote what was sent, and has room for 123 bytes."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            await super().close(code, reason.encode()[:123].decode(errors="ignore"))


class _Payload(TypedDict, total=False):
    """What a message says: a token, or a document."""

    authorization: str | None
    query: str
    variables: dict[str, Any] | None
    operationName: str | None


class _Message(TypedDict, total=False):
    """A message of the protocol, as far as it matters here."""

    type: Required[str]
    id: str
    payload: _Payload | None


_decode = msgspec.json.Decoder(_Message).decode


class _View:
    """What Strawberry's protocol asks of a view: to read and write JSON, and to have nothing to add."""

    async def on_ws_connect(self, _context: Following) -> Any:
        """The token was looked at before."""
        return UNSET

    def decode_json(self, text: str) -> Any:
        """A message as it was sent; what is none ends the connection, 4400."""
        try:
            message = _decode(text)
            return {name: said for name, said in message.items() if said is not None}
        except (msgspec.MsgspecError, RecursionError) as error:
            raise JSONDecodeError("no message", "", 0) from error

    def encode_json(self, message: Mapping[str, object]) -> str:
        """A message to be sent."""
        return msgspec.json.encode(message).decode()


class _Documents:
    """What the protocol asks of a schema: to run a document; each answer in our words."""

    def __init__(self, engine: Engine, socket: _Socket) -> None:
        self._engine = engine
        self._socket = socket

    async def stream(
        self,
        query: str,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,  # noqa: ARG002  the protocol names it, and there is none
        operation_name: str | None = None,
    ) -> AsyncGenerator[ExecutionResult]:
        """The answers to a subscription, one for each event."""
        return self._answers(query, variable_values, context_value, operation_name)

    async def _answers(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Following,
        name: str | None,
    ) -> AsyncGenerator[ExecutionResult]:
        try:
            context.count()
            operation = self._engine.measured(query, variables, name)
        except Refused as refused:
            yield PreExecutionError(None, _told(refused.errors, context))
            return
        except TooMany as refusal:
            error = GraphQLError(refusal.code, original_error=refusal)
            yield PreExecutionError(None, _told([error], context))
            return
        if operation.node.operation is not OperationType.SUBSCRIPTION:
            yield PreExecutionError(None, _told([SubscriptionExpected()], context))
            return
        results = await schema.subscribe(
            query, variables, context_value=context, operation_name=name
        )
        is_first = True
        async with aclosing(results):
            async for result in results:
                errors = result.errors or []
                if any(isinstance(each.original_error, Unauthenticated) for each in errors):
                    await self._socket.close(WITHOUT_TOKEN, "Unauthorized")
                    return
                kind = PreExecutionError if is_first and errors else ExecutionResult
                yield kind(result.data, _told(errors, context) or None)
                is_first = False


def _told(errors: Sequence[GraphQLError], context: Following) -> list[GraphQLError]:
    """The same errors with our codes and words."""
    placed = [
        # What was met while following has no place in an answer, and is no fault of the document.
        each
        if each.path
        else GraphQLError(each.message, path=[""], original_error=cause)
        if (cause := each.original_error) is not None
        else each
        for each in errors
    ]
    shown = [
        format_error(each, language=context.language, request_id=str(uuid7())) for each in placed
    ]
    return [GraphQLError(each["message"], extensions=each["extensions"]) for each in shown]


class _Protocol(BaseGraphQLTransportWSHandler[Following, None]):
    """Strawberry's protocol, with our token before it."""

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Take the token that the client says, or that came with the request."""
        said: Any = message.get("payload", {})
        try:
            token = said.get("authorization") or self.context.connection_params.get("authorization")
            actor_of_token(self.context.held, token)
        except Unauthenticated:
            await self.websocket.close(WITHOUT_TOKEN, "Unauthorized")
            return
        self.context.token = (token or "").partition(" ")[2]
        await super().handle_connection_init(message)

    async def look_after(self) -> None:
        """Close the connection once its token has ended, or where it follows nothing for long."""
        idle = 0
        while idle < _MOST_IDLE:
            await asyncio.sleep(_LOOKED_AFTER_EVERY)
            idle = 0 if self.operations else idle + 1
            if self.connection_acknowledged:
                try:
                    self.context.held.tokens.read(self.context.token)
                except Unauthenticated:
                    await self.websocket.close(WITHOUT_TOKEN, "Unauthorized")
                    return
        await self.websocket.close(IDLE, "Nothing is followed")


async def serve_subscriptions(websocket: WebSocket, engine: Engine) -> None:
    """Serve one connection until it ends."""
    held: Resources = websocket.app.state.resources
    if held.limit is not None and not held.limit.count(who_asks(websocket.scope)).passes:
        await websocket.close(4429, "Too many requests")
        return
    if GRAPHQL_TRANSPORT_WS_PROTOCOL not in websocket.scope["subprotocols"]:
        await websocket.close(4406, "Subprotocol not acceptable")
        return
    await websocket.accept(subprotocol=GRAPHQL_TRANSPORT_WS_PROTOCOL)
    language = language_of(websocket.headers.get("accept-language"))
    context = Following(held, language, websocket.scope)
    context.connection_params = {"authorization": websocket.headers.get("authorization")}
    view: Any = _View()
    socket = _Socket(view, websocket, websocket)
    protocol = _Protocol(
        view=view,
        websocket=socket,
        context=context,
        root_value=None,
        schema=_Documents(engine, socket),  # type: ignore[arg-type]  # all that is asked of it
        connection_init_wait_timeout=_PATIENCE,
        max_subscriptions_per_connection=_MOST_SUBSCRIPTIONS,
    )
    looking = asyncio.create_task(protocol.look_after())
    try:
        await protocol.handle()
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
