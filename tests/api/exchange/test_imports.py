"""Imports over REST: a file as one stream, the diff in pages, who may."""

import httpx2
import pytest

from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, Person, id_number
from tests.make_imports import PEOPLE_HEAD, csv, work_on


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
