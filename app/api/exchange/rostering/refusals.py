"""How this interface says no: by `imsx_StatusInfo`, and not by the problem documents of the others."""

from collections.abc import Callable, Coroutine
from typing import Any, Literal

import asyncpg
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from app.api.answers import answer
from app.domain.errors import DomainError, NotFound
from app.domain.exchange.rostering import BadRosterFilter, UnknownRosterField, UnknownRosterSort
from app.domain.people.teachers import TeacherMerged
from app.request import Route, language, record_refusal_of
from app.request.refusals import InvalidRequest, refusal_of_database, status_of


class CodeMinorField(BaseModel):
    """One code of a refusal."""

    imsx_codeMinorFieldName: str = Field(description="系统 / which system says so")  # noqa: N815
    imsx_codeMinorFieldValue: str = Field(description="代码 / the code")  # noqa: N815


class CodeMinor(BaseModel):
    """The codes of a refusal."""

    imsx_codeMinorField: list[CodeMinorField]  # noqa: N815


class StatusInfo(BaseModel):
    """Why a request was refused, in the words of the specification (imsx_StatusInfo)."""

    imsx_codeMajor: Literal["failure"] = "failure"  # noqa: N815
    imsx_severity: Literal["error"] = "error"
    imsx_description: str = Field(description="说明，语言随 Accept-Language / in words")
    imsx_CodeMinor: CodeMinor  # noqa: N815


_WORDS: tuple[tuple[type[DomainError], int, str], ...] = (
    (BadRosterFilter, 400, "invalid_filter_field"),
    (UnknownRosterField, 400, "invalid_selection_field"),
    (UnknownRosterSort, 400, "invalid_sort_field"),
    (TeacherMerged, 404, "unknownobject"),
)
"""Refusals with a code of their own in the specification."""
_BY_STATUS = {
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    422: "invaliddata",
    429: "server_busy",
    503: "server_busy",
}


class RosterRoute(Route):
    """A route that refuses in the words of the specification."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its refusals answered."""
        handle = super().get_route_handler()
        self.plain = None  # a plain call would be answered past this handler

        async def handle_or_refuse(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                found = error.errors()
                if any(each["loc"][0] == "path" for each in found):
                    return _refusal(request, NotFound())  # no key of anything is of another form
                return _refusal(request, InvalidRequest(count=len(found)))
            except DomainError as error:
                await record_refusal_of(request, error)
                return _refusal(request, error)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                refusal = refusal_of_database(error)
                if refusal is None:
                    raise
                return _refusal(request, refusal)

        return handle_or_refuse


def _refusal(request: Request, error: DomainError) -> Response:
    status = status_of(error)
    word = _BY_STATUS.get(status, "invaliddata")
    for kind, own_status, own_word in _WORDS:
        if isinstance(error, kind):
            status, word = own_status, own_word
    said = CodeMinorField(imsx_codeMinorFieldName="TargetEndSystem", imsx_codeMinorFieldValue=word)
    content = StatusInfo(
        imsx_description=error.message(language(request)),
        imsx_CodeMinor=CodeMinor(imsx_codeMinorField=[said]),
    )
    headers = {"WWW-Authenticate": 'Bearer realm="yanxun"'} if status == 401 else {}
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    return answer(content.model_dump(), status, headers)
