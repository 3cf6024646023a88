"""How both faces say no: a refusal of the domain, or a request that cannot be read, as one document.

REST sends it as `application/problem+json` (RFC 9457); GraphQL puts its parts into an error's
`extensions`. The words are in the language that the client asks for, the code is stable, and what the
client sent is never repeated: it may be a password.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg
from asyncpg.exceptions import OperatorInterventionError, ProtocolError

from app.database.pool import DatabaseUnavailable
from app.domain.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    Outdated,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from app.request.validation_messages import message_of

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (Unauthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Outdated, 412),
    (Invalid, 422),
    (TooMany, 429),
    (Unavailable, 503),
)
"""Each kind of refusal and its HTTP status."""

TITLES: dict[int, tuple[str, str]] = {
    400: ("请求无法解析", "Bad request"),
    401: ("未登录", "Not signed in"),
    403: ("无权限", "Not allowed"),
    404: ("未找到", "Not found"),
    405: ("方法不允许", "Method not allowed"),
    406: ("无法提供", "Not acceptable"),
    409: ("冲突", "Conflict"),
    412: ("数据已变更", "Changed meanwhile"),
    413: ("请求体过大", "Too large"),
    415: ("不支持的内容类型", "Unsupported content type"),
    422: ("请求内容无效", "Not valid"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("内部错误", "Internal error"),
    503: ("暂时不可用", "Not available"),
}


class UnknownParameter(Invalid):
    """A query parameter that this address does not know."""

    code = "unknown_parameter"
    zh = "未知的查询参数：{parameter}。"
    en = "Unknown query parameter: {parameter}."


class RepeatedParameter(Invalid):
    """A query parameter is there twice: which of its values is meant, nobody can tell."""

    code = "repeated_parameter"
    zh = "查询参数重复：{parameter}。"
    en = "The query parameter {parameter} is there more than once."


class InvalidRequest(Invalid):
    """Fields outside their limits; `errors` says which and why."""

    code = "invalid_request"
    zh = "请求内容有 {count} 处无效。"
    en = "The request is invalid in {count} place(s)."


class InvalidValue(Invalid):
    """A value that the database cannot hold: a NUL in a text, a number beyond its type."""

    code = "invalid_value"
    zh = "请求中有数据库无法保存的值。"
    en = "The request holds a value that cannot be stored."


class ConcurrentChange(Conflict):
    """Two requests met in the database and this one gave way."""

    code = "concurrent_change"
    zh = "数据同时被他人修改，请重试。"
    en = "This was changed by somebody else at the same moment: try again."


_GAVE_WAY = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)
_UNFIT = re.compile(r"out of (\w+ )?range|codec can't encode")
"""How asyncpg says that a value does not fit; whatever else it refuses is a defect of ours."""
_PLACE = re.compile(r"^fk_(.+_county_id_city_id|teacher_school_id)$")
"""The constraints of place: the unit was moved or closed while something was put into it."""
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    OperatorInterventionError,
    ProtocolError,
    # What asyncpg meets when the connection went away between two of its steps.
    asyncpg.InternalClientError,
    OSError,
)


def refusal_of_database(error: BaseException | None) -> DomainError | None:
    """What to answer when the database itself said no; None where that is a defect of ours."""
    if isinstance(error, _GAVE_WAY):
        return ConcurrentChange()
    unfit = isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
    if isinstance(error, asyncpg.DataError) or (unfit and _UNFIT.search(str(error))):
        return InvalidValue()
    if isinstance(error, asyncpg.ForeignKeyViolationError) and _PLACE.search(
        error.constraint_name or ""
    ):
        return ConcurrentChange()
    closed = isinstance(error, asyncpg.InterfaceError) and "closed" in str(error)
    if isinstance(error, _LOST) or closed:
        return DatabaseUnavailable()
    return None


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def language_of(accept_language: str | None) -> str:
    """`zh` or `en`, whichever the client prefers; Chinese where it does not say."""
    best, best_weight = "zh", 0.0
    for part in (accept_language or "")[:200].split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.partition("-")[0].lower()
        weight = _weight(parameters)
        if language in {"zh", "en"} and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    if not parameters.strip().startswith("q="):
        return 1.0
    try:
        return float(parameters.strip()[2:])
    except ValueError:
        return 0.0


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    language: str,
    request_id: str,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A problem document."""
    title = TITLES[status][0 if language == "zh" else 1]
    return {
        "type": f"urn:yanxun:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **(more or {}),
        "request_id": request_id,
    }


def refusal_problem(error: DomainError, *, language: str, request_id: str) -> dict[str, Any]:
    """The problem document of a refusal of the domain."""
    return problem(
        status_of(error),
        error.code,
        error.message(language),
        language=language,
        request_id=request_id,
        more={"details": error.details} if error.details else None,
    )


def field_errors(errors: Iterable[Mapping[str, Any]], *, language: str) -> list[dict[str, Any]]:
    """What pydantic found, as field, code and message, without what was sent."""
    return [
        {
            "field": ".".join(str(part) for part in error["loc"]),
            "code": str(error["type"]),
            "message": message_of(error, language),
        }
        for error in errors
    ][:50]


def validation_problem(
    errors: Iterable[Mapping[str, Any]], *, language: str, request_id: str
) -> dict[str, Any]:
    """The problem document of a request whose fields are outside their limits."""
    found = field_errors(errors, language=language)
    error = InvalidRequest(count=len(found))
    return problem(
        422,
        error.code,
        error.message(language),
        language=language,
        request_id=request_id,
        more={"errors": found},
    )
