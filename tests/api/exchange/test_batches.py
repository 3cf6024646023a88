import asyncio
import hashlib
import json
from base64 import b64decode
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import ClientDisconnect

from app.database.pool import Pool
from app.request import Resources
from app.sql import new_id
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import City, Client, make_city


@pytest.fixture
async def made(real_pool: Pool, resources: Resources) -> City:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        [row] = await enter(db, entry(city.teacher))
        await enter(db, reversal(row, "=1+1"), entry(city.far_teacher))
        return city


async def test_the_province_makes_a_batch_and_fetches_it(outside: Client, made: City) -> None:
    who = made.integration
    answer = await outside.post(who, "/province/batches", {"city_id": str(made.city["id"])})
    assert answer.status_code == 201
    batch = answer.json()
    assert (batch["entries"], batch["reversals"], batch["credits"]) == (3, 1, "2.00")
    assert answer.headers["location"] == f"/api/v1/province/batches/{batch['id']}"
    manifest = await outside.get(who, f"/province/batches/{batch['id']}")
    assert manifest.json() == batch
    listed = await outside.get(who, "/province/batches")
    assert listed.json()["items"] == [batch]
    content = await outside.get(who, f"/province/batches/{batch['id']}/content")
    assert content.headers["content-type"] == "application/jsonl"
    assert content.headers["x-entries"] == "3"
    assert hashlib.sha256(content.content).hexdigest() == batch["sha256_jsonl"]
    digest = content.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":")
    assert b64decode(digest).hex() == batch["sha256_jsonl"]
    assert [json.loads(line)["kind"] for line in content.text.splitlines()] == [
        "earn", "reverse", "earn",
    ]  # fmt: skip
    again = await outside.get(who, f"/province/batches/{batch['id']}/content?format=jsonl")
    assert again.content == content.content


async def test_the_batch_as_a_table(outside: Client, made: City) -> None:
    who = made.city_admin
    made_now = await outside.post(who, "/province/batches", {"city_id": str(made.city["id"])})
    batch = made_now.json()
    path = f"/province/batches/{batch['id']}/content?format=csv"
    content = await outside.get(who, path)
    assert content.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert content.headers["content-disposition"] == 'attachment; filename="batch-000001.csv"'
    assert content.content.startswith(b"\xef\xbb\xbf")
    assert hashlib.sha256(content.content).hexdigest() == batch["sha256_csv"]
    assert b",'=1+1," in content.content
    known = await outside.get(who, path, headers={"If-None-Match": content.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def test_a_second_batch_without_anything_new_is_refused(outside: Client, made: City) -> None:
    new = {"city_id": str(made.city["id"])}
    assert (await outside.post(made.integration, "/province/batches", new)).status_code == 201
    again = await outside.post(made.integration, "/province/batches", new)
    assert (again.status_code, again.json()["code"]) == (409, "batch_empty")


@pytest.mark.parametrize("path", ["", "/content", "/content?format=csv"])
async def test_a_batch_of_nobody_is_not_found(client: Client, city: City, path: str) -> None:
    answer = await client.get(city.integration, f"/province/batches/{new_id()}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")


async def test_a_format_that_there_is_not(client: Client, city: City) -> None:
    answer = await client.get(city.integration, f"/province/batches/{new_id()}/content?format=xlsx")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == "query.format"


async def test_who_breaks_off_leaves_the_connection_to_others(
    application: FastAPI, outside: Client, made: City, real_pool: Pool
) -> None:
    async with real_pool.transaction() as db:
        await enter(db, *(entry(made.teacher) for _ in range(450)))
    who = made.integration
    new = {"city_id": str(made.city["id"])}
    batch = (await outside.post(who, "/province/batches", new)).json()
    path = f"/api/v1/province/batches/{batch['id']}/content"
    for _ in range(12):  # more than the pool has connections
        await broken_off(application, path, outside.headers(who))
    whole = await outside.get(who, f"/province/batches/{batch['id']}/content")
    assert hashlib.sha256(whole.content).hexdigest() == batch["sha256_jsonl"]


async def broken_off(application: FastAPI, path: str, headers: dict[str, str]) -> None:
    """Fetch a path, and go away after the first piece of it."""
    pieces = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            pieces.append(message["body"])
            raise ClientDisconnect

    async def receive() -> Any:
        await asyncio.Event().wait()

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("test", 80),
        "headers": [(b"host", b"test")]
        + [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    with suppress(ClientDisconnect):
        await application(scope, receive, send)
    assert len(pieces) == 1
    assert pieces[0].count(b"\n") == 199


async def test_a_county_is_not_the_province(client: Client, city: City) -> None:
    listed = await client.get(city.county_admin, "/province/batches")
    assert (listed.status_code, listed.json()["code"]) == (403, "not_allowed")
    new = {"city_id": str(city.city["id"])}
    made = await client.post(city.county_admin, "/province/batches", new)
    assert (made.status_code, made.json()["code"]) == (403, "not_allowed")
