"""What lies around every request, on a connection as clients have it: in front of it stands a server."""

import asyncio
import socket

import pytest
import uvicorn
from fastapi import FastAPI

from app.cli.patience import PatientProtocol
from app.request.transport import Transport


@pytest.mark.parametrize(("path", "status"), [("/thing", b"200"), ("/nothing", b"404")])
async def test_a_connection_survives_the_head_of_an_answer(path: str, status: bytes) -> None:
    application = FastAPI()
    application.add_middleware(Transport)
    application.add_api_route("/thing", lambda: {"name": "thing"})
    configured = uvicorn.Config(application, http=PatientProtocol, lifespan="off", log_config=None)
    server = uvicorn.Server(configured)
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.create_task(server.serve([door]))
        reader, writer = await asyncio.open_connection(*door.getsockname())
        try:
            for _ in range(3):
                writer.write(f"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
                assert head.startswith(b"HTTP/1.1 " + status)
                assert b"\r\ncontent-length: " in head.lower()
        finally:
            writer.close()
            server.should_exit = True
            await serving
