from uuid import UUID

from app.domain.credits.what_ifs import WhatIf
from app.domain.progress import begin_work, finish_work
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, Client
from tests.make_what_ifs import asking_for, count_all, pack_asking_for


async def test_a_draft_is_tried_out(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, pack_asking_for("1.00"))
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    new = {"unit_id": str(city.city["id"]), "document": asking_for("999.00")}
    asked = await client.post(city.city_admin, "/what-ifs", new)
    assert asked.status_code == 201, asked.text
    row, path = asked.json(), asked.headers["Location"].removeprefix("/api/v1")
    assert (row["state"], row["done"], row["total"]) == ("waiting", 0, 5)
    assert (await client.get(city.city_admin, path)).json() == row
    assert (await client.get(city.city_admin, "/what-ifs")).json()["items"] == [row]

    await begin_work(db, WhatIf, row_id=row["id"], now=NOW)
    await count_all(db, {"id": UUID(row["id"])})
    await finish_work(db, WhatIf, row_id=row["id"], now=NOW)
    done = (await client.get(city.city_admin, path)).json()
    assert (done["state"], done["done"]) == ("done", 5)
    [everybody] = (await client.get(city.city_admin, f"{path}/groups")).json()
    assert (everybody["teachers"], everybody["fell"], everybody["group"]) == (5, 1, None)
    counties = (await client.get(city.city_admin, f"{path}/groups?by=county")).json()
    assert {each["name"]: each["fell"] for each in counties}[city.county["name"]] == 1
    [fell] = (await client.get(city.city_admin, f"{path}/people?change=fell")).json()["items"]
    assert (fell["teacher_id"], fell["verdict_before"], fell["name"][-1]) == (
        str(city.teacher["id"]), "met", "*",
    )  # fmt: skip

    again = await client.post(city.city_admin, "/what-ifs", new)
    assert again.json() == done
    over = await client.post(city.city_admin, f"{path}/cancel")
    assert (over.status_code, over.json()["code"]) == (409, "work_over")


async def test_it_is_refused_in_words(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city, pack_asking_for("1.00"))
    wrong = {"unit_id": str(city.city["id"]), "document": asking_for("1.00") | {"unit": "minutes"}}
    refused = await client.post(city.city_admin, "/what-ifs", wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "pack_refused")
    for person, unit, status, code in (
        (city.county_admin, city.city, 403, "not_allowed"),
        (city.city_admin, city.school, 422, "what_if_needs_bureau"),
        (city.other_county_admin, city.county, 404, "unit_not_found"),
    ):
        new = {"unit_id": str(unit["id"]), "document": asking_for("2.00")}
        refused = await client.post(person, "/what-ifs", new)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    nothing = await client.get(city.city_admin, f"/what-ifs/{city.city['id']}")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "what_if_not_found")
