"""Searching teachers over GraphQL."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_people import enter_person

SEARCH = "query ($q: String!) { searchTeachers(q: $q, first: 5) { name school { name } } }"


async def test_a_teacher_is_found_by_pinyin(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    await enter_person(db, city, resources)
    found = await client.graphql(city.school_admin, SEARCH, {"q": "shan"})
    assert found["data"]["searchTeachers"] == [
        {"name": "单晓红", "school": {"name": "甲县第一小学"}}
    ]


async def test_what_is_too_short_is_refused(client: Client, city: City) -> None:
    refused = await client.graphql(city.school_admin, SEARCH, {"q": "s"})
    assert refused["errors"][0]["extensions"]["code"] == "search_too_short"
