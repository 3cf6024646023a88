"""Statements of accounts over REST."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer_file, answer_one
from app.domain.credits import statements
from app.domain.credits.statements import StatementView
from app.request import CurrentActor, Reading, Route, now, resources

router = APIRouter(tags=["credits"], route_class=Route)

AsOf = Annotated[
    date | None,
    Query(description="截至取得日期，默认今天 / by day of earning; today by default"),
]
KnownOn = Annotated[date | None, Query(description="截至入账日期 / by day of recording")]
PackKey = Annotated[
    UUID | None,
    Query(description="规则包，默认当日有效者 / a pack; by default the one in force"),
]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PDF = "application/pdf"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "XLSX 工作簿 / a workbook", "content": {_XLSX: _BINARY}}
}
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "PDF/A 文档 / a document", "content": {_PDF: _BINARY}}
}


@router.get(
    "/teachers/{teacher_id}/statement", operation_id="get_statement", response_model=StatementView
)
async def get_statement(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    pack: PackKey = None,
) -> Response:
    """A teacher's account in one cycle: opening, every line with what counted and why, closing."""
    row = await statements.get_statement(
        db, actor, teacher_id=teacher_id, now=now(), as_of=as_of, known_on=known_on, pack_key=pack
    )
    return answer_one(request, row)


@router.get(
    "/teachers/{teacher_id}/statement-sheet",
    operation_id="get_statement_sheet",
    response_class=Response,
    responses=_CONTENT,
)
async def get_statement_sheet(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    pack: PackKey = None,
) -> Response:
    """The same as an XLSX workbook."""
    name, content = await statements.get_statement_sheet(
        db, actor, teacher_id=teacher_id, now=now(), as_of=as_of, known_on=known_on, pack_key=pack
    )
    return answer_file(content, name, _XLSX)


@router.get(
    "/teachers/{teacher_id}/statement-document",
    operation_id="get_statement_document",
    response_class=Response,
    responses=_DOCUMENT,
)
async def get_statement_document(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    pack: PackKey = None,
) -> Response:
    """The same in PDF/A, to be printed."""
    name, content = await statements.get_statement_document(
        db, actor, teacher_id=teacher_id, typesetter=resources(request).typesetter, now=now(),
        as_of=as_of, known_on=known_on, pack_key=pack,
    )  # fmt: skip
    return answer_file(content, name, _PDF)
