from app.sql import Connection
from tests.domain.credits.making import open_ended
from tests.make import City, Client


async def test_a_city_publishes_a_pack_and_a_teacher_reads_it(client: Client, city: City) -> None:
    document = open_ended().model_dump(mode="json", exclude_defaults=True)
    new = {"unit_id": str(city.city["id"]), "document": document}
    made = await client.post(city.city_admin, "/rule-packs", new)
    assert made.status_code == 201, made.text
    read = await client.http.get(
        made.headers["location"], headers=client.headers(city.teacher_account)
    )
    assert read.json() == made.json()
    assert read.json()["document"] == document
    listed = (
        await client.get(city.teacher_account, "/rule-packs?pack_id=yueyang-demo-2026")
    ).json()
    assert [row["id"] for row in listed["items"]] == [made.json()["id"]]
    again = await client.post(city.city_admin, "/rule-packs", new)
    assert (again.status_code, again.json()["code"]) == (409, "rule_pack_exists")


async def test_a_wrong_document_is_refused_by_place(
    client: Client, db: Connection, city: City
) -> None:
    document = open_ended().model_dump(mode="json", exclude_defaults=True)
    document["caps"][0]["maximum"] = {"value": "120.00"}
    new = {"unit_id": str(city.city["id"]), "document": document}
    refused = await client.post(city.city_admin, "/rule-packs", new)
    assert (refused.status_code, refused.json()["code"]) == (422, "pack_refused")
    assert "caps.0.maximum" in refused.json()["detail"]
    for wrong in ({}, {"id": 1}, {"caps": "x"}):
        answer = await client.post(city.city_admin, "/rule-packs", {**new, "document": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "pack_refused")
    county = await client.post(city.county_admin, "/rule-packs", new)
    assert (county.status_code, county.json()["code"]) == (403, "not_allowed")
