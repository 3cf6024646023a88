"""What is queued anywhere is done somewhere; and all of it together, as a client sees it."""

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.jobs import JOBS
from app.settings import Settings
from tests.architecture.source import dotted, sources
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, make_city
from tests.make_what_ifs import asking_for, pack_asking_for
from tests.streams import Serving, events, serving


def test_whatever_is_queued_has_a_job() -> None:
    """Jobs are named by constants of the domain, each of which is a name in `JOBS`."""
    queued = 0
    for source in sources("app/domain"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "enqueue":
                queued += 1
                name = node.args[1]
                assert isinstance(name, ast.Name), f"{source.path}:{node.lineno}: name it"
    assert queued >= len(JOBS) > 0


@pytest.fixture
async def at(urls: Urls, tmp_path: Path) -> AsyncIterator[Serving]:
    settings = Settings(data_folder=tmp_path, live_pause=0).model_copy(
        update={"database_url": urls.application}
    )
    async with serving(settings) as served:
        yield served


@pytest.fixture
async def city(real_pool: Pool, at: Serving) -> City:
    async with real_pool.transaction() as db:
        city = await make_city(db, at.held.cipher)
        await make_pack(db, city.city, pack_asking_for("1.00"))
        await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
    return city


async def test_what_is_asked_of_a_server_is_done_by_it_and_followed(
    at: Serving, city: City
) -> None:
    new = {"unit_id": str(city.city["id"]), "document": asking_for("999.00")}
    token = {"Authorization": f"Bearer {at.token(city.city_admin.actor)}"}
    async with httpx2.AsyncClient(base_url=f"http://{at.address}/api/v1", headers=token) as client:
        asked = (await client.post("/what-ifs", json=new)).json()
        path = f"/what-ifs/{asked['id']}"
        async with events(at, path, at.headers(city.city_admin.actor)) as stream:
            told = await stream.next()
            while told["data"]["finished_at"] is None:
                assert told["event"] == "progress"
                told = await stream.next()
        assert (told["id"], told["data"]["state"], told["data"]["tries"]) == ("done-5", "done", 1)
        [everybody] = (await client.get(f"{path}/groups")).json()
        assert (everybody["teachers"], everybody["fell"]) == (5, 2)
