"""Exports over REST: a list as a file, at once or made beside the requests."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import (
    Streamed,
    answer,
    answer_created,
    answer_one,
    is_known,
    resumed,
    saved_as,
    stream_range,
)
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.errors import TooMany, Unavailable
from app.domain.exchange import exports
from app.domain.exchange.exports import (
    ExportableList,
    ExportLink,
    ExportParameterWrong,
    ExportView,
    NewExport,
    Wanted,
    stored_export,
)
from app.domain.training.files import FilePurpose
from app.request import (
    CurrentActor,
    Reading,
    Resources,
    Route,
    Transaction,
    now,
    resources,
    token_of,
)
from app.request.turns import Turns
from app.tabular import TabularFormat, media_type_of

router = APIRouter(tags=["exchange"], route_class=Route)
contents = APIRouter(prefix="/exports", tags=["exchange"], route_class=Route)
"""Fetched without a token, by whoever has a link."""

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "文件 / the file",
        "content": {media_type_of(each): {} for each in TabularFormat},
    }
}
_AT_ONCE = 4
_places = asyncio.Semaphore(_AT_ONCE)
_AT_ONCE_EACH = 2
"""Lists that one account fetches at a time, so that it leaves places to others."""


class ExportsBusy(Unavailable):
    """So many lists are being fetched through this process that another would keep others waiting."""

    code = "exports_busy"
    zh = "当前直接下载的清单过多，请稍后重试，或提交后台导出（POST /api/v1/exports）。"
    en = "Too many lists are being fetched: try again, or have an export made (POST /api/v1/exports)."


class TooManyDownloads(TooMany):
    """One account fetches so many lists at a time."""

    code = "export_downloads_limit"
    zh = "同一账号同时直接下载的清单最多 {most} 个，请在 {retry_after} 秒后重试。"
    en = "An account fetches at most {most} lists at a time: try again in {retry_after} seconds."


_turns = Turns(_AT_ONCE_EACH, TooManyDownloads)


@router.get(
    "/exportable-lists",
    operation_id="list_exportable_lists",
    response_model=list[ExportableList],
)
async def list_exportable_lists(db: Reading, actor: CurrentActor) -> Response:
    """The lists that can be exported, with their columns and filters."""
    return answer(await exports.list_exportable_lists(db, actor))


@router.get(
    "/exportable-lists/{list_name}/content",
    operation_id="get_list_content",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def get_list_content(
    request: Request,
    actor: CurrentActor,
    list_name: Annotated[str, Path(max_length=60, description="清单 / the list")],
    filter: Annotated[
        list[str],
        Query(max_length=30, description="筛选条件 参数=取值，可重复 / name=value, repeated"),
    ] = [],  # noqa: B006  FastAPI reads it and changes nothing
    columns: Annotated[
        str | None, Query(max_length=2000, description="列，逗号分隔 / only these, by commas")
    ] = None,
    sort: Annotated[str | None, Query(max_length=41, description="排序 / order")] = None,
    written_as: Annotated[
        TabularFormat, Query(alias="format", description="格式 / csv, xlsx or jsonl")
    ] = TabularFormat.CSV,
) -> Response:
    """All of a list as a file, at once: of one state of the register, for as long as it is taken."""
    wanted = Wanted.of(
        list_name,
        [_parted(each, list_name) for each in filter],
        columns=None if columns is None else columns.split(","),
        sort=sort,
        format=written_as,
    )
    if _places.locked():
        raise ExportsBusy
    pieces = _pieces(resources(request), actor, token_of(request), wanted)
    first = await anext(pieces)
    headers = {
        "Content-Disposition": saved_as(f"{list_name}.{written_as}"),
        "Cache-Control": "private, no-store",
    }
    return Streamed(resumed(first, pieces), headers, media_type_of(written_as))


def _parted(filter: str, list_name: str) -> tuple[str, str]:
    name, separator, value = filter.partition("=")
    if not separator:
        raise ExportParameterWrong(list=list_name[:60], parameter="?", allowed="name=value")
    return name, value


async def _pieces(
    held: Resources, actor: Actor, token: str, wanted: Wanted
) -> AsyncGenerator[bytes]:
    """The file, read on a connection of its own until the client has it or goes away.

    It is cut off where the token ends meanwhile, by its time or because rights were taken away: what
    takes longer is asked for as an export.
    """
    with _turns.of(actor.account_id):
        async with _places, held.pool.transaction(read_only=True, wall=wall_of(actor)) as db:
            async for piece, _ in wanted.pieces(db, actor, now=now()):
                held.tokens.read(token)
                yield piece


@router.post("/exports", operation_id="create_export", response_model=ExportView, status_code=201)
async def create_export(db: Transaction, actor: CurrentActor, new: NewExport) -> Response:
    """Have a list made into a file beside the requests; refused at once where the list would be."""
    row = await exports.create_export(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/exports/{row['id']}")


@router.get("/exports", operation_id="list_exports", response_model=list[ExportView])
async def list_exports(db: Reading, actor: CurrentActor) -> Response:
    """One's own exports, the latest first."""
    return answer(await exports.list_exports(db, actor))


@router.get("/exports/{export_id}", operation_id="get_export", response_model=ExportView)
async def get_export(
    request: Request, db: Reading, actor: CurrentActor, export_id: UUID
) -> Response:
    """One of one's own exports, and how far it is."""
    return answer_one(request, await exports.get_export(db, actor, export_id=export_id))


@router.post("/exports/{export_id}/cancel", operation_id="cancel_export", response_model=ExportView)
async def cancel_export(db: Transaction, actor: CurrentActor, export_id: UUID) -> Response:
    """Cancel one's own export, before or while it is made."""
    return answer(await exports.cancel_export(db, actor, export_id=export_id, now=now()))


@router.post(
    "/exports/{export_id}/link", operation_id="create_export_link", response_model=ExportLink
)
async def create_export_link(
    request: Request, db: Transaction, actor: CurrentActor, export_id: UUID
) -> Response:
    """A link to the file, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await exports.create_export_link(db, actor, export_id=export_id, links=links, now=now())
    )


@contents.get(
    "/{export_id}/content",
    operation_id="get_export_content",
    response_class=StreamingResponse,
    responses={**_FILE, 206: {"description": "文件的一部分 / a part of the file"}},
)
async def get_export_content(
    request: Request,
    export_id: UUID,
    until: Annotated[int, Query(ge=0, le=2**40, description="失效时间 / end, Unix seconds")],
    signature: Annotated[str, Query(max_length=64, description="签名 / signature")],
) -> Response:
    """The file of an export, whole or one range of it, for whoever has a link that holds."""
    held = resources(request)
    held.archive.links.check(export_id, FilePurpose.DOWNLOAD, until, signature, now())
    async with held.pool.connection() as db:
        file = await exports.read_fetched(db, export_id=export_id, now=now())
    headers = {
        "ETag": f'"{file["sha256"]}"',
        "Content-Disposition": saved_as(f"{file['list']}.{file['format']}"),
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(file['sha256'])).decode()}:",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if is_known(request, headers["ETag"]):
        return Response(None, 304, headers)
    store, name = held.archive.store, stored_export(export_id)
    return stream_range(
        request,
        file["size"],
        headers,
        media_type_of(TabularFormat(file["format"])),
        lambda start, end: store.read(name, start, end),
    )
