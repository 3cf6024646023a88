from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import make_destination


async def test_where_a_visit_leads(client: Client, db: Connection, city: City) -> None:
    visit = await make_activity(db, city.county, city.county_admin)
    place = await make_destination(db, visit)
    key = {"id": str(visit["id"])}
    added = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: NewDestination!) { addDestination(activityId: $id, new: $new)"
        " { province funds } }",
        key
        | {"new": {"host": "名校", "province": "江苏省", "funds": "3.50", "fundsLine": "培训费"}},
    )
    assert added["data"]["addDestination"] == {"province": "江苏省", "funds": "3.50"}
    seen = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { activity(id: $id) { destinations { host level } }"
        " destinations(activityId: $id) { host } }",
        key,
    )
    assert seen["data"]["activity"]["destinations"] == [
        {"host": "测试名校", "level": "NATIONAL"}, {"host": "名校", "level": None}
    ]  # fmt: skip
    assert [each["host"] for each in seen["data"]["destinations"]] == ["测试名校", "名校"]
    removed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { removeDestination(destinationId: $id) { host } }",
        {"id": str(place["id"])},
    )
    assert removed["data"]["removeDestination"] == {"host": "测试名校"}
