"""What REST answers when a request is refused, cannot be read, or meets a defect: problem documents.

Nothing unexpected leaks: a defect is logged with the request's id and answered with that id alone.
"""

import logging
from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.domain.errors import DomainError, TooMany, Unavailable
from app.request import language, record_refusal_of, request_id
from app.request.refusals import (
    problem,
    refusal_of_database,
    refusal_problem,
    status_of,
    validation_problem,
)

log = logging.getLogger("yanxun")

_encode = msgspec.json.Encoder().encode

_HTTP = {
    400: ("bad_request", "请求无法解析。", "The request could not be read."),
    404: ("not_found", "没有这个地址。", "There is nothing at this address."),
    405: ("method_not_allowed", "此地址不支持该方法。", "This address does not take this method."),
    406: (
        "not_acceptable",
        "无法提供所要求的格式。",
        "This cannot be given in the form asked for.",
    ),
    413: ("too_large", "请求体过大。", "The body of the request is too large."),
    415: ("unsupported_type", "不支持的内容类型。", "This content type is not supported."),
}


def add_handlers(application: FastAPI) -> None:
    """Answer every refusal and failure of this application with a problem document."""
    application.add_exception_handler(DomainError, _refused)
    application.add_exception_handler(RequestValidationError, _not_valid)
    application.add_exception_handler(HTTPException, _http_error)
    for kind in (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        OSError,
    ):
        application.add_exception_handler(kind, _database_error)
    application.add_exception_handler(Exception, _defect)


def problem_answer(
    content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document as an answer."""
    return Response(
        _encode(content), content["status"], headers, media_type="application/problem+json"
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101  registered for this class
    await record_refusal_of(request, error)
    headers = {}
    if status_of(error) == 401:
        headers["WWW-Authenticate"] = f'Bearer realm="yanxun", error="{error.code}"'
    if isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = str(error.details.get("retry_after", 2))
    content = refusal_problem(error, language=language(request), request_id=request_id(request))
    return problem_answer(content, headers)


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return await _http_error(request, HTTPException(400))
    return problem_answer(
        validation_problem(found, language=language(request), request_id=request_id(request))
    )


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class
    status = error.status_code if error.status_code in _HTTP else 400
    headers = dict(error.headers or {})
    if status == 405:
        headers["Allow"] = ", ".join(_allowed_methods(request))
        if request.method == "OPTIONS":
            return Response(None, 204, headers)
    code, zh, en = _HTTP[status]
    spoken = language(request)
    content = problem(
        status,
        code,
        zh if spoken == "zh" else en,
        language=spoken,
        request_id=request_id(request),
    )
    return problem_answer(content, headers)


def _allowed_methods(request: Request) -> list[str]:
    """The methods that the routes of this path take: Starlette names only those of the first."""
    methods = {"OPTIONS"}
    for context in iter_route_contexts(request.app.routes):
        match, _ = context.matches(request.scope)
        if match is not Match.NONE:
            methods |= set(context.methods or ())
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _database_error(request: Request, error: Exception) -> Response:
    """What the database says that nobody foresaw: a race that one side lost, or a defect."""
    refusal = refusal_of_database(error)
    if refusal is not None:
        return await _refused(request, refusal)
    return await _defect(request, error)


async def _defect(request: Request, error: Exception) -> Response:
    name = request_id(request)
    log.error("request %s failed", name, exc_info=error)
    spoken = language(request)
    detail = (
        "系统内部错误，请向管理员提供请求编号。"
        if spoken == "zh"
        else "Something went wrong on our side. Please tell the administrator the request id."
    )
    return problem_answer(problem(500, "internal_error", detail, language=spoken, request_id=name))
