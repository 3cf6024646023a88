"""How REST answers: rows encoded as they come, pages with their links, ETags on single things."""

import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.types import Receive, Scope, Send

from app.domain.errors import Invalid, Outdated
from app.domain.paging import Page

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class PageOf(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(
        description="下一页的 cursor，末页为 null / cursor of the following page, null at the end"
    )


class UnknownField(Invalid):
    """`fields` names something that the things of this list do not have."""

    code = "unknown_field"
    zh = "参数 fields 含有未知的字段，可用：{allowed}。"
    en = "The parameter 'fields' names an unknown field; there are: {allowed}."


class ChangedMeanwhile(Outdated):
    """The thing is no longer what `If-Match` says it was."""

    code = "changed_meanwhile"
    zh = "数据已被他人修改，请重新读取后再提交。"
    en = "This was changed meanwhile: read it again before you change it."


async def _fields(
    fields: Annotated[
        str | None,
        Query(max_length=500, description="只返回这些字段，逗号分隔 / only these fields"),
    ] = None,
) -> tuple[str, ...] | None:
    return None if fields is None else tuple(dict.fromkeys(fields.split(",")))


Fields = Annotated[tuple[str, ...] | None, Depends(_fields)]
"""The parameter `fields`: which fields of the things of a list are wanted; None for all."""


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of this content as JSON; amounts become decimal strings, moments ISO 8601 in UTC."""
    return Response(_encode(content), status, headers, media_type="application/json")


def etag_of(row: Mapping[str, Any]) -> str:
    """The entity tag of one thing: a hash of what is shown of it."""
    return tag_of(_encode(row))


def tag_of(content: bytes) -> str:
    """The entity tag of what an answer says."""
    return f'"{sha256(content).hexdigest()[:24]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` says that the client has just this already."""
    known = request.headers.get("if-none-match", "")
    return tag in (part.strip().removeprefix("W/") for part in known.split(","))


def answer_one(request: Request, row: Mapping[str, Any]) -> Response:
    """One thing with its ETag; 304 without a body where the client has it already."""
    body = _encode(row)
    tag = tag_of(body)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if is_known(request, tag):
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type="application/json")


def answer_created(row: Mapping[str, Any], location: str) -> Response:
    """A new thing, and where it can be read."""
    return answer(row, 201, {"Location": location, "ETag": etag_of(row)})


IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": False,
            "description": "读取时的 ETag，数据已变更则拒绝 / the ETag as read: refused if it changed",
            "schema": {"type": "string"},
        }
    ]
}
"""How an operation that calls `check_if_match` says so in the OpenAPI document: its `openapi_extra`."""


def check_if_match(request: Request, row: Mapping[str, Any]) -> None:
    """Refuse a change whose `If-Match` names only other states than the present one (RFC 9110, 13.1.1).

    A weak tag names none: it does not say that every byte is the same.
    """
    if "if-match" not in request.headers:
        return
    named = {tag.strip() for line in request.headers.getlist("if-match") for tag in line.split(",")}
    if named.isdisjoint({"*", etag_of(row)}):
        raise ChangedMeanwhile


def answer_page(request: Request, page: Page, fields: Sequence[str] | None = None) -> Response:
    """A page, with a `Link` header to the next one."""
    items = page.items
    if fields is not None and items:
        for name in fields:
            if name not in items[0]:
                raise UnknownField(allowed=", ".join(items[0]))
        items = [{name: item[name] for name in fields} for item in items]
    headers = {}
    if page.next is not None:
        following = request.url.include_query_params(cursor=page.next)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return answer({"items": items, "next": page.next}, headers=headers)


def saved_as(name: str, disposition: str = "attachment") -> str:
    """The header that says under which name a file is saved, whatever characters it has."""
    return f"{disposition}; filename*=UTF-8''{quote(name, safe='')}"


def answer_file(content: bytes, name: str, media_type: str) -> Response:
    """A whole file of somebody's own, to be saved under its name: no cache keeps it."""
    headers = {"Content-Disposition": saved_as(name), "Cache-Control": "private, no-store"}
    return Response(content, headers=headers, media_type=media_type)


def stream_range(
    request: Request,
    size: int,
    headers: Mapping[str, str],
    media_type: str,
    read: Callable[[int, int], AsyncGenerator[bytes]],
) -> Response:
    """A content of this size, whole or the one range of it that is asked for; `read` gives the bytes."""
    headers = {**headers, "Accept-Ranges": "bytes"}
    asked = _range_of(request.headers.get("range"), size)
    start, end = (0, size) if asked is None else asked
    if asked is not None and start >= end:
        return Response(None, 416, headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(end - start)
    answered = Streamed(read(start, end), headers, media_type)
    if asked is not None:
        answered.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        answered.status_code = 206
    return answered


_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def _range_of(header: str | None, size: int) -> tuple[int, int] | None:
    """The one range that is asked for, None for the whole; an empty one cannot be met.

    Several ranges, or what is no range of bytes, are answered with the whole (RFC 9110, 14.2).
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(size - int(found[2]), 0), size
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    return (size, size) if start > last else (start, min(last + 1, size))


async def resumed(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """All pieces of an answer of which the first was made before, so that it could still be refused."""
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()


class Streamed(StreamingResponse):
    """An answer in pieces that lets go of what these hold, whenever the client goes away."""

    def __init__(
        self, pieces: AsyncGenerator[bytes], headers: Mapping[str, str], media_type: str
    ) -> None:
        self._pieces = pieces
        super().__init__(pieces, 200, headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces, and close what makes them whatever happens."""
        async with aclosing(self._pieces):
            await super().__call__(scope, receive, send)
