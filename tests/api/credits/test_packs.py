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
    [problem] = refused.json()["details"]["problems"]
    assert (problem["path"], problem["code"]) == ("caps.0.maximum", "number_uncited")
    assert problem["en"] in refused.json()["detail"]
    for wrong in ({}, {"id": 1}, {"caps": "x"}):
        answer = await client.post(city.city_admin, "/rule-packs", {**new, "document": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "pack_refused")
    county = await client.post(city.county_admin, "/rule-packs", new)
    assert (county.status_code, county.json()["code"]) == (403, "not_allowed")


async def test_a_county_refines_and_reads_how_that_is_written(client: Client, city: City) -> None:
    document = open_ended().model_dump(mode="json", exclude_defaults=True)
    await client.post(
        city.city_admin, "/rule-packs", {"unit_id": str(city.city["id"]), "document": document}
    )
    refinement = {
        "id": "jia-county", "version": 1, "title": {"zh": "细化", "en": "County"}, "issuer": "甲县",
        "refines": {"id": document["id"], "version": 1},
        "effective_from": document["effective_from"] | {"value": "2026-09-01"},
        "numbers": [{
            "number": "caps.county-each-year.maximum",
            "value": {"value": "30.00", "citation": {"document": "甲教发1号", "article": "1"}},
        }],
    }  # fmt: skip
    new = {"unit_id": str(city.county["id"]), "document": refinement}
    made = await client.post(city.county_admin, "/rule-pack-refinements", new)
    assert made.status_code == 201, made.text
    read = await client.get(city.teacher_account, f"/rule-packs/{made.json()['id']}")
    assert read.json()["document"] == refinement
    refinement["numbers"][0]["value"]["value"] = "61.00"
    refused = await client.post(city.county_admin, "/rule-pack-refinements", new)
    assert (refused.status_code, refused.json()["code"]) == (422, "pack_refused")
    assert "caps.county-each-year.maximum" in refused.json()["detail"]
    for path in ("/rule-packs/schema", "/rule-pack-refinements/schema"):
        schema = (await client.get(city.teacher_account, path)).json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
