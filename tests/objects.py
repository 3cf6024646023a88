"""An object store that speaks as much of S3 as a store of files needs, in memory, over real HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

import uvicorn
from starlette.requests import Request
from starlette.responses import Response

BUCKET = "files"
_KEY = re.compile(rb"<Key>(.*?)</Key>")


class Objects:
    """The objects, the parts of what is not yet one, and everything that was asked."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []
        self.largest_body = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.largest_body = max(self.largest_body, len(body))
        self.asked.append(f"{request.method} {request.url.path}")
        signed = "AWS4-HMAC-SHA256" in request.headers.get("authorization", "")
        query = {name: value[0] for name, value in
                 parse_qs(request.url.query, keep_blank_values=True).items()}  # fmt: skip
        name = unquote(request.url.path).removeprefix(f"/{BUCKET}").lstrip("/")
        answer = self.answer(request, name, query, body) if signed else Response(None, 403)
        await answer(scope, receive, send)

    def answer(self, request: Request, name: str, query: dict[str, str], body: bytes) -> Response:
        if request.method == "GET" and "list-type" in query:
            return self.listing(query.get("prefix", ""))
        if request.method in {"GET", "HEAD"}:
            return self.content(request, name)
        if request.method == "DELETE":
            self.objects.pop(name, None)
            return Response(None, 204)
        if "delete" in query:
            gone = [key.decode() for key in _KEY.findall(body)]
            for key in gone:
                self.objects.pop(key, None)
            rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
            return self.xml(f"<DeleteResult>{rows}</DeleteResult>")
        return self.written(request, name, query, body)

    def written(self, request: Request, name: str, query: dict[str, str], body: bytes) -> Response:
        if "uploads" in query:
            self.parts[name] = {}
            return self.xml(
                "<InitiateMultipartUploadResult><UploadId>1</UploadId>"
                "</InitiateMultipartUploadResult>"
            )
        if "partNumber" in query:
            self.parts[name][int(query["partNumber"])] = body
        elif "uploadId" in query:
            parts = self.parts.pop(name)
            self.objects[name] = b"".join(parts[number] for number in sorted(parts))
            return self.xml(
                "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"
            )
        elif source := request.headers.get("x-amz-copy-source"):
            self.objects[name] = self.objects[
                unquote(source).removeprefix(f"{BUCKET}/").lstrip("/")
            ]
            return self.xml("<CopyObjectResult><ETag>1</ETag></CopyObjectResult>")
        else:
            self.objects[name] = body
        return Response(None, 200, {"ETag": '"1"'})

    def content(self, request: Request, name: str) -> Response:
        if name not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        data = self.objects[name]
        headers = {"ETag": '"1"', "Last-Modified": "Fri, 20 Nov 2026 02:00:00 GMT"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if asked is None:
            return Response(data, 200, headers)
        start, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
        headers["Content-Range"] = f"bytes {start}-{last}/{len(data)}"
        return Response(data[start : last + 1], 206, headers)

    def listing(self, prefix: str) -> Response:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        rows = "".join(
            f"<Contents><Key>{name}</Key><LastModified>{now}</LastModified><ETag>1</ETag>"
            f"<Size>{len(data)}</Size></Contents>"
            for name, data in sorted(self.objects.items())
            if name.startswith(prefix)
        )
        return self.xml(
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        )

    def xml(self, text: str) -> Response:
        return Response(text, 200, {"ETag": '"1"'}, media_type="application/xml")


@asynccontextmanager
async def serve_objects() -> AsyncIterator[tuple[Objects, str]]:
    """An object store at an address of this machine."""
    objects = Objects()
    server = uvicorn.Server(
        uvicorn.Config(objects, port=0, log_level="critical", lifespan="off", loop="asyncio")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it says so in no other way
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield objects, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
