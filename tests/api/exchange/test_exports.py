import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from app.api.exchange import exports as face
from app.database.pool import Pool
from app.domain.exchange.exports import Export, Wanted
from app.domain.progress import begin_work, finish_work
from app.jobs.exporting import make_export
from app.request import Resources, now
from app.request.actors import ActorReader, RevokedToken, claims_of, ends_with
from app.request.turns import Turns
from app.security.tokens import VerifiedTokens
from app.tabular import TabularFormat
from tests.make import City, Client

LISTS = "/exportable-lists"
TEACHERS = f"{LISTS}/list_teachers/content"


@pytest.fixture
def held(real_pool: Pool, resources: Resources) -> Resources:
    return replace(resources, pool=real_pool)


@pytest.fixture
async def real(application: FastAPI, held: Resources) -> AsyncIterator[Client]:
    """A client before an application whose commits are real."""
    application.state.resources = held
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http, held.keyring)


async def test_the_lists_say_what_they_show_and_take(client: Client, city: City) -> None:
    found = (await client.get(city.teacher_account, LISTS)).json()
    by_name = {each["list"]: each for each in found}
    entries = by_name["list_entries"]
    assert entries["required"] == ["teacher_id"]
    assert set(entries["parameters"]) == {"teacher_id", "as_of", "known_on"}
    assert {"name": "sequence", "title": "本人台账序号"} in entries["columns"]
    assert (await client.get(None, LISTS)).status_code == 401


async def test_a_list_comes_at_once_as_a_file(real: Client, made: City) -> None:
    query = f"?filter=school_id={made.school['id']}&columns=id,name&sort=-name"
    listed = (await real.get(made.city_admin, f"/teachers?school_id={made.school['id']}")).json()
    answer = await real.get(made.city_admin, TEACHERS + query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert "list_teachers.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {row["标识 id"] for row in rows} == {each["id"] for each in listed["items"]}
    assert list(rows[0]) == ["标识 id", "姓名 name"]
    lines = await real.get(made.city_admin, f"{TEACHERS}?format=jsonl")
    whole = (await real.get(made.city_admin, "/teachers")).json()["items"]
    assert [httpx2.Response(200, text=line).json() for line in lines.text.splitlines()] == whole
    book = await real.get(made.city_admin, f"{TEACHERS}?format=xlsx")
    assert book.content.startswith(b"PK")
    masked = await real.get(made.teacher_account, f"{TEACHERS}?format=jsonl")
    assert masked.text.count("\n") == len(
        (await real.get(made.teacher_account, "/teachers")).json()["items"]
    )


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("list_teachers/content?filter=school_id", 422, "export_parameter_wrong"),
        ("list_teachers/content?filter=x=1", 422, "export_parameter_wrong"),
        ("list_teachers/content?columns=", 422, "export_column_unknown"),
        ("list_teachers/content?sort=salary", 422, "unknown_sort"),
        ("list_teachers/content?format=pdf", 422, "invalid_request"),
        ("list_teachers/content?school_id=1", 422, "unknown_parameter"),
        ("list_nothing/content", 404, "export_list_unknown"),
        ("list_accounts/content", 403, "not_allowed"),
        ("list_acts/content", 403, "not_allowed"),
    ],
)
async def test_what_is_refused_is_refused_before_a_byte_comes(
    client: Client, city: City, query: str, status: int, code: str
) -> None:
    answer = await client.get(city.teacher_account, f"{LISTS}/{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_many_at_once_are_put_off(
    client: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "_places", asyncio.Semaphore(0))
    answer = await client.get(city.city_admin, TEACHERS)
    assert (answer.status_code, answer.json()["code"]) == (503, "exports_busy")


async def test_one_account_fetches_so_many_at_a_time(
    client: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, face.TooManyDownloads)
    monkeypatch.setattr(face, "_turns", turns)
    with turns.of(city.city_admin.actor.account_id):
        answer = await client.get(city.city_admin, TEACHERS)
        assert (answer.status_code, answer.json()["code"]) == (429, "export_downloads_limit")
        assert answer.headers["retry-after"] == "5"
        assert (await client.get(city.county_admin, TEACHERS)).status_code == 200
    assert (await client.get(city.city_admin, TEACHERS)).status_code == 200


async def test_an_export_is_made_and_fetched_whole_or_from_where_it_broke_off(
    real: Client, made: City, held: Resources
) -> None:
    who = made.city_admin
    asked = {"list": "list_teachers", "format": "jsonl", "parameters": []}
    answer = await real.post(who, "/exports", asked)
    assert answer.status_code == 201, answer.text
    export = answer.json()
    assert (export["state"], export["done"], export["size"]) == ("waiting", 0, None)
    path = f"/exports/{export['id']}"
    early = await real.post(who, f"{path}/link", {})
    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    async with held.pool.transaction() as db:
        await begin_work(db, Export, row_id=export["id"], now=now())
    await make_export(held, export["id"])
    async with held.pool.transaction() as db:
        await finish_work(db, Export, row_id=export["id"], now=now())
    done = (await real.get(who, path)).json()
    assert done["state"] == "done"
    assert (await real.get(who, "/exports")).json() == [done]
    assert (await real.get(made.county_admin, path)).json()["code"] == "export_not_found"
    url = "/" + (await real.post(who, f"{path}/link", {})).json()["url"]
    whole = await real.get(None, url)
    assert (whole.status_code, len(whole.content)) == (200, done["size"])
    assert whole.headers["etag"] == f'"{done["sha256"]}"'
    assert whole.content == (await real.get(who, f"{TEACHERS}?format=jsonl")).content
    rest = await real.get(None, url, headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.content) == (206, whole.content[10:])
    wrong = await real.get(None, url[:-1] + ("0" if url[-1] != "0" else "1"))
    assert (wrong.status_code, wrong.json()["code"]) == (404, "file_link_wrong")
    late = await real.post(who, f"{path}/cancel", {})
    assert (late.status_code, late.json()["code"]) == (409, "work_over")


async def test_a_download_is_cut_off_where_its_token_ends(
    held: Resources, made: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, reader = made.city_admin, ActorReader()
    keyring = held.keyring
    held = replace(held, tokens=VerifiedTokens(keyring, reader, subjects=ends_with))
    token = keyring.sign(claims_of(person.actor, security_version=1))
    wanted = Wanted.of("list_teachers", [], columns=None, sort=None, format=TabularFormat.XLSX)
    monkeypatch.setattr("app.domain.exchange.exports.reading.ROWS_AT_ONCE", 1)
    pieces = face._pieces(held, person.actor, token, wanted)
    assert await anext(pieces)
    account_id = person.actor.account_id
    reader.learn({account_id: 2})
    held.tokens.forget(str(account_id))
    with pytest.raises(RevokedToken):
        await anext(pieces)
    # The place is free again.
    assert not face._places.locked()
    assert not face._turns._taken
