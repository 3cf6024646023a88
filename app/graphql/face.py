"""`POST /graphql`: one document, answered as JSON. No batches, no queries in addresses, no uploads."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from strawberry.types import ExecutionResult

from app.graphql.context import Context
from app.graphql.errors import format_error
from app.graphql.schema import schema
from app.request import actor_of_token, language, request_id, resources

_encode = msgspec.json.Encoder().encode


class GraphqlRequest(BaseModel):
    """One GraphQL request."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    query: str = Field(description="GraphQL 文档 / document", min_length=1)
    variables: dict[str, Any] | None = Field(default=None, description="变量 / variables")
    operation_name: str | None = Field(
        default=None, alias="operationName", description="操作名 / which operation of the document"
    )


class GraphqlAnswer(BaseModel):
    """One GraphQL answer."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] | None = None


def graphql_router() -> APIRouter:
    """The router of the one address."""
    router = APIRouter(tags=["graphql"])
    router.add_api_route(
        "/graphql",
        answer_graphql,
        methods=["POST"],
        operation_id="post_graphql",
        response_model=GraphqlAnswer,
    )
    return router


async def answer_graphql(request: Request, asked: GraphqlRequest) -> Response:
    """Everything that REST can do, with edges between the nouns; see the page at this address."""
    held = resources(request)
    actor = actor_of_token(held, request.headers.get("authorization"))
    context = Context(held, actor, language(request))
    try:
        result = await schema.execute(
            asked.query,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            context_value=context,
        )
    finally:
        await context.close()
    content = _content(result, context.language, request_id(request))
    return Response(_encode(content), media_type="application/json")


def _content(result: Any, spoken: str, name: str) -> dict[str, Any]:
    if not isinstance(result, ExecutionResult):
        errors, data = result.errors or [], None
    else:
        errors, data = result.errors or [], result.data
    content: dict[str, Any] = {"data": data}
    if errors:
        content["errors"] = [
            format_error(error, language=spoken, request_id=name) for error in errors
        ]
    return content
