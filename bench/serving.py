"""The servers that are compared: the application, the floor beneath it, graphql-core in between."""

import asyncio
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import uvicorn

from app.database.embedded import EmbeddedServer
from app.database.migrations import migrate
from app.main import create_application
from app.security.personal_data import load_cipher
from app.settings import Settings, get_settings
from bench import graphql_core
from bench.floor import create_floor
from tests.ports import free_port

OURS, FLOOR, GRAPHQL_CORE = "ours", "floor", "graphql-core"


def _serve(settings: Settings, city: dict[str, Any], kind: str, port: int) -> None:
    if kind == GRAPHQL_CORE:
        graphql_core.put_in_place_of_the_engine()
    application: Any = (
        create_floor(settings, city) if kind == FLOOR else create_application(settings)
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


class Served(NamedTuple):
    """A server: where it listens, and which process it is."""

    port: int
    process: int


@contextmanager
def own_database() -> Iterator[Settings]:
    """The settings of a database of its own, without a city, which is gone afterwards."""
    base = get_settings()
    with (
        TemporaryDirectory() as name,
        EmbeddedServer(Path(name), binaries=base.postgres_binaries) as server,
    ):
        settings = base.model_copy(
            update={
                "data_folder": Path(name),
                "database_url": server.urls.application,
                "database_owner_url": server.urls.owner,
                # What is measured is how fast it is, not how fast anybody may ask.
                "requests_per_second": 0.0,
            }
        )
        migrate(server.urls.owner, server.urls.application)
        # Or each server makes keys of its own.
        load_cipher(settings.data_folder / "personal_data_keys.json")
        yield settings


def data_of(settings: Settings) -> Path:
    """The folder in which the embedded server of these settings keeps its data."""
    [data] = (settings.data_folder / "cluster").resolve().glob("data")
    return data


@contextmanager
def servers(
    settings: Settings, city: dict[str, Any], kinds: Sequence[str] = (OURS, FLOOR, GRAPHQL_CORE)
) -> Iterator[dict[str, Served]]:
    """The servers of these kinds, each in its own process."""
    ports = {kind: free_port() for kind in kinds}
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_serve, args=(settings, city, kind, port))
        for kind, port in ports.items()
    ]
    for process in processes:
        process.start()
    try:
        asyncio.run(_ready(ports.values()))
        yield {
            kind: Served(port, process.pid or 0)
            for (kind, port), process in zip(ports.items(), processes, strict=True)
        }
    finally:
        for process in processes:
            process.terminate()
            process.join()


async def _ready(ports: Iterable[int]) -> None:
    for port in ports:
        for _ in range(6000):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                break
        else:
            raise RuntimeError("a server did not start")
