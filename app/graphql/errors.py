"""How GraphQL says no: the same codes and words as REST, in `extensions` of each error."""

import logging
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError
from pydantic import ValidationError

from app.domain.errors import DomainError
from app.graphql.execution import Refusal
from app.graphql.inputs import InvalidInput
from app.graphql.invalid_documents import words_for
from app.request.refusals import field_errors, refusal_of_database, status_of

log = logging.getLogger("yanxun")


def format_error(error: GraphQLError, *, language: str, request_id: str) -> dict[str, Any]:
    """One error of an answer; what is unexpected is logged and shows nothing but the request's id."""
    cause = error.original_error
    refusal = _refusal_of(cause)
    extensions: Mapping[str, Any]
    if refusal is not None:
        message = refusal.message(language)
        extensions = {
            "code": refusal.code,
            "status": status_of(refusal),
            **_more(refusal, language),
        }
    elif isinstance(error, Refusal):
        message, extensions = error.words(language), error.extensions or {}
    elif cause is None or isinstance(cause, GraphQLError) or not error.path:
        # What has no place in the answer was found before anything ran: in the document itself.
        message = words_for(error.message, language)
        extensions = {"code": "graphql_invalid", "status": 400}
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


def _refusal_of(cause: Exception | None) -> DomainError | None:
    if isinstance(cause, DomainError):
        return cause
    if isinstance(cause, ValidationError):
        return InvalidInput(cause.errors(include_url=False, include_input=False))
    return refusal_of_database(cause)


def _more(refusal: DomainError, language: str) -> dict[str, Any]:
    if isinstance(refusal, InvalidInput):
        return {"errors": field_errors(refusal.findings, language=language)}
    return {"details": refusal.details} if refusal.details else {}
