"""The files of imports over REST: handed back with what became of their rows, and templates to be filled in."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import Streamed, answer_file, resumed, saved_as
from app.domain.exchange import imports
from app.domain.exchange.imports import (
    KINDS,
    ImportFileForgotten,
    ImportSubject,
    ReturnedRows,
    SealedFile,
)
from app.request import CurrentActor, Reading, Resources, Route, resources
from app.sql import Row
from app.tabular import (
    TabularFormat,
    columns_handed_back,
    media_type_of,
    read_rows,
    read_some,
    writer_of,
)

router = APIRouter(tags=["exchange"], route_class=Route)

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "文件 / the file",
        "content": {media_type_of(each): {} for each in TabularFormat},
    }
}
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "工作簿 / the workbook",
        "content": {media_type_of(TabularFormat.XLSX): {}},
    }
}
_ROWS_AT_ONCE = 1_000


@router.get(
    "/imports/{import_id}/returned-file",
    operation_id="get_returned_file",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def get_returned_file(
    request: Request,
    actor: CurrentActor,
    import_id: UUID,
    rows: Annotated[
        ReturnedRows, Query(description="退回范围 / which rows")
    ] = ReturnedRows.REFUSED,
    written_as: Annotated[
        TabularFormat, Query(alias="format", description="格式 / csv, xlsx or jsonl")
    ] = TabularFormat.XLSX,
) -> Response:
    """The file as it was sent, with a column that says what became of each row: for who sent it."""
    held = resources(request)
    async with held.pool.connection() as db:
        run = await imports.get_returnable_import(db, actor, import_id=import_id)
    pieces = _returned(held, run, rows, written_as)
    first = await anext(pieces)
    name = f"{run['file_name'].rpartition('.')[0] or run['file_name']}-核对结果.{written_as}"
    headers = {"Content-Disposition": saved_as(name), "Cache-Control": "private, no-store"}
    return Streamed(resumed(first, pieces), headers, media_type_of(written_as))


async def _returned(
    held: Resources, run: Row, rows: ReturnedRows, written_as: TabularFormat
) -> AsyncGenerator[bytes]:
    """The file to be handed back, read and written some rows at a time; the first piece comes early."""
    writer = None
    try:
        sealed = SealedFile(run["id"], held.cipher)
        async with sealed.laid_open(held.archive.store, run["stored_size"]) as file:
            async for lines in read_some(read_rows(file), _ROWS_AT_ONCE):
                async with held.pool.connection() as db:
                    said = await imports.returned_lines(db, run=run, lines=lines, rows=rows)
                if writer is None:
                    heads = dict.fromkeys(head for line in lines for head in line.cells)
                    writer = writer_of(written_as, columns_handed_back(list(heads)))
                    yield writer.begin()
                yield writer.add(said)
    except FileNotFoundError:
        raise ImportFileForgotten from None
    if writer is not None:
        yield writer.end()


@router.get(
    "/import-templates/{subject}",
    operation_id="get_import_template",
    response_class=Response,
    responses=_WORKBOOK,
)
async def get_import_template(db: Reading, actor: CurrentActor, subject: ImportSubject) -> Response:
    """A workbook to be filled in for such a file, with drop-downs, examples and what each column means."""
    content = await imports.get_import_template(db, actor, subject=subject)
    name = f"导入模板-{KINDS[subject].words.partition(' / ')[0]}.xlsx"
    return answer_file(content, name, media_type_of(TabularFormat.XLSX))
