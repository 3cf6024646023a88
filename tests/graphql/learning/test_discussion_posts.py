"""Posts in discussions over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_discussions import hide, make_observation

WRITE = """mutation ($on: UUID!) {
    writeDiscussionPost(discussionId: $on, new: {text: "板书清晰", atMs: 61500}) {
        id number name
    }
}"""
EDIT = """mutation ($id: UUID!) {
    editDiscussionPost(postId: $id, change: {text: "板书很清晰"}) { text }
}"""
ACT = "mutation ($id: UUID!) {{ {}(postId: $id) {{ text }} }}"


async def test_a_post_is_written_read_and_edited(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_observation(db, city.school_admin, activity)
    said = await client.graphql(city.teacher_account, WRITE, {"on": str(made["id"])})
    post = said["data"]["writeDiscussionPost"]
    assert (post["number"], post["name"]) == (1, "测试甲")
    key = {"id": post["id"]}
    edited = await client.graphql(city.teacher_account, EDIT, key)
    assert edited["data"]["editDiscussionPost"] == {"text": "板书很清晰"}
    asked = """query ($id: UUID!, $on: UUID!) {
        discussionPost(id: $id) { atMs }
        postWordings(postId: $id) { text }
        discussionPosts(discussionId: $on, sort: "at_ms") { nodes { name } }
    }"""
    seen = await client.graphql(city.teacher_account, asked, key | {"on": str(made["id"])})
    assert seen["data"] == {
        "discussionPost": {"atMs": 61500}, "postWordings": [{"text": "板书清晰"}],
        "discussionPosts": {"nodes": [{"name": "测试甲"}]},
    }  # fmt: skip
    await hide(db, city.school_admin, post)
    noted = await client.graphql(city.teacher_account, ACT.format("acknowledgeHiddenPost"), key)
    assert noted["data"]["acknowledgeHiddenPost"] == {"text": None}
    gone = await client.graphql(city.teacher_account, ACT.format("withdrawDiscussionPost"), key)
    assert gone["errors"][0]["extensions"]["code"] == "discussion_post_gone"
