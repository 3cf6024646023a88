"""Programmes over GraphQL."""

from tests.make import City, Client

CREATE = "mutation ($new: NewProgramme!) { createProgramme(new: $new) { id name unitId } }"
ONE = "query ($id: UUID!) { programme(id: $id) { name kind } }"
LIST = "{ programmes(offered: true, kind: NATIONAL_TRAINING) { nodes { name } } }"


async def test_a_programme_and_who_knows_of_it(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.city["id"]), "name": "国培计划", "kind": "NATIONAL_TRAINING",
        "level": "NATIONAL", "purpose": "国家级培训", "validFrom": "2026-09-01",
    }  # fmt: skip
    made = await client.graphql(city.city_admin, CREATE, {"new": new})
    key = made["data"]["createProgramme"]["id"]
    seen = await client.graphql(city.teacher_account, ONE, {"id": key})
    assert seen["data"]["programme"] == {"name": "国培计划", "kind": "NATIONAL_TRAINING"}
    offered = await client.graphql(city.school_admin, LIST)
    assert offered["data"]["programmes"]["nodes"] == [{"name": "国培计划"}]
    refused = await client.graphql(city.auditor, CREATE, {"new": new})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
