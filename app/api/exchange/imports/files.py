"""The files of imports over REST: handed back with what became of their rows, and templates to be filled in."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import Streamed, answer_file, resumed, saved_as
from app.domain.access.actors import Actor
from app.domain.errors import TooMany, Unavailable
from app.domain.exchange import imports
from app.domain.exchange.imports import (
    KINDS,
    FileUnreadable,
    ImportFileForgotten,
    ImportSubject,
    ReturnedRows,
    SealedFile,
)
from app.request import CurrentActor, Reading, Resources, Route, resources
from app.request.turns import Turns
from app.sql import Row
from app.tabular import (
    TabularFormat,
    UnreadableFile,
    columns_handed_back,
    is_workbook,
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
_BYTES_AT_ONCE = 1 << 18
_AT_ONCE_EACH = 2
"""Files that one account fetches at a time: each is laid open on this process's disk meanwhile."""


class WorkbooksBusy(Unavailable):
    """So many workbooks are being read by this process that another would have to wait long."""

    code = "import_workbooks_busy"
    zh = "当前正在读取的工作簿过多，请稍后重试。"
    en = "Too many workbooks are being read: try again a little later."


class TooManyReturnedFiles(TooMany):
    """One account fetches so many files of imports at a time."""

    code = "import_returned_files_limit"
    zh = "同一账号同时取回的导入文件最多 {most} 个，请在 {retry_after} 秒后重试。"
    en = "An account fetches at most {most} files of imports at a time: try again in {retry_after} seconds."


_turns = Turns(_AT_ONCE_EACH, TooManyReturnedFiles)


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
    pieces = _returned(held, actor, run, rows, written_as)
    first = await anext(pieces)
    name = f"{run['file_name'].rpartition('.')[0] or run['file_name']}-核对结果.{written_as}"
    headers = {"Content-Disposition": saved_as(name), "Cache-Control": "private, no-store"}
    return Streamed(resumed(first, pieces), headers, media_type_of(written_as))


async def _returned(
    held: Resources, actor: Actor, run: Row, rows: ReturnedRows, written_as: TabularFormat
) -> AsyncGenerator[bytes]:
    """The file to be handed back; the first piece of what is no workbook comes early."""
    sealed = SealedFile(run["id"], held.cipher)
    try:
        with _turns.of(actor.account_id):
            async with sealed.laid_open(held.archive.store, run["stored_size"]) as file:
                made = _made(held, run, rows, written_as, file)
                if is_workbook(file):
                    made = _beforehand(held, made)
                async with aclosing(made):
                    async for piece in made:
                        yield piece
    except FileNotFoundError:
        raise ImportFileForgotten from None
    except UnreadableFile as fault:
        raise FileUnreadable(fault) from None


async def _beforehand(held: Resources, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The same pieces, all of them made before one is taken.

    Who reads a workbook has a place of few, and keeps it no longer than that: not for as long as a slow
    client takes.
    """
    if held.workbooks.locked():
        raise WorkbooksBusy
    with TemporaryFile() as made:
        async with held.workbooks, aclosing(pieces):
            async for piece in pieces:
                made.write(piece)
        made.seek(0)
        while piece := made.read(_BYTES_AT_ONCE):
            yield piece


async def _made(
    held: Resources, run: Row, rows: ReturnedRows, written_as: TabularFormat, file: BinaryIO
) -> AsyncGenerator[bytes]:
    """The file read and written some rows at a time; one without rows has its last columns alone."""
    writer = None
    async for lines in read_some(read_rows(file), _ROWS_AT_ONCE):
        async with held.pool.connection() as db:
            said = await imports.returned_lines(db, run=run, lines=lines, rows=rows)
        if writer is None:
            heads = dict.fromkeys(head for line in lines for head in line.cells)
            writer = writer_of(written_as, columns_handed_back(list(heads)))
            yield writer.begin()
        yield writer.add(said)
    if writer is None:
        writer = writer_of(written_as, columns_handed_back([]))
        yield writer.begin()
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
