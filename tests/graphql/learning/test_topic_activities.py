from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_topics import make_studied


async def test_activities_come_and_go(client: Client, city: City, db: Connection) -> None:
    topic = await make_studied(db, city.teacher_account, city.school_admin)
    activity = await make_activity(db, city.school, city.school_admin)
    given = {"id": str(topic["id"]), "activity": str(activity["id"])}
    added = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $activity: UUID!) {"
        " addTopicActivity(topicId: $id, new: {activityId: $activity}) { activity { title } } }",
        given,
    )
    named = {"activity": {"title": activity["title"]}}
    assert added["data"]["addTopicActivity"] == named
    query = "query ($id: UUID!) { topicActivities(topicId: $id) { nodes { activity { title } } } }"
    read = await client.graphql(city.school_admin, query, {"id": given["id"]})
    assert read["data"]["topicActivities"]["nodes"] == [named]
    removed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $activity: UUID!)"
        " { removeTopicActivity(topicId: $id, activityId: $activity) { title } }",
        given,
    )
    assert removed["data"]["removeTopicActivity"] == {"title": activity["title"]}
    read = await client.graphql(city.school_admin, query, {"id": given["id"]})
    assert read["data"]["topicActivities"]["nodes"] == []
