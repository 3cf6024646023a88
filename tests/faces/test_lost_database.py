"""What both faces answer while the database is gone, busy or in a hurry: 503 or 409, never a defect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import httpx2
import pytest
from asyncpg.exceptions import ProtocolError
from fastapi import FastAPI

from app.database.embedded import Urls
from app.database.pool import Pool, PoolExhausted
from app.request import Resources
from app.sql import Connection
from app.wall import Wall
from tests.make import City, Client, make_city

LOST = [
    asyncpg.InternalClientError("connection is closed"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
    ProtocolError("unexpected message"),
    ConnectionResetError("gone"),
]
GAVE_WAY = [
    asyncpg.SerializationError("could not serialize access"),
    asyncpg.DeadlockDetectedError("deadlock detected"),
]
DEFECT = [
    asyncpg.InterfaceError("another operation is in progress"),
    asyncpg.UndefinedTableError('relation "zaubernuss" does not exist'),
    ValueError("zaubernuss"),
]


class FailingPool(Pool):
    """A pool whose connections fail so."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    @asynccontextmanager
    async def connection(self, wall: Wall | None = None) -> AsyncIterator[Connection]:
        yield self.fail(f"{wall=}")

    @asynccontextmanager
    async def transaction(
        self,
        *,
        read_only: bool = False,
        wall: Wall | None = None,
    ) -> AsyncIterator[Connection]:
        yield self.fail(f"{read_only=}", f"{wall=}")

    def fail(self, *_: str) -> Connection:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        *((error, 503, "database_unavailable") for error in LOST),
        *((error, 409, "concurrent_change") for error in GAVE_WAY),
        *((error, 500, "internal_error") for error in DEFECT),
        (asyncpg.CharacterNotInRepertoireError("0x00"), 422, "invalid_value"),
        (PoolExhausted(retry_after=1), 503, "overloaded"),
    ],
)
async def test_both_faces_say_the_same(
    error: Exception, status: int, code: str,
    client: Client, city: City, application: FastAPI, resources: Resources,
) -> None:  # fmt: skip
    application.state.resources = replace(resources, pool=FailingPool(error))
    answer = await client.get(city.city_admin, "/units")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status in {429, 503})
    assert "zaubernuss" not in answer.text
    told = await client.graphql(city.city_admin, "{ units { nodes { id } } }")
    extensions = told["errors"][0]["extensions"]
    assert (extensions["status"], extensions["code"]) == (status, code)
    assert "zaubernuss" not in str(told)


async def test_no_connection_to_be_had_is_told(
    urls: Urls, client: Client, city: City, application: FastAPI, resources: Resources
) -> None:
    closed = await Pool.open(urls.application, size=1, patience=1, statement_timeout=30)
    await closed.close()
    application.state.resources = replace(resources, pool=closed)
    for path in ("/units", "//readyz"):
        answer = await client.get(city.city_admin, path)
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")


async def test_a_connection_that_was_killed_is_told_and_the_next_request_served(
    urls: Urls, application: FastAPI, resources: Resources, real_pool: Pool
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    small = await Pool.open(urls.application, size=1, patience=5, statement_timeout=30)
    application.state.resources = replace(resources, pool=small)
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    killer = await asyncpg.connect(urls.application)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
            client = Client(http, resources.keyring)
            for path in ("/units", "/me", "/teachers"):
                assert (await client.get(city.city_admin, path)).status_code == 200
                await killer.execute(
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                    " WHERE usename = current_user AND pid <> pg_backend_pid()"
                )
                answers = [await client.get(city.city_admin, path) for _ in range(3)]
                assert {answer.status_code for answer in answers} <= {200, 503}
                assert answers[-1].status_code == 200
    finally:
        await killer.close()
        await small.close()
