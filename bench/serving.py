"""The two servers that are compared: the application, and the floor beneath it."""

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.main import create_application
from app.settings import Settings
from bench.floor import create_floor


def _serve(settings: Settings, city: dict[str, Any] | None, port: int) -> None:
    application: Any = (
        create_application(settings) if city is None else create_floor(settings, city)
    )
    uvicorn.run(
        application,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def servers(settings: Settings, city: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Both servers, each in its own process; the ports of the application and of the floor."""
    ports = _free_port(), _free_port()
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_serve, args=(settings, None, ports[0])),
        context.Process(target=_serve, args=(settings, city, ports[1])),
    ]
    for process in processes:
        process.start()
    try:
        asyncio.run(_ready(ports))
        yield ports
    finally:
        for process in processes:
            process.terminate()
            process.join()


async def _ready(ports: tuple[int, int]) -> None:
    for port in ports:
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                break
        else:
            raise RuntimeError("a server did not start")
