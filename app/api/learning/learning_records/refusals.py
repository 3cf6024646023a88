"""How the addresses of xAPI answer and refuse: with the version that they speak, and 400 for 422."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.handlers import problem_answer
from app.domain.errors import DomainError, Invalid, NotFound
from app.request import Route, language, record_refusal_of, request_id
from app.request.refusals import InvalidRequest, problem, status_of

BASE = "/xapi"
STATEMENTS = f"{BASE}/statements"
SPOKEN = "1.0.3"
_HEADER = "X-Experience-API-Version"
_VERSION = re.compile(r"1\.0(?:\.\d{1,3})?")


class XapiVersionNotSpoken(Invalid):
    """The header that names the version is missing, or names another than 1.0."""

    code = "xapi_version_not_spoken"
    zh = "请求头 X-Experience-API-Version 须为 1.0.x，本系统使用 1.0.3。"
    en = "The header X-Experience-API-Version is 1.0.x; this is 1.0.3."


class XapiResourceNotOffered(NotFound):
    """A part of the specification that there is not here: documents, agents and activities."""

    code = "xapi_resource_not_offered"
    zh = "本系统只提供 xAPI 的语句（statements）与 about 资源，不保存状态与档案文档。"
    en = "Of xAPI there are statements and about; documents of state and profile are not kept."


class StatementsRoute(Route):
    """A route that asks for the version, and names ours in every answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals answered."""
        handle = super().get_route_handler()
        self.plain = None  # a plain call would be answered past this handler

        async def handle_or_refuse(request: Request) -> Response:
            try:
                spoken = request.headers.get(_HEADER, "")
                if self.path != f"{BASE}/about" and _VERSION.fullmatch(spoken) is None:
                    raise XapiVersionNotSpoken
                response = await handle(request)
            except RequestValidationError as error:
                response = _refusal(request, InvalidRequest(count=len(error.errors())))
            except HTTPException as error:
                error.headers = {**(error.headers or {}), _HEADER: SPOKEN}
                raise
            except DomainError as error:
                await record_refusal_of(request, error)
                response = _refusal(request, error)
            response.headers[_HEADER] = SPOKEN
            return response

        return handle_or_refuse


def _refusal(request: Request, error: DomainError) -> Response:
    status = status_of(error)
    content = problem(
        400 if status == 422 else status,
        error.code,
        error.message(language(request)),
        language=language(request),
        request_id=request_id(request),
        more={"details": error.details} if error.details else None,
    )
    headers = {"WWW-Authenticate": 'Bearer realm="yanxun"'} if status == 401 else {}
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    return problem_answer(content, headers)
