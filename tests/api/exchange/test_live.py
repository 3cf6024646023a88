from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.accounts import raise_security_version
from app.request import now
from app.settings import Settings
from app.sql import Connection, Row
from tests.make import City, Client, make_activity, make_attendance, make_city
from tests.streams import Serving, events, serving


@pytest.fixture
async def at(urls: Urls, tmp_path: Path) -> AsyncIterator[Serving]:
    settings = Settings(data_folder=tmp_path, live_pause=0).model_copy(
        update={"database_url": urls.application}
    )
    async with serving(settings) as served:
        yield served


@pytest.fixture
async def made(real_pool: Pool, at: Serving) -> tuple[City, Row]:
    """The small city and a session in its school, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, at.held.cipher)
        activity = await make_activity(db, city.school, city.school_admin)
    return city, activity["sessions"][0]


async def test_what_happens_is_asked_for_once(client: Client, db: Connection, city: City) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    await make_attendance(db, session, city.school_admin, city.teacher)
    path = f"/sessions/{session['id']}/attendance/live"
    answer = await client.get(city.school_admin, path)
    board = answer.json()
    assert (answer.status_code, board["afresh"], board["present"]) == (200, True, 1)
    again = (await client.get(city.school_admin, f"{path}?after={board['position']}")).json()
    assert not again["afresh"]
    assert (await client.get(city.sibling_admin, path)).status_code == 404
    assert (await client.get(city.teacher_account, path)).status_code == 403
    refused = await client.get(city.school_admin, f"{path}?after=x")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_cursor")
    inbox = (await client.get(city.teacher_account, "/me/live")).json()
    assert (inbox["afresh"], inbox["task_counts"], inbox["notices"]) == (True, [], [])


async def test_a_stream_goes_on_where_it_was_left(
    at: Serving, made: tuple[City, Row], real_pool: Pool
) -> None:
    city, session = made
    actor = city.school_admin.actor
    path = f"/sessions/{session['id']}/attendance/live"

    async def comes(teacher: Row) -> None:
        async with real_pool.transaction() as db:
            await make_attendance(db, session, city.school_admin, teacher)

    async with events(at, path, at.headers(actor)) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"
        first = await stream.next()
        assert (first["event"], first["retry"], first["data"]["afresh"]) == (
            "attendance", "3000", True,
        )  # fmt: skip
        await comes(city.teacher)
        second = await stream.next()
        assert second["id"] == second["data"]["position"]
        assert [each["name"] for each in second["data"]["changed"]] == [city.teacher["name"]]
    await comes(city.colleague)
    left = at.headers(actor, Last_Event_ID=second["id"])
    async with events(at, path, left) as stream:
        third = (await stream.next())["data"]
        assert not third["afresh"]
        assert [each["name"] for each in third["changed"]] == [city.colleague["name"]]
        assert third["recorded"] == 2


async def test_a_stream_is_refused_before_it_begins_and_says_why_it_ends(
    at: Serving, made: tuple[City, Row], real_pool: Pool
) -> None:
    city, session = made
    path = f"/sessions/{session['id']}/attendance/live"
    async with httpx2.AsyncClient() as client:
        for headers, status in (
            (at.headers(city.sibling_admin.actor), 404),
            (at.headers(city.teacher_account.actor), 403),
            ({"Accept": "text/event-stream"}, 401),
        ):
            answer = await client.get(f"http://{at.address}/api/v1{path}", headers=headers)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
        head = await client.head(
            f"http://{at.address}/api/v1{path}", headers=at.headers(city.school_admin.actor)
        )
        assert head.status_code == 200
    async with events(at, "/me/live", at.headers(city.school_admin.actor)) as stream:
        assert (await stream.next())["event"] == "inbox"
        async with real_pool.transaction() as db:
            account_id = city.school_admin.actor.account_id
            await raise_security_version(db, account_id=account_id, now=now())
        end = await stream.next()
        assert (end["event"], end["data"]["code"], end["data"]["status"]) == (
            "end", "revoked_token", 401,
        )  # fmt: skip
        assert await stream.is_over()
    async with events(at, "/me/live", at.headers(city.city_admin.actor)) as stream:
        await stream.next()
        at.server.should_exit = True
        assert (await stream.next())["data"]["code"] == "server_stops"
        assert await stream.is_over()
    await at.running
