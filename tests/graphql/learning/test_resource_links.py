from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_resources import make_resource


async def test_an_activity_uses_a_resource(client: Client, city: City, db: Connection) -> None:
    resource = await make_resource(db, city.teacher_account)
    activity = await make_activity(db, city.school, city.school_admin)
    linked = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $activity: UUID!) { linkResource(resourceId: $id,"
        " new: {activityId: $activity}) { id activity { title } course { id } } }",
        {"id": str(resource["id"]), "activity": str(activity["id"])},
    )
    link = linked["data"]["linkResource"]
    assert (link["activity"], link["course"]) == ({"title": activity["title"]}, None)
    read = await client.graphql(
        city.school_admin, "{ resourceLinks { nodes { resource { title } } } }"
    )
    assert read["data"]["resourceLinks"]["nodes"] == [{"resource": {"title": resource["title"]}}]
    removed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { unlinkResource(linkId: $id) { id } }",
        {"id": link["id"]},
    )
    assert removed["data"]["unlinkResource"] == {"id": link["id"]}
