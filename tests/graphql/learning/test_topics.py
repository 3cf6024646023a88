from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_topics import make_studied, make_topic

NEW = {
    "title": "提问能力的培养", "level": "SCHOOL", "summary": "学生不会提问",
    "startsOn": "2026-09-01", "dueOn": "2028-07-31",
}  # fmt: skip


async def test_a_topic_is_begun_changed_and_read(client: Client, city: City) -> None:
    made = await client.graphql(
        city.teacher_account,
        "mutation ($new: NewTopic!) { createTopic(new: $new) { id state leader { name } } }",
        {"new": NEW},
    )
    topic = made["data"]["createTopic"]
    assert (topic["state"], topic["leader"]) == ("DRAFT", {"name": "测试甲"})
    one = {"id": topic["id"]}
    changed = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!, $changes: TopicChanges!)"
        " { updateTopic(topicId: $id, changes: $changes) { title } }",
        {**one, "changes": {"title": "改名"}},
    )
    assert changed["data"]["updateTopic"] == {"title": "改名"}
    query = "query ($id: UUID!) { topic(id: $id) { title unit { name } } }"
    read = await client.graphql(city.school_admin, query, one)
    assert read["data"]["topic"] == {"title": "改名", "unit": {"name": "甲县第一小学"}}
    hidden = await client.graphql(city.sibling_admin, query, one)
    assert hidden["errors"][0]["extensions"]["code"] == "topic_not_found"


async def test_topics_with_all_that_belongs_to_them(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    await make_studied(db, city.teacher_account, city.school_admin)
    await make_topic(db, city.teacher_account)
    before = pool.statements
    found = await client.graphql(
        city.school_admin,
        "query { topics(state: APPROVED) { nodes { number team { nodes { name duty } }"
        " steps { nodes { kind state } } activities { nodes { title } }"
        " outputs { nodes { title } } } } }",
    )
    assert pool.statements - before == 5
    assert found["data"]["topics"]["nodes"] == [
        {
            "number": None, "team": {"nodes": [{"name": "测试甲", "duty": "LEADER"}]},
            "steps": {"nodes": [{"kind": "APPLICATION", "state": "PASSED"}]},
            "activities": {"nodes": []}, "outputs": {"nodes": []},
        }
    ]  # fmt: skip
