"""How GraphQL says no: the same codes and words as REST, in `extensions` of each error."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from graphql import GraphQLError
from pydantic import ValidationError
from strawberry.pydantic import InputValidationError

from app.domain.errors import DomainError, Unavailable
from app.request.refusals import InvalidRequest, field_errors, status_of

log = logging.getLogger("yanxun")


def format_error(error: GraphQLError, *, language: str, request_id: str) -> dict[str, Any]:
    """One error of an answer; what is unexpected is logged and shows nothing but the request's id."""
    cause = _cause(error)
    refusal = _refusal_of(cause)
    extensions: Mapping[str, Any]
    if refusal is not None:
        message = refusal.message(language)
        extensions = {"code": refusal.code, "status": status_of(refusal), **_details(refusal)}
        if isinstance(cause, ValidationError | InputValidationError):
            extensions = {**extensions, "errors": field_errors(_found(cause), language=language)}
    elif cause is None:
        message = _without_values(error.message)
        extensions = {"code": "graphql_invalid", "status": 400, **(error.extensions or {})}
    else:
        log.error("request %s failed", request_id, exc_info=cause)
        message = "系统内部错误。" if language == "zh" else "Something went wrong on our side."
        extensions = {"code": "internal_error", "status": 500}
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        formatted["path"] = error.path
    return {**formatted, "extensions": {**extensions, "request_id": request_id}}


def _cause(error: GraphQLError) -> Exception | None:
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _refusal_of(cause: Exception | None) -> DomainError | None:
    if isinstance(cause, DomainError):
        return cause
    if isinstance(cause, ValidationError | InputValidationError):
        return InvalidRequest(count=len(_found(cause)))
    if isinstance(cause, asyncpg.QueryCanceledError | asyncpg.PostgresConnectionError):
        return Unavailable()
    return None


def _found(cause: Exception) -> Sequence[Mapping[str, Any]]:
    original = cause if isinstance(cause, ValidationError) else cause.__cause__
    return original.errors() if isinstance(original, ValidationError) else []


def _details(refusal: DomainError) -> dict[str, Any]:
    return {"details": refusal.details} if refusal.details else {}


def _without_values(message: str) -> str:
    """graphql-core quotes the value that does not fit a variable; it may be an ID number."""
    for marker in (" got invalid value ", "; "):
        head, found, _ = message.partition(marker)
        if found and marker == " got invalid value ":
            return f"{head} got an invalid value."
    return message
