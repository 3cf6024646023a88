"""A real PostgreSQL, built by the migrations, and the whole application on it.

Most tests live in one outer transaction that is rolled back (`db`, `client`, `city`): requests get the
same connection, and their transactions become savepoints. What a savepoint hides (races, isolation,
the feed, crashes) uses `real_database`, whose commits are real and which is emptied afterwards.
"""

import gc

# Nothing of what is imported is garbage, and looking for some takes a third of the time until the first
# test runs; what is imported is laid aside and the collector set to work once the tests are known.
gc.disable()

# Before the first statement is written, which many modules do when they are imported.
from tests.correlation import forbid_lost_rows

forbid_lost_rows()

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from hypothesis import settings as drawing

from app import main
from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.database.pool import Pool, Sight
from app.database.replicas import Replicas
from app.domain.credits.certificates import Issuer
from app.main import create_application
from app.request import Resources
from app.request.actors import ActorReader, ends_with
from app.request.origins import Origins
from app.security.credentials import CredentialSigner
from app.security.personal_data import load_cipher
from app.security.tokens import JoseKey, Keyring, VerifiedTokens
from app.settings import Settings
from app.sql import Connection, prepare_connection
from app.storage import open_archive
from app.typesetting import Typesetter
from app.wall import Behind, Wall
from tests.compared import Compared
from tests.make import City, Client, make_city

WALL = os.environ.get("YANXUN_SECOND_WALL", "compared")
"""`off` lets reads of most tests see what the domain shows, without the second wall."""

# What is drawn is the same in every run, so that a change is never blamed for a case that nobody had drawn
# before; `make test TESTS="… --hypothesis-profile=search"` draws others each time. Time decides nothing.
drawing.register_profile("same", deadline=None, derandomize=True, database=None)
drawing.register_profile("search", deadline=None, max_examples=1000)
drawing.load_profile("same")


def pytest_collection_finish() -> None:
    """Let the garbage collector work from here on, on what the tests make."""
    main.tidy_memory()
    # An application that starts lays aside all there is. Here many do, and what the tests before left
    # would never be found again.
    setattr(main, "tidy_memory", gc.enable)  # noqa: B010  mypy knows no other way


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """A migrated database: the one of DATABASE_URL, or an embedded server's of our own."""
    given, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if given and owner:
        migrate(owner, given)
        yield Urls(application=given, owner=owner)
        return
    binaries = os.environ.get("YANXUN_POSTGRES_BINARIES")
    folder = tmp_path_factory.mktemp("a database")
    server = EmbeddedServer(folder, binaries=Path(binaries) if binaries else None)
    try:
        made = server.start()
        migrate(made.owner, made.application)
        yield made
    finally:
        server.erase()


@pytest.fixture(scope="session")
def resources(tmp_path_factory: pytest.TempPathFactory, urls: Urls) -> Resources:
    """What a process holds, but for its pool: each test brings its own."""
    folder = tmp_path_factory.mktemp("keys")
    keyring = Keyring(
        [JoseKey(ec.generate_private_key(ec.SECP256R1()))], issuer="test", audience="test"
    )
    actors = ActorReader()
    return Resources(
        settings=Settings(data_folder=folder, database_url=urls.application),
        pool=None,  # type: ignore[arg-type]  # set by each test
        keyring=keyring,
        actors=actors,
        tokens=VerifiedTokens(keyring, actors, subjects=ends_with),
        origins=Origins(),
        archive=open_archive(Settings(data_folder=folder)),
        typesetter=Typesetter(),
        signer=CredentialSigner(
            [ec.generate_private_key(ec.SECP256R1())], Issuer("http://127.0.0.1:8000").did
        ),
        cipher=load_cipher(folder / "personal_data_keys.json"),
    )


@pytest.fixture(scope="session")
def application(resources: Resources) -> FastAPI:
    """The application, without its lifespan: tests bring the resources."""
    return create_application(resources.settings)


class SharedPool(Pool):
    """Hands out one connection again and again, inside the test's outer transaction.

    A transaction becomes a savepoint; at its end deferred constraints are checked, which the rolled
    back outer transaction would never do.
    """

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._one = driver
        self.statements = 0
        self.walled: type[Behind] | None = None if WALL == "off" else Compared
        """What somebody behind the wall has; None where there is to be none."""

    def used(self, wall: Wall | None) -> Any:
        """The connection as somebody with this wall has it."""
        return self._one if wall is None or self.walled is None else self.walled(self._one, wall)

    @asynccontextmanager
    async def connection(self, wall: Wall | None = None) -> AsyncIterator[Connection]:
        db = Connection(self.used(wall))
        yield db
        self.statements += db.statements

    @asynccontextmanager
    async def transaction(
        self,
        *,
        read_only: bool = False,  # noqa: ARG002  the outer transaction writes
        wall: Wall | None = None,
    ) -> AsyncIterator[Connection]:
        used = self.used(wall)
        db = Connection(used)
        async with used.transaction():
            yield db
            if wall is None:
                await self._one.execute(
                    "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
                )
        self.statements += db.statements


class ReadOnlyReplicas(Replicas):
    """What a replica would answer, and refuse: reads on the one connection, within which nothing is written.

    With `YANXUN_REPLICA=yes` every test's reads go this way, and one that writes fails.
    """

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._one = driver

    @asynccontextmanager
    async def _lend(
        self, _account_id: UUID, _sight: Sight, wall: Wall | None, *, in_transaction: bool
    ) -> AsyncIterator[Connection]:
        async with self._one.transaction():
            await self._one.execute("SET TRANSACTION READ ONLY")
            pool = SharedPool(self._one)
            lent = pool.transaction(wall=wall) if in_transaction else pool.connection(wall)
            async with lent as db:
                yield db

    def remember(self, account_id: UUID, position: int) -> None:
        """Everything is on one server here."""


class KeptConnection:
    """One connection for many tests: what it has prepared, and the server has planned, stays."""

    def __init__(self, url: str, *, prepared: int = 1000) -> None:
        self._url = url
        self._prepared = prepared
        self._open: asyncpg.Connection | None = None

    async def opened(self) -> asyncpg.Connection:
        """The connection; a new one after a test has broken it."""
        if self._open is None or self._open.is_closed():
            self._open = await asyncpg.connect(
                self._url, statement_cache_size=self._prepared, max_cacheable_statement_size=0
            )
            async with self._open.transaction():
                await prepare_connection(self._open)
        return self._open

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()


@pytest.fixture(scope="session")
def reached(urls: Urls) -> Iterator[str]:
    """The address by which most tests reach the database.

    With `YANXUN_POOLER=yes` a PgBouncer in transaction mode stands before it, through which nothing is
    prepared. What needs a session, or commits, goes past it as always.
    """
    if not os.environ.get("YANXUN_POOLER"):
        yield urls.application
        return
    from tests.database.pgbouncer import pgbouncer  # noqa: PLC0415  needed here alone

    with pgbouncer(urls.application) as url:
        yield url


@pytest.fixture(scope="session")
async def kept(urls: Urls, reached: str) -> AsyncIterator[KeptConnection]:
    """The connection that the tests of this process use one after the other."""
    connection = KeptConnection(reached, prepared=1000 if reached == urls.application else 0)
    yield connection
    await connection.close()


@pytest.fixture
async def driver(kept: KeptConnection) -> AsyncIterator[asyncpg.Connection]:
    """The application role's connection, in a transaction that is rolled back."""
    connection = await kept.opened()
    outer = connection.transaction()
    await outer.start()
    try:
        yield connection
    finally:
        if not connection.is_closed():
            await outer.rollback()


@pytest.fixture
async def pool(driver: asyncpg.Connection) -> AsyncIterator[SharedPool]:
    """The pool that the application uses in this test; it counts statements.

    What was read behind the second wall was read without it, too, and was the same.
    """
    Compared.differences.clear()
    yield SharedPool(driver)
    assert Compared.differences == []


@pytest.fixture
async def db(driver: asyncpg.Connection) -> Connection:
    """The test's own way to the data, in the same transaction as the application's."""
    return Connection(driver)


@pytest.fixture
async def http(
    application: FastAPI, resources: Resources, pool: SharedPool
) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client of the application."""
    replicas = ReadOnlyReplicas(pool._one) if os.environ.get("YANXUN_REPLICA") else None
    application.state.resources = replace(resources, pool=pool, replicas=replicas)
    async with asking(application) as client:
        yield client


def asking(application: FastAPI) -> httpx2.AsyncClient:
    """What asks an application without a socket."""
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture
async def client(http: httpx2.AsyncClient, resources: Resources) -> Client:
    """Requests as some account: `await client.get(account, path)`, `await client.graphql(…)`."""
    return Client(http, resources.keyring)


@pytest.fixture
async def city(db: Connection, resources: Resources) -> City:
    """A small city with accounts of every role; see `tests.make.make_city`."""
    return await make_city(db, resources.cipher)


@pytest.fixture
async def real_pool(urls: Urls) -> AsyncIterator[Pool]:
    """A pool whose commits are real; every table is emptied afterwards."""
    opened = await Pool.open(urls.application, size=8, patience=10, statement_timeout=30)
    try:
        yield opened
    finally:
        await opened.close()
        await empty(urls.owner)


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> City:
    """The small city, committed."""
    async with real_pool.transaction() as db:
        return await make_city(db, resources.cipher)


@pytest.fixture
async def served(
    application: FastAPI, resources: Resources, real_pool: Pool
) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client of the application, whose commits are real."""
    application.state.resources = replace(resources, pool=real_pool)
    async with asking(application) as client:
        yield client


@pytest.fixture
async def outside(served: httpx2.AsyncClient, resources: Resources) -> Client:
    """Requests as some account, with real commits."""
    return Client(served, resources.keyring)


async def empty(owner_url: str) -> None:
    """Empty every table, as the owner: the application's role could not."""
    owner = await asyncpg.connect(owner_url)
    try:
        names = await owner.fetch(
            "SELECT quote_ident(tablename) AS name FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        # What is only ever added to refuses this to everybody; only its owner can lay that aside.
        kept = await owner.fetch(
            "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'append_only'"
        )
        append_only = [
            [f"ALTER TABLE {row['name']} {does} TRIGGER append_only" for row in kept]
            for does in ("DISABLE", "ENABLE")
        ]
        truncate = f"TRUNCATE {', '.join(row['name'] for row in names)}"
        await owner.execute(";".join([*append_only[0], truncate, *append_only[1]]))
    finally:
        await owner.close()
