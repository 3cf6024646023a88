"""Reading from a real streaming replica: own writes, lag, a replica that dies, one that is promoted."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg
import httpx2
import pytest

from app.database.embedded import SUPERUSER, EmbeddedServer
from app.database.migrations import migrate
from app.database.pool import Pool, Sight
from app.database.replicas import READS, Replicas, gave_up, position_of
from app.domain.errors import Unavailable
from app.main import create_application, open_resources
from app.request import Resources
from app.settings import Settings
from app.sql import LOST
from tests.database.standby import make_standby
from tests.database.test_embedded import PROGRAMS, ask
from tests.make import City, Client, make_city

ENOUGH = 30.0
SEEN = "X-Yanxun-Seen"


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path_factory.mktemp("primary"), binaries=PROGRAMS)
    urls = server.start()
    migrate(urls.owner, urls.application)
    yield server
    server.erase()


@pytest.fixture(scope="module")
def made_standby(
    primary: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmbeddedServer]:
    server = make_standby(primary, tmp_path_factory.mktemp("standby"))
    yield server
    server.erase()


@pytest.fixture
async def standby(made_standby: EmbeddedServer) -> AsyncIterator[EmbeddedServer]:
    """The replica, replaying whatever a test before did to it."""
    yield made_standby
    if made_standby.alive:
        await pause(made_standby, paused=False)


async def asked(url: str, *statements: str) -> object:
    """What a server answers to the last of these."""
    return await asyncio.to_thread(ask, url, *statements)


async def pause(standby: EmbeddedServer, *, paused: bool = True) -> None:
    """Let the replica stand still, while it goes on answering; or let it go on."""
    does = f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()"
    await asked(standby.url(SUPERUSER), does, "SELECT 1")


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + ENOUGH
    while not await true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Client, Resources]]:
    application = create_application(settings)
    async with open_resources(settings) as held:
        application.state.resources = held
        transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Client(http, held.keyring), held


@pytest.fixture(scope="module")
async def served(
    primary: EmbeddedServer, made_standby: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator["House"]:
    """The application on both servers, with a small city that both have."""
    await asyncio.to_thread(made_standby.start)
    settings = Settings(
        data_folder=tmp_path_factory.mktemp("keys"),
        database_url=primary.urls.application,
        database_replica_urls=[made_standby.urls.application],
        replica_behind=2,
        requests_per_second=0,
    )
    async with serving(settings) as (client, held):
        async with held.pool.transaction() as db:
            city = await make_city(db, held.cipher)
        yield client, held, city


@pytest.fixture
async def house(served: "House") -> "House":
    """The same, when the replica has caught up and nobody has written for a while."""
    _, held, _ = served
    await caught_up(held)
    replicas_of(held)._written.clear()
    return served


async def caught_up(held: Resources) -> None:
    """Wait until the replica has what is on the primary, and the application knows."""
    async with held.pool.connection() as db:
        sight = Sight(seen=await db.position())

    async def reached() -> bool:
        await replicas_of(held).look()
        return replicas_of(held)._choose(UUID(int=0), sight) is not None

    await until(reached)


def replicas_of(held: Resources) -> Replicas:
    assert held.replicas is not None
    return held.replicas


def reads() -> dict[str, float]:
    """How many reads each kind of server has answered."""
    return {name: READS.labels(name)._value.get() for name in ("primary", "replica")}


async def names(client: Client, city: City, name: str, **headers: str) -> list[str]:
    """The groups of a school that have this name, as its administrator reads them."""
    answer = await client.get(
        city.school_admin, f"/groups?unit_id={city.school['id']}", headers=headers
    )
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"] if each["name"] == name]


async def make_group(client: Client, city: City, name: str) -> httpx2.Response:
    answer = await client.post(
        city.city_admin,
        "/groups",
        {
            "unit_id": str(city.school["id"]),
            "name": name,
            "kind": "teaching_research",
            "subject": "mathematics",
        },
    )
    assert answer.status_code == 201, answer.text
    return answer


House = tuple[Client, Resources, City]


async def test_what_may_lag_is_read_from_the_replica_and_nothing_else(
    house: House, standby: EmbeddedServer
) -> None:
    client, held, city = house
    before = reads()
    await names(client, city, "-")
    answer = await client.graphql(city.school_admin, "{ units { nodes { id } } }")
    assert "errors" not in answer
    assert reads()["replica"] == before["replica"] + 2

    before = reads()
    for path in ("/accounts", "/me", "/changes", "/audit/acts"):
        assert (await client.get(city.city_admin, path)).status_code in {200, 403}
    assert "errors" not in await client.graphql(
        city.city_admin, "{ profile { name } units { nodes { id } } }"
    )
    assert reads()["replica"] == before["replica"]
    assert held.replicas is not None


async def test_who_wrote_reads_it_and_who_asks_for_it_does_too(
    house: House, standby: EmbeddedServer
) -> None:
    client, held, city = house
    await pause(standby)
    answer = await make_group(client, city, "数学教研组")
    seen = answer.headers[SEEN]
    assert position_of(seen)

    # Another reader is answered by the replica, as it was; the writer, and who knows of it, are not.
    assert await names(client, city, "数学教研组") == []
    own = await client.get(city.city_admin, f"/groups?unit_id={city.school['id']}")
    assert "数学教研组" in own.text
    assert await names(client, city, "数学教研组", **{SEEN: seen}) == ["数学教研组"]

    # What makes no sense is no position, and what lies in the future is only at the primary.
    assert await names(client, city, "数学教研组", **{SEEN: "yesterday"}) == []
    assert await names(client, city, "数学教研组", **{SEEN: "FFFFFFFF/0"}) == ["数学教研组"]

    await pause(standby, paused=False)
    await caught_up(held)
    before = reads()
    assert await names(client, city, "数学教研组", **{SEEN: seen}) == ["数学教研组"]
    assert reads()["replica"] == before["replica"] + 1


async def test_a_mutation_reads_what_it_did(house: House, standby: EmbeddedServer) -> None:
    client, _, city = house
    await pause(standby)
    answer = await client.graphql(
        city.city_admin,
        "mutation ($new: NewGroup!) { createGroup(new: $new) { id name unit { name } } }",
        {
            "new": {
                "unitId": str(city.school["id"]),
                "name": "语文组",
                "kind": "TEACHING_RESEARCH",
                "subject": "CHINESE",
            }
        },
    )
    assert "errors" not in answer, answer
    assert answer["data"]["createGroup"]["unit"]["name"] == city.school["name"]
    told = await client.graphql(
        city.city_admin,
        "query ($id: UUID!) { group(id: $id) { name } }",
        {"id": answer["data"]["createGroup"]["id"]},
    )
    assert told["data"]["group"]["name"] == "语文组"


async def test_a_replica_that_is_behind_is_not_read(house: House, standby: EmbeddedServer) -> None:
    client, held, city = house
    await pause(standby)
    await make_group(client, city, "落后组")

    async def given_up() -> bool:
        await replicas_of(held).look()
        return replicas_of(held)._choose(UUID(int=0), Sight()) is None

    began = time.monotonic()
    await until(given_up)
    assert time.monotonic() - began < 2 + 1
    assert await names(client, city, "落后组") == ["落后组"]

    await pause(standby, paused=False)
    await caught_up(held)
    before = reads()
    assert await names(client, city, "落后组") == ["落后组"]
    assert reads()["replica"] == before["replica"] + 1


async def test_no_request_notices_that_the_replica_dies(
    house: House, standby: EmbeddedServer
) -> None:
    client, held, city = house
    await names(client, city, "-")
    await asyncio.to_thread(standby.stop)
    for _ in range(20):
        assert await names(client, city, "-") == []
        answer = await client.graphql(city.school_admin, "{ units { nodes { id } } }")
        assert "errors" not in answer

    await asyncio.to_thread(standby.start)
    await caught_up(held)
    before = reads()
    await names(client, city, "-")
    assert reads()["replica"] == before["replica"] + 1


async def test_a_read_that_the_replica_gives_up_is_answered_by_the_primary(
    house: House, standby: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is cut in the middle of a read, as a conflict with the replay cuts it too."""
    client, held, city = house
    [replica] = replicas_of(held)._replicas
    taken = replica.pool.take

    async def take_and_end() -> asyncpg.Connection:
        driver = await taken()
        await asked(
            standby.url(SUPERUSER),
            f"SELECT pg_terminate_backend({driver.get_server_pid()}, 5000)",
            "SELECT 1",
        )
        return driver

    monkeypatch.setattr(replica.pool, "take", take_and_end)
    assert await names(client, city, "-") == []
    answer = await client.graphql(city.school_admin, "{ units { nodes { id } } }")
    assert "errors" not in answer


async def test_nothing_is_read_from_a_server_that_follows_nobody_or_another(
    house: House, standby: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, held, city = house
    [replica] = replicas_of(held)._replicas
    told: list[Any] = []

    async def is_told() -> bool:
        # It is asked in the background too, and one of two who ask at once, or late, hears nothing.
        told[:] = [await replica.server.where()]
        return told != [None]

    await until(is_told)
    [there] = told
    assert there["follows"]

    for wrong in ({"follows": False}, {"cluster": there["cluster"] + 1}):

        async def where(wrong: dict[str, Any] = wrong) -> dict[str, Any]:
            return {**there, **wrong}

        monkeypatch.setattr(replica.server, "where", where)
        await replicas_of(held).look()
        assert not replica.usable(2)
        assert await names(client, city, "-") == []


@pytest.mark.parametrize(
    ("error", "over"),
    [
        (asyncpg.SerializationError("canceling statement due to conflict with recovery"), True),
        (asyncpg.AdminShutdownError("terminating connection"), True),
        (asyncpg.CannotConnectNowError("the database system is starting up"), True),
        (asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT"), True),
        (ConnectionResetError(), True),
        (asyncpg.QueryCanceledError("statement timeout"), False),
        (asyncpg.UndefinedTableError("unit"), False),
        (ValueError(), False),
    ],
)  # fmt: skip
def test_what_the_primary_may_answer_instead(error: Exception, over: bool) -> None:
    assert gave_up(error) is over


@pytest.mark.parametrize(
    ("text", "position"),
    [("0/0", 0), ("0/1A", 26), ("1/0", 1 << 32), ("a/b", 0xA_0000_000B),
     ("", None), ("1", None), ("x/1", None), ("1/123456789", None), ("-1/0", None), ("1/ 2", None)],
)  # fmt: skip
def test_positions_are_read_as_postgresql_writes_them(text: str, position: int | None) -> None:
    assert position_of(text) == position


async def test_the_promoted_standby_is_written_to(tmp_path: Path) -> None:
    """Fail-over: the address names both servers, and whichever may be written to is found."""
    first = EmbeddedServer(tmp_path / "first", binaries=PROGRAMS)
    await asyncio.to_thread(first.start)
    owner = first.urls.owner
    await asked(owner, "CREATE TABLE noted (number int)", "SELECT 1")
    await asked(owner, "GRANT ALL ON noted TO yanxun_app", "SELECT 1")
    second = await asyncio.to_thread(make_standby, first, tmp_path / "second")
    await asyncio.to_thread(second.start)
    try:
        hosts = [
            parse_qs(urlsplit(each.urls.application).query)["host"][0] for each in (first, second)
        ]
        user = first.urls.application.partition("?")[0]
        both = f"{user}?host={','.join(hosts)}&port=5432,5432&target_session_attrs=read-write"
        pool = await Pool.open(both, size=2, patience=5, statement_timeout=30)
        async with pool.transaction() as db:
            await db._driver.execute("INSERT INTO noted VALUES (1)")
        written = await asked(owner, "SELECT pg_current_wal_flush_lsn()::text")

        async def has_it() -> bool:
            reached = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
            return bool(await asked(second.urls.owner, reached))

        await until(has_it)
        await asyncio.to_thread(first.stop)
        assert not await writes(pool)
        assert await asked(second.url(SUPERUSER), "SELECT pg_promote()")
        await until(lambda: writes(pool))
        numbers = "SELECT array_agg(number ORDER BY number) FROM noted"
        assert await asked(second.urls.owner, numbers) == [1, 2]
        await pool.close()
    finally:
        await asyncio.to_thread(second.erase)
        await asyncio.to_thread(first.erase)


async def writes(pool: Pool) -> bool:
    """Whether something can be written, with the connections that there are."""
    try:
        async with pool.transaction() as db:
            await db._driver.execute("INSERT INTO noted VALUES (2)")
    except (*LOST, Unavailable):
        return False
    return True
