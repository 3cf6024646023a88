"""Imports over REST: a file as one stream, the diff in pages, who may."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from python_calamine import load_workbook

from app.api.exchange.imports import files as handing_back
from app.api.exchange.imports import runs as handing_in
from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.exchange import imports
from app.domain.exchange.imports import KINDS, ImportSubject, ReturnedRows
from app.domain.exchange.imports.reading import fields_of
from app.request import WORKBOOKS, Resources, now
from app.request.turns import Turns
from app.settings import Settings
from app.sql import Connection
from app.tabular import TabularFormat, read_rows
from tests.conftest import SharedPool
from tests.make import City, Client, Person, id_number, make_city
from tests.make_imports import PEOPLE_HEAD, csv, work_on
from tests.make_imports import hand_in as hand_in_file
from tests.streams import Serving, events, serving


@pytest.fixture
async def at(urls: Urls, tmp_path: Path) -> AsyncIterator[Serving]:
    settings = Settings(data_folder=tmp_path, live_pause=0).model_copy(
        update={"database_url": urls.application}
    )
    async with serving(settings) as served:
        yield served


@pytest.fixture
async def committed(real_pool: Pool, at: Serving) -> City:
    """The small city, committed."""
    async with real_pool.transaction() as db:
        return await make_city(db, at.held.cipher)


def a_file(city: City, *names: str) -> bytes:
    school = city.school["name"]
    return csv(
        PEOPLE_HEAD, *(f"{name},{id_number()},{school},语文,小学,一级教师" for name in names)
    )


async def hand_in(
    client: Client, person: Person, unit_id: object, content: bytes, **more: str
) -> httpx2.Response:
    query = {"subject": "people", "unit_id": str(unit_id), "file_name": "名册.csv"} | more
    return await client.http.post(
        "/api/v1/imports", params=query, content=content, headers=client.headers(person)
    )


async def test_a_file_is_handed_in_looked_at_entered_and_taken_back(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin = city.county_admin
    answer = await hand_in(client, admin, city.county["id"], a_file(city, "张小燕", "李明"))
    assert answer.status_code == 201, answer.text
    run = answer.json()
    assert answer.headers["location"] == f"/api/v1/imports/{run['id']}"
    assert (run["stage"], run["work"], run["state"]) == ("received", "check", "waiting")
    await work_on(db, resources, pool, run["id"])
    checked = (await client.get(admin, f"/imports/{run['id']}")).json()
    assert (checked["stage"], checked["creates"], checked["done"]) == ("checked", 2, 2)
    rows = (await client.get(admin, f"/imports/{run['id']}/rows?action=create&limit=1")).json()
    assert [row["number"] for row in rows["items"]] == [2]
    assert rows["next"] is not None
    row = rows["items"][0]
    assert "*" in row["label"]
    assert (await client.get(admin, f"/import-rows/{row['id']}")).json()["after"] == {
        "name": "张小燕", "subject": "chinese", "stage": "primary",
    }  # fmt: skip
    assert (await client.post(admin, f"/imports/{run['id']}/apply")).json()["state"] == "waiting"
    await work_on(db, resources, pool, run["id"])
    found = (await client.get(admin, "/imports?stage=applied&subject=people")).json()["items"]
    assert [(each["id"], each["applied"]) for each in found] == [(run["id"], 2)]
    assert (await client.post(admin, f"/imports/{run['id']}/undo")).status_code == 200
    await work_on(db, resources, pool, run["id"])
    undone = (await client.get(admin, f"/imports/{run['id']}")).json()
    assert (undone["stage"], undone["undone"]) == ("undone", 2)


async def test_the_same_file_again_is_the_import_that_it_was(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    content = a_file(city, "张小燕")
    first = (await hand_in(client, city.county_admin, city.county["id"], content)).json()
    await work_on(db, resources, pool, first["id"])
    await client.post(city.county_admin, f"/imports/{first['id']}/apply")
    await work_on(db, resources, pool, first["id"])
    again = await hand_in(client, city.county_admin, city.county["id"], content)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


@pytest.mark.parametrize(
    ("who", "where", "status", "code"),
    [
        ("teacher_account", "school", 403, "not_allowed"),
        ("county_admin", "far_school", 404, "unit_not_found"),
        ("auditor", "county", 403, "not_allowed"),
        ("school_admin", "county", 403, "not_allowed"),
    ],
)
async def test_only_who_administers_a_place_hands_a_file_in_for_it(
    client: Client, city: City, who: str, where: str, status: int, code: str
) -> None:
    unit_id = getattr(city, where)["id"]
    answer = await hand_in(client, getattr(city, who), unit_id, a_file(city, "张小燕"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_empty_file_and_an_unknown_subject_are_refused(client: Client, city: City) -> None:
    answer = await hand_in(client, city.county_admin, city.county["id"], b"")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_empty")
    answer = await hand_in(client, city.county_admin, city.county["id"], b"x", subject="pupils")
    assert answer.status_code == 422
    found = (await client.get(city.county_admin, "/imports")).json()
    assert found["items"] == []


async def test_one_account_hands_in_so_many_files_at_a_time(
    client: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(1, handing_in.TooManyUploads)
    monkeypatch.setattr(handing_in, "_turns", turns)
    with turns.of(city.county_admin.actor.account_id):
        answer = await hand_in(client, city.county_admin, city.county["id"], a_file(city, "张"))
        assert (answer.status_code, answer.json()["code"]) == (429, "import_uploads_limit")


async def test_the_file_is_handed_back_with_what_became_of_its_rows(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin, number, school = city.county_admin, id_number(), city.school["name"]
    content = csv(
        "备注," + PEOPLE_HEAD,
        f"=甲,张小燕,{number},{school},语文,小学,一级教师",
        f"乙,李明,12,{school},语文,小学,",
    )
    run = (await hand_in(client, admin, city.county["id"], content)).json()
    path = f"/imports/{run['id']}/returned-file"
    unchecked = await client.get(admin, path)
    assert (unchecked.status_code, unchecked.json()["code"]) == (409, "import_not_checked")
    await work_on(db, resources, pool, run["id"])
    answer = await client.get(admin, f"{path}?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "no-store" in answer.headers["cache-control"]
    [refused] = read_rows(BytesIO(answer.content))
    assert (refused.cells["备注"], refused.cells["身份证号"]) == ("乙", "12")
    assert refused.cells["核对结果 reason"] == "拒绝：证件号码长度不正确。"
    everything = await client.get(admin, f"{path}?rows=all")
    first, second = read_rows(BytesIO(everything.content))
    assert (first.cells["备注"], first.cells["身份证号"]) == ("=甲", number)
    assert (first.cells["核对结果 reason"], first.cells["原文件行号 row"]) == ("新增", "2")
    assert second.cells["核对结果 reason"].startswith("拒绝")
    again = await hand_in(client, admin, city.county["id"], everything.content)
    run = await work_on(db, resources, pool, again.json()["id"])
    assert (run["creates"], run["rejects"]) == (1, 1)
    for other, status, code in (
        (city.city_admin, 403, "import_file_of_another"),
        (city.sibling_admin, 404, "import_not_found"),
        (city.teacher_account, 404, "import_not_found"),
    ):
        answer = await client.get(other, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_workbook_without_rows_is_handed_back_as_soon_as_one_can_be_read(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin = city.county_admin
    template = await client.get(admin, "/import-templates/people")
    handed_in = await hand_in(client, admin, city.county["id"], template.content)
    run = await work_on(db, resources, pool, handed_in.json()["id"])
    assert (run["stage"], run["rejects"]) == ("checked", 0)
    path = f"/imports/{run['id']}/returned-file?format=csv"
    answer = await client.get(admin, path)
    assert answer.status_code == 200
    assert answer.text.splitlines() == ["\ufeff核对结果 reason,原文件行号 row"]
    async with AsyncExitStack() as taken:
        for _ in range(WORKBOOKS):
            await taken.enter_async_context(resources.workbooks)
        busy = await client.get(admin, path)
        assert (busy.status_code, busy.json()["code"]) == (503, "import_workbooks_busy")
    assert (await client.get(admin, path)).status_code == 200


async def test_a_file_of_which_all_is_entered_is_no_longer_handed_back(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin = city.county_admin
    run = (await hand_in(client, admin, city.county["id"], a_file(city, "张小燕"))).json()
    await work_on(db, resources, pool, run["id"])
    await client.post(admin, f"/imports/{run['id']}/apply")
    await work_on(db, resources, pool, run["id"])
    store, name = resources.archive.store, imports.name_of(UUID(run["id"]))
    await imports.forget_import_files(db, store=store, names=[name], now=now())
    answer = await client.get(admin, f"/imports/{run['id']}/returned-file")
    assert (answer.status_code, answer.json()["code"]) == (409, "import_file_forgotten")


@pytest.mark.parametrize("subject", list(ImportSubject))
async def test_each_kind_has_a_template_that_is_read_as_a_file_of_it(
    client: Client, city: City, subject: ImportSubject
) -> None:
    answer = await client.get(city.school_admin, f"/import-templates/{subject}")
    assert answer.status_code == 200, answer.text
    sheets = load_workbook(BytesIO(answer.content))
    [head] = sheets.get_sheet_by_name("数据").to_python()
    fields, unknown = fields_of(KINDS[subject], [str(each) for each in head])
    assert list(fields.values()) == [column.field for column in KINDS[subject].columns]
    assert unknown == []
    explained = sheets.get_sheet_by_name("填写说明").to_python()
    assert len(explained) == len(head) + 2
    refused = await client.get(city.teacher_account, f"/import-templates/{subject}")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_an_import_is_followed_until_it_is_checked(
    at: Serving, committed: City, resources: Resources, real_pool: Pool
) -> None:
    actor = committed.county_admin.actor
    content = a_file(committed, "张小燕")
    async with real_pool.transaction() as db:
        run = await hand_in_file(db, at.held, actor, content, unit_id=committed.county["id"])
    async with events(at, f"/imports/{run['id']}", at.headers(actor)) as stream:
        told = (await stream.next())["data"]
        while told["finished_at"] is None:
            told = (await stream.next())["data"]
    assert (told["id"], told["state"], told["creates"]) == (str(run["id"]), "done", 1)


async def test_a_comparison_is_handed_back_in_words(
    db: Connection, pool: SharedPool, resources: Resources, client: Client, city: City
) -> None:
    admin, number, school = city.county_admin, id_number(), city.school["name"]
    people = csv(PEOPLE_HEAD, f"张小燕,{number},{school},语文,小学,一级教师")
    run = (await hand_in(client, admin, city.county["id"], people)).json()
    await work_on(db, resources, pool, run["id"])
    await client.post(admin, f"/imports/{run['id']}/apply")
    await work_on(db, resources, pool, run["id"])
    roster = csv("姓名,身份证件号,学校名称,专业技术职务", f"张小燕,{number},{school},高级教师")
    answer = await hand_in(
        client, admin, city.county["id"], roster, subject="national_roster", full_roster="true"
    )
    run = await work_on(db, resources, pool, answer.json()["id"])
    path = f"/imports/{run['id']}"
    answer = await client.get(admin, f"{path}/returned-file?rows=all&format=jsonl")
    [row] = read_rows(BytesIO(answer.content))
    assert row.cells["reason"] == "不一致（本系统 → 文件）：专业技术职务 一级教师 → 高级教师"
    missing = (await client.get(admin, f"{path}/missing-people?limit=1")).json()
    assert (len(missing["items"]), missing["next"] is None) == (1, False)
    assert "*" in missing["items"][0]["id_number"]
    refused = await client.post(admin, f"{path}/apply")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_only_compares")


@pytest.mark.parametrize("written_as", [TabularFormat.CSV, TabularFormat.XLSX])
async def test_who_takes_a_returned_file_slowly_holds_no_connection_and_no_thread(
    real_pool: Pool,
    resources: Resources,
    monkeypatch: pytest.MonkeyPatch,
    written_as: TabularFormat,
) -> None:
    """Between two pieces the client may take its time; what others need lies free meanwhile."""
    held = replace(resources, pool=real_pool)
    monkeypatch.setattr(handing_back, "_ROWS_AT_ONCE", 1)
    async with real_pool.transaction() as db:
        city = await make_city(db, held.cipher)
    actor = city.county_admin.actor
    async with real_pool.transaction() as db:
        run = await hand_in_file(
            db, held, actor, a_file(city, "张", "李", "王"), unit_id=city.county["id"]
        )
    async with real_pool.transaction() as db:
        await work_on(db, held, SharedPool(db._driver), run["id"])
    async with real_pool.connection() as db:
        returnable = await imports.get_returnable_import(db, actor, import_id=run["id"])
    in_threads = taken = 0
    to_thread = asyncio.to_thread

    async def counted(*work: Any) -> Any:
        nonlocal in_threads
        in_threads += 1
        try:
            return await to_thread(*work)
        finally:
            in_threads -= 1

    monkeypatch.setattr(asyncio, "to_thread", counted)
    pieces = handing_back._returned(held, actor, returnable, ReturnedRows.ALL, written_as)
    async with aclosing(pieces):
        async for _ in pieces:
            taken += 1
            assert len(real_pool._idle) == len(real_pool._open) > 0
            assert in_threads == 0
    assert taken > 3
