"""The whole application behind a real PgBouncer in transaction mode, which lends it three servers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from app.database.embedded import Urls
from app.database.pool import DatabaseUnavailable, Pool
from app.database.pooler import PoolerNotFit
from app.database.sandbox import SandboxPooled, open_pool
from app.domain.access.walled import wall_of
from app.jobs import working
from app.settings import Settings
from tests.conftest import empty
from tests.database.pgbouncer import PROGRAM, pgbouncer
from tests.database.test_wall import FILES, keep_file
from tests.faces.test_replicas import House, asked, serving, until
from tests.make import make_city

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed")

SERVERS = 3
AT_ONCE = 60
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


async def role_of(url: str) -> str:
    """How what is set for the role that comes by this address is changed: the beginning of it."""
    altered = "SELECT format('ALTER ROLE %I IN DATABASE %I', current_user, current_database())"
    return str(await asked(url, altered))


@pytest.fixture(scope="module")
def bouncer(urls: Urls) -> Iterator[str]:
    with pgbouncer(urls.application, servers=SERVERS) as url:
        yield url


@pytest.fixture(scope="module")
async def bounded(urls: Urls) -> AsyncIterator[None]:
    """The role bounds its statements by itself, as is asked of whoever puts a pooler before the server."""
    to = await role_of(urls.application)
    await asked(urls.application, *(f"{to} SET {each} = 30000" for each in LIMITS))
    yield
    await asked(urls.application, *(f"{to} RESET {each}" for each in LIMITS))


@pytest.fixture(scope="module")
async def house(
    urls: Urls, bouncer: str, bounded: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    settings = Settings(
        data_folder=tmp_path_factory.mktemp("keys"),
        database_url=bouncer,
        database_direct_url=urls.application,
        database_pooler="transaction",
        pool_size=AT_ONCE,
        requests_per_second=0,
    )
    try:
        async with serving(settings) as (client, held), working(held):
            async with held.pool.transaction() as db:
                city = await make_city(db, held.cipher)
            yield client, held, city
    finally:
        await empty(urls.owner)


async def test_many_at_once_get_what_each_asked_for(house: House, urls: Urls) -> None:
    """Different statements take turns on three servers; a statement is never run as another."""
    client, held, city = house
    people = [city.city_admin, city.county_admin, city.school_admin, city.auditor]
    paths = [
        "/units",
        "/teachers",
        "/groups",
        "/activities",
        "/notices",
        f"/units/{city.school['id']}",
    ]
    asked = [(person, path) for person in people for path in paths]
    query = "{ units { nodes { id name } } teachers { nodes { id name } } }"

    async def answers() -> list[Any]:
        told = await asyncio.gather(*(client.get(person, path) for person, path in asked))
        return [(each.status_code, each.json()) for each in told] + list(
            await asyncio.gather(*(client.graphql(person, query) for person in people))
        )

    pooled = await asyncio.gather(*(answers() for _ in range(3)))
    direct = await Pool.open(urls.application, size=2, patience=30, statement_timeout=30)
    application = client.http._transport.app  # type: ignore[attr-defined]
    application.state.resources = replace(held, pool=direct)
    expected = await answers()
    application.state.resources = held
    await direct.close()
    for each in expected:
        told = each[1] if isinstance(each, tuple) else each
        told.pop("request_id", None)
    for answer in pooled:
        for each in answer:
            (each[1] if isinstance(each, tuple) else each).pop("request_id", None)
        assert answer == expected
    assert {each[0] for each in expected if isinstance(each, tuple)} == {200}


async def test_writes_are_whole_and_repeated_ones_happen_once(house: House) -> None:
    client, _, city = house

    async def make(number: int) -> httpx2.Response:
        return await client.post(
            city.city_admin,
            "/groups",
            {
                "unit_id": str(city.school["id"]),
                "name": f"第{number}组",
                "kind": "teaching_research",
                "subject": "mathematics",
            },
            headers={"Idempotency-Key": f"group-number-{number}"},
        )

    made = await asyncio.gather(*(make(number % 20) for number in range(60)))
    assert {each.status_code for each in made} <= {201, 409}
    again = await asyncio.gather(*(make(number) for number in range(20)))
    assert {each.status_code for each in again} == {201}
    listed = (
        await client.get(city.city_admin, f"/groups?unit_id={city.school['id']}&limit=100")
    ).json()
    names = [each["name"] for each in listed["items"] if each["name"].startswith("第")]
    assert sorted(names) == sorted(f"第{number}组" for number in range(20))


async def test_copies_and_jobs_and_what_is_announced(house: House, urls: Urls) -> None:
    client, _, city = house
    answer = await client.get(
        city.city_admin, "/exportable-lists/list_teachers/content?format=csv&columns=name"
    )
    assert answer.status_code == 200
    assert city.teacher["name"] in answer.text

    made = await client.post(
        city.city_admin, "/exports", {"list": "list_teachers", "format": "csv"}
    )
    assert made.status_code == 201, made.text
    path = f"/exports/{made.json()['id']}"

    async def is_over() -> bool:
        return (await client.get(city.city_admin, path)).json()["state"] in {"done", "failed"}

    await until(is_over)
    assert (await client.get(city.city_admin, path)).json()["state"] == "done"

    await asked(
        urls.application, f"SELECT pg_notify('security', '{city.auditor.actor.account_id} 9')"
    )

    async def is_refused() -> bool:
        return (await client.get(city.auditor, "/units")).status_code == 401

    await until(is_refused)


async def test_nothing_of_a_session_is_left_to_the_next(house: House) -> None:
    """What one transaction sets, another on the same server does not find."""
    _, held, _ = house

    async def use(number: int) -> str:
        async with held.pool.transaction() as db:
            setting = await db._driver.fetchval("SELECT current_setting('yanxun.tried', true)")
            await db._driver.execute(f"SET LOCAL yanxun.tried = '{number}'")
            return setting or ""

    assert set(await asyncio.gather(*(use(number) for number in range(30)))) == {""}
    async with held.pool.connection() as db:
        assert await db._driver.fetch("SELECT name FROM pg_prepared_statements") == []


async def test_what_each_sees_behind_the_wall_is_their_own_whoever_had_the_server(
    house: House,
) -> None:
    """Three servers, and sixty who read at once with the bounds of a city, of schools, and of nobody."""
    _, held, city = house
    async with held.pool.transaction() as db:
        for unit in (city.school, city.far_school):
            await keep_file(db, unit, None, city.city_admin.actor.account_id)
    walls = {
        2: wall_of(city.city_admin.actor),
        1: wall_of(city.school_admin.actor),
        0: wall_of(city.sibling_admin.actor),
    }

    async def seen(files: int, number: int) -> bool:
        if number % 2:
            async with held.pool.connection(walls[files]) as db:
                return bool(await db.value(FILES) == files)
        async with held.pool.transaction(read_only=True, wall=walls[files]) as db:
            return bool(await db.value(FILES) == files)

    asked = [seen(files, number) for number in range(20) for files in walls]
    assert all(await asyncio.gather(*asked))
    async with held.pool.connection() as db:
        assert await db.value(FILES) == 2


async def test_a_statement_takes_no_longer_than_the_role_may(house: House, urls: Urls) -> None:
    _, held, _ = house
    async with held.pool.connection() as db:
        assert await db._driver.fetchval("SHOW statement_timeout") == "30s"


async def test_a_role_without_limits_is_refused(urls: Urls) -> None:
    """A pooler of its own: the servers of another would know what the role was given meanwhile."""
    limited = await asked(urls.application, "SHOW statement_timeout") != "0"
    to = await role_of(urls.application)
    await asked(urls.application, *(f"{to} RESET {each}" for each in LIMITS))
    try:
        with pgbouncer(urls.application, servers=1) as url, pytest.raises(PoolerNotFit) as refused:
            await open_pool(url, size=1, patience=5, statement_timeout=7, through_pooler=True)
    finally:
        if limited:
            await asked(urls.application, *(f"{to} SET {each} = 30000" for each in LIMITS))
    assert "SET statement_timeout = 7000" in refused.value.message("en")


async def test_a_pool_that_does_not_know_of_the_pooler_is_refused_by_it(bouncer: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        await Pool.open(bouncer, size=1, patience=5, statement_timeout=7)


def test_a_pooler_needs_a_way_past_it() -> None:
    with pytest.raises(ValidationError, match="DATABASE_DIRECT_URL"):
        Settings(database_url="postgresql://a@/b", database_pooler="transaction")


async def test_a_sandbox_is_not_reached_through_a_pooler(
    urls: Urls, bouncer: str, bounded: None
) -> None:
    clock = (
        "CREATE FUNCTION sandbox.now() RETURNS timestamptz STABLE LANGUAGE sql AS 'SELECT now()'"
    )
    await asked(
        urls.owner, "CREATE SCHEMA sandbox", clock, "GRANT USAGE ON SCHEMA sandbox TO PUBLIC"
    )
    try:
        with pytest.raises(SandboxPooled):
            await open_pool(bouncer, size=1, patience=5, statement_timeout=7, through_pooler=True)
    finally:
        await asked(urls.owner, "DROP SCHEMA sandbox CASCADE")
