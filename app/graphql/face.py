"""`POST /graphql`: one document, answered as JSON. No batches, no queries in addresses, no uploads."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response, WebSocket
from graphql import GraphQLError, OperationType
from pydantic import BaseModel, ConfigDict, Field, model_validator
from strawberry.types import get_object_definition

from app.domain.access.idempotency import Answer as Kept
from app.domain.errors import Invalid, Unfit
from app.graphql.contents.access import AccessQueries
from app.graphql.contents.exchange import ExchangeQueries
from app.graphql.context import Context, Once
from app.graphql.errors import format_error
from app.graphql.execution import Answer, Cost, Engine, Operation, Refused
from app.graphql.limits import LIMITS
from app.graphql.nodes import NodeQueries
from app.graphql.schema import schema
from app.graphql.subscriptions import serve_subscriptions
from app.request import (
    IdempotencyKey,
    Route,
    actor_of_token,
    fingerprint_of,
    language,
    replayed,
    request_id,
    resources,
)

_encode = msgspec.json.Encoder().encode
_AT_PRIMARY = frozenset(
    schema.config.name_converter.get_graphql_name(field)
    for wing in (AccessQueries, ExchangeQueries, NodeQueries)
    for field in get_object_definition(wing, strict=True).fields
)
"""What is never read from a replica: rights, what others follow without a gap, and what may be either."""


NOT_REPEATED = frozenset(
    {
        "actOnBehalf", "addWebhook", "answerSurvey", "beginIdentityLink", "changePassword", "checkIn",
        "confirmSecondFactor", "createAccount", "createCalendarLink", "createSurveyLink",
        "enrolSecondFactor", "registerClient", "removeSecondFactor", "resetPassword",
        "revealPersonalData", "revealProviderContact", "rotateClientSecret", "rotateWebhookSecret",
    }
)  # fmt: skip
"""Mutations whose answers are not kept for an `Idempotency-Key`, as over REST: they show something once."""


class KeyOfSeveral(Invalid):
    """A key is for one effect: of several mutations some could have been done, and others not."""

    code = "idempotency_one_mutation"
    zh = "使用 Idempotency-Key 时，一次请求只能包含一个 mutation 字段。"
    en = "With an Idempotency-Key a request holds one field of the mutation."


def _begin(context: Any, operation: Operation) -> None:
    """Have an operation read at the primary where something of it must be, and its key be for one effect."""
    context.at_primary = not _AT_PRIMARY.isdisjoint(operation.roots)
    if context.once is None or operation.node.operation is not OperationType.MUTATION:
        return
    if len(operation.roots) > 1:
        refusal = KeyOfSeveral()
        raise Refused(GraphQLError(refusal.en, operation.node, original_error=refusal))
    if not NOT_REPEATED.isdisjoint(operation.roots):
        context.once = None


engine = Engine(schema, LIMITS, begin=_begin)


class PersistedQuery(BaseModel):
    """A document by its hash: it is sent with its text once, and without it afterwards."""

    model_config = ConfigDict(extra="ignore")

    sha256_hash: str = Field(
        alias="sha256Hash",
        pattern=r"^[0-9a-fA-F]{64}$",
        description="文档全文的 SHA-256（十六进制） / SHA-256 of the document, in hexadecimal",
    )


class GraphqlExtensions(BaseModel):
    """What a request may ask for beside its answer."""

    model_config = ConfigDict(extra="ignore")

    persisted_query: PersistedQuery | None = Field(
        default=None, alias="persistedQuery", description="按哈希引用文档 / a document by its hash"
    )
    cost: bool = Field(
        default=False,
        description="在 extensions.cost 中返回开销 / tell the cost in the answer's extensions",
    )


class GraphqlRequest(BaseModel):
    """One GraphQL request."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    query: str | None = Field(
        default=None,
        description="GraphQL 文档，仅在按哈希引用时可省略 / document; by its hash it may be left out",
        min_length=1,
    )
    variables: dict[str, Any] | None = Field(default=None, description="变量 / variables")
    operation_name: str | None = Field(
        default=None, alias="operationName", description="操作名 / which operation of the document"
    )
    extensions: GraphqlExtensions = Field(
        default_factory=GraphqlExtensions, description="扩展 / persisted documents, and the cost"
    )

    @model_validator(mode="after")
    def _has_a_document(self) -> "GraphqlRequest":
        if self.query is None and self.extensions.persisted_query is None:
            raise Unfit("须提供 query 或其哈希值。", "Send a query, or the hash of one.")
        return self


class GraphqlAnswer(BaseModel):
    """One GraphQL answer."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] | None = None
    extensions: dict[str, Any] | None = None


def graphql_router() -> APIRouter:
    """The router of the one address."""
    router = APIRouter(tags=["graphql"], route_class=Route)
    router.add_api_route(
        "/graphql",
        answer_graphql,
        methods=["POST"],
        operation_id="post_graphql",
        response_model=GraphqlAnswer,
    )
    router.add_api_websocket_route("/graphql", follow_graphql)
    return router


async def follow_graphql(websocket: WebSocket) -> None:
    """What is followed as it happens: subscriptions over `graphql-transport-ws`."""
    await serve_subscriptions(websocket, engine)


async def answer_graphql(
    request: Request, asked: GraphqlRequest, idempotency_key: IdempotencyKey = None
) -> Response:
    """Everything that REST can do, with edges between the nouns; see the page at this address.

    With an `Idempotency-Key` a mutation of one field takes effect once, and is answered as the first time.
    """
    held = resources(request)
    actor = actor_of_token(held, request.headers.get("authorization"))
    context = Context(held, actor, language(request), request)
    if idempotency_key is not None:
        context.once = Once(idempotency_key, await fingerprint_of(request))
    wanted = asked.extensions
    try:
        result = await engine.execute(
            asked.query,
            asked.variables,
            asked.operation_name,
            context,
            digest=wanted.persisted_query.sha256_hash if wanted.persisted_query else None,
        )
    finally:
        await context.close()
    if context.answered is not None:
        return replayed(context.answered)
    content = _content(result, context.language, request_id(request))
    if wanted.cost and result.cost is not None:
        content["extensions"] = {"cost": _cost(result.cost)}
    body = _encode(content)
    await context.keep(Kept(200, body))
    return Response(body, media_type="application/json")


def _content(result: Answer, spoken: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = [
            format_error(error, language=spoken, request_id=name) for error in result.errors
        ]
    return content


def _cost(cost: Cost) -> dict[str, Any]:
    """The cost of an operation beside what it may be at most."""
    return {
        "cost": cost.fields,
        "limit": LIMITS.dearest,
        "depth": cost.depth,
        "depthLimit": LIMITS.deepest,
        "aliases": cost.aliases,
        "aliasLimit": LIMITS.most_aliases,
        "branches": cost.branches,
        "branchLimit": LIMITS.most_branches,
        "dearest": ".".join(cost.dearest),
    }
