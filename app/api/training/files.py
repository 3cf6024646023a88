"""Files over REST: handed in as one stream, fetched by a signed link."""

import base64
import binascii
import re
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from app.api.answers import (
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    is_known,
    saved_as,
    stream_range,
)
from app.domain.errors import Invalid
from app.domain.training import files
from app.domain.training.files import (
    MEDIA_TYPES,
    FileLink,
    FilePurpose,
    FileSharing,
    FileSharingChange,
    FileView,
    MediaKind,
    NewFile,
    NewFileLink,
    Received,
    saved_name,
    stored_name,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Resources,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)

router = APIRouter(prefix="/files", tags=["training"], route_class=Route)
contents = APIRouter(prefix="/files", tags=["training"], route_class=Route)
"""Fetched without a token, by whoever has a link: an image or a player cannot send one."""

_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BYTES)},
}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "文件内容 / the content",
        "content": {"application/octet-stream": _BYTES},
    },
    206: {
        "description": "文件内容的一部分 / a part of the content",
        "content": {"application/octet-stream": _BYTES},
    },
}
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")


class DigestUnreadable(Invalid):
    """`Content-Digest` names no SHA-256 in the form of RFC 9530."""

    code = "content_digest_unreadable"
    zh = "请求头 Content-Digest 须形如 sha-256=:…:（RFC 9530）。"
    en = "Content-Digest has the form sha-256=:…: (RFC 9530)."


def _digest_of(header: str | None) -> bytes | None:
    """The SHA-256 that the header names, None without a header."""
    if header is None:
        return None
    found = _DIGEST.search(header)
    try:
        return base64.b64decode(found[1], validate=True) if found else _unreadable()
    except binascii.Error:
        return _unreadable()


def _unreadable() -> bytes:
    raise DigestUnreadable


def _media_type_of(request: Request) -> str:
    """The type that is said, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]


def _size_of(request: Request) -> int:
    """How many bytes are announced, possibly none."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _read(said: dict[str, Any]) -> NewFile:
    """What is said of a file, refused as any request that does not fit."""
    try:
        return NewFile.model_validate(said)
    except ValidationError as problem:
        raise RequestValidationError(problem.errors()) from problem


@router.post(
    "",
    operation_id="upload_file",
    response_model=FileView,
    status_code=201,
    openapi_extra=_BODY,
)
async def upload_file(
    request: Request,
    actor: CurrentActor,
    name: Annotated[str, Query(max_length=200, description="文件名 / its name, without a path")],
    unit_id: Annotated[
        UUID | None, Query(description="所属单位，教师本人文件不填 / unit; left out for one's own")
    ] = None,
    shows_pupils: Annotated[  # noqa: FBT002  FastAPI names its parameters
        bool, Query(description="是否出现学生 / whether it shows pupils")
    ] = False,
    consent: Annotated[
        str | None, Query(max_length=200, description="监护人同意凭据 / reference of the consent")
    ] = None,
    sharing: Annotated[
        FileSharing, Query(description="共享范围，默认仅本单位 / how far it goes")
    ] = FileSharing.UNIT,
    content_digest: Annotated[
        str | None, Header(max_length=300, description="SHA-256，RFC 9530 / of the content")
    ] = None,
) -> Response:
    """Hand a file in: its bytes are the body, its type `Content-Type`, and it must be what it says."""
    held, digest = resources(request), _digest_of(content_digest)
    archive, size = held.archive, _size_of(request)
    said = {"name": name, "unit_id": unit_id, "shows_pupils": shows_pupils, "consent": consent}
    new = _read(said | {"sharing": sharing, "media_type": _media_type_of(request)})
    async with held.pool.connection() as db:
        room = await files.check_upload(db, actor, new=new, size=size, archive=archive)
    try:
        received = await Received.of(archive, request.stream(), new=new, sha256=digest, room=room)
    except ClientDisconnect:
        return Response(None, 400)  # Nobody is there to be told, and nothing of it is kept.
    try:
        async with begin_transaction(request, actor) as db:
            row = await files.upload_file(
                db, actor, new=new, received=received, archive=archive, now=now()
            )
    except BaseException:
        await received.forget(archive)
        raise
    return answer_created(row, f"/api/v1/files/{row['id']}")


@router.get("", operation_id="list_files", response_model=PageOf[FileView])
async def list_files(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / unit")] = None,
    kind: Annotated[MediaKind | None, Query(description="类别 / kind")] = None,
) -> Response:
    """One's own files, those of one's unit and those shared with it (`created`)."""
    found = await files.list_files(db, actor, page=page, unit_id=unit_id, kind=kind)
    return answer_page(request, found, fields)


@router.get("/{file_id}", operation_id="get_file", response_model=FileView)
async def get_file(request: Request, db: Reading, actor: CurrentActor, file_id: UUID) -> Response:
    """What is known of one file; its content is fetched by a link."""
    return answer_one(request, await files.get_file(db, actor, file_id=file_id))


@router.post("/{file_id}/link", operation_id="create_file_link", response_model=FileLink)
async def create_file_link(
    request: Request, db: Transaction, actor: CurrentActor, file_id: UUID, new: NewFileLink
) -> Response:
    """A link to a file, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    row = await files.create_file_link(db, actor, file_id=file_id, new=new, links=links, now=now())
    return answer(row)


@router.post("/{file_id}/share", operation_id="share_file", response_model=FileView)
async def share_file(
    db: Transaction, actor: CurrentActor, file_id: UUID, change: FileSharingChange
) -> Response:
    """Let a file of the actor's unit go further, or less far."""
    return answer(await files.share_file(db, actor, file_id=file_id, change=change))


@contents.get(
    "/{file_id}",
    operation_id="get_file_content",
    response_class=StreamingResponse,
    responses=_CONTENT,
)
async def get_file_content(
    request: Request,
    file_id: UUID,
    purpose: Annotated[FilePurpose, Query(description="用途 / purpose")],
    until: Annotated[int, Query(ge=0, le=2**40, description="失效时间 / end, Unix seconds")],
    signature: Annotated[str, Query(max_length=64, description="签名 / signature")],
) -> Response:
    """The content of a file, whole or one range of it, for whoever has a link that holds."""
    held = resources(request)
    held.archive.links.check(file_id, purpose, until, signature, now())
    async with held.pool.connection() as db:
        file = await files.stored_file(db, file_id=file_id)
    tag = f'"{file["sha256"]}"'
    headers = _headers(file, purpose) | {"ETag": tag}
    if is_known(request, tag):
        return Response(None, 304, headers)
    return stream_range(
        request, file["size"], headers, file["media_type"], lambda *part: _pieces(held, file, *part)
    )


def _headers(file: dict[str, Any], purpose: FilePurpose) -> dict[str, str]:
    """What a browser is told: not to guess the type, to run nothing, and how to call the file."""
    disposition = "inline" if purpose is FilePurpose.VIEW else "attachment"
    name = saved_name(file["name"], file["media_type"])
    return {
        "Content-Disposition": saved_as(name, disposition),
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


async def _pieces(
    held: Resources, file: dict[str, Any], start: int, end: int
) -> AsyncGenerator[bytes]:
    """The bytes of a file from the store, as fast as the client takes them."""
    async for piece in held.archive.store.read(stored_name(file["sha256"]), start, end):
        yield piece
