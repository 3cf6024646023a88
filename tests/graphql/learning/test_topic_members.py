from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_topic


async def test_members_are_written_and_read(client: Client, city: City, db: Connection) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    one = {"id": str(topic["id"])}
    members = [
        {"teacherId": str(city.teacher["id"]), "duty": "LEADER", "share": "60"},
        {"teacherId": str(city.colleague["id"]), "duty": "CORE", "share": "40"},
    ]
    written = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $team: TopicTeam!)"
        " { setTopicMembers(topicId: $id, team: $team) { members } }",
        {**one, "team": {"members": members}},
    )
    assert written["data"]["setTopicMembers"] == {"members": 2}
    read = await client.graphql(
        city.colleague_account,
        "query ($id: UUID!) { topicMembers(topicId: $id) { nodes { name share topic { title } } } }",
        one,
    )
    titled = {"topic": {"title": topic["title"]}}
    assert read["data"]["topicMembers"]["nodes"] == [
        {"name": "测试甲", "share": "60.00", **titled},
        {"name": "测试乙", "share": "40.00", **titled},
    ]
