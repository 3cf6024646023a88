from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_a_series_and_its_activities(client: Client, db: Connection, city: City) -> None:
    made = await client.graphql(
        city.school_admin,
        "mutation ($new: NewSeries!) { createSeries(new: $new) { id title } }",
        {"new": {"title": "名师讲堂", "organiserUnitId": str(city.school["id"])}},
    )
    key = {"id": made["data"]["createSeries"]["id"]}
    activity = await make_activity(db, city.school, city.school_admin)
    put = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $activity: UUID!) { chooseSeries(activityId: $activity,"
        " choice: {seriesId: $id}) { seriesId } }",
        key | {"activity": str(activity["id"])},
    )
    assert put["data"]["chooseSeries"] == {"seriesId": key["id"]}
    await client.graphql(
        city.school_admin,
        'mutation ($id: UUID!) { updateSeries(seriesId: $id, changes: {goal: "提升教学"}) { id } }',
        key,
    )
    seen = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { series(id: $id) { goal }"
        " offeredActivities(seriesId: $id) { nodes { id } } }",
        key,
    )
    assert seen["data"] == {
        "series": {"goal": "提升教学"},
        "offeredActivities": {"nodes": [{"id": str(activity["id"])}]},
    }
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { organisedSeries { nodes { title } }"
        " activities(seriesId: $id) { nodes { id } } }",
        key,
    )
    assert listed["data"]["organisedSeries"]["nodes"] == [{"title": "名师讲堂"}]
    assert len(listed["data"]["activities"]["nodes"]) == 1
