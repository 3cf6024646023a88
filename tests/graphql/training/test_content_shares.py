from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance


async def test_the_share_of_ethics(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.city, city.city_admin, content=["ethics"])
    await make_attendance(db, activity["sessions"][0], city.city_admin, city.teacher)
    answer = await client.graphql(
        city.city_admin,
        'query ($id: UUID!) { contentShares(unitId: $id, since: "2026-09-01",'
        ' until: "2026-12-31") { unit family hours ofHours hoursShare position } }',
        {"id": str(city.city["id"])},
    )
    assert answer["data"]["contentShares"][0] == {
        "unit": "测试市", "family": "ETHICS", "hours": "2.00", "ofHours": "2.00",
        "hoursShare": "1.0000", "position": 1,
    }  # fmt: skip
    refused = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { contentShares(unitId: $id) { unit } }",
        {"id": str(city.school["id"])},
    )
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
