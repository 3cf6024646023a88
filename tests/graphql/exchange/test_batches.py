from app.sql import new_id
from tests.make import City, Client

CREATE = "mutation ($new: NewBatch!) { createBatch(new: $new) { number entries sha256Jsonl } }"


async def test_an_empty_batch_is_refused(client: Client, city: City) -> None:
    """Inside one transaction nothing has committed yet, so there is nothing to put into one."""
    new = {"cityId": str(city.city["id"])}
    answer = await client.graphql(city.integration, CREATE, {"new": new})
    assert answer["errors"][0]["extensions"]["code"] == "batch_empty"


async def test_a_county_is_not_the_province(client: Client, city: City) -> None:
    new = {"cityId": str(city.city["id"])}
    answer = await client.graphql(city.county_admin, CREATE, {"new": new})
    assert answer["errors"][0]["extensions"]["code"] == "not_allowed"


async def test_half_a_period_is_refused(client: Client, city: City) -> None:
    new = {"cityId": str(city.city["id"]), "recordedFrom": "2026-11-01T00:00:00+08:00"}
    answer = await client.graphql(city.integration, CREATE, {"new": new})
    assert answer["errors"][0]["extensions"]["code"] == "invalid_request"


async def test_batches_are_listed_and_found(client: Client, city: City) -> None:
    listed = await client.graphql(city.integration, "{ batches { nodes { id number } } }")
    assert listed["data"]["batches"]["nodes"] == []
    one = await client.graphql(
        city.integration, "query ($id: UUID!) { batch(id: $id) { id } }", {"id": str(new_id())}
    )
    assert one["errors"][0]["extensions"]["code"] == "batch_not_found"
