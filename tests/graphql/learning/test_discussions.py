"""Discussions over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity

OPEN = """mutation ($on: UUID!) {
    openDiscussion(new: {title: "如何设计追问", activityId: $on}) { id posts activity { title } }
}"""
READ = (
    """mutation ($id: UUID!) { readDiscussion(discussionId: $id, mark: {readTo: 9}) { unread } }"""
)
CLOSE = """mutation ($id: UUID!) {
    closeDiscussion(discussionId: $id, closing: {reason: "讨论结束"}) { closedBecause }
}"""
CHANGE = """mutation ($id: UUID!) {
    reopenDiscussion(discussionId: $id) { closedAt }
    updateDiscussion(discussionId: $id, changes: {isPinned: true}) { isPinned }
}"""


async def test_a_discussion_with_what_it_is_on(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    refused = await client.graphql(city.teacher_account, OPEN, {"on": str(activity["id"])})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    made = await client.graphql(city.school_admin, OPEN, {"on": str(activity["id"])})
    opened = made["data"]["openDiscussion"]
    assert (opened["posts"], opened["activity"]["title"]) == (0, activity["title"])
    key = {"id": opened["id"]}
    read = await client.graphql(city.teacher_account, READ, key)
    assert read["data"]["readDiscussion"] == {"unread": 0}
    closed = await client.graphql(city.school_admin, CLOSE, key)
    assert closed["data"]["closeDiscussion"] == {"closedBecause": "讨论结束"}
    changed = await client.graphql(city.school_admin, CHANGE, key)
    assert changed["data"] == {
        "reopenDiscussion": {"closedAt": None}, "updateDiscussion": {"isPinned": True},
    }  # fmt: skip
    asked = """query ($id: UUID!) {
        discussion(id: $id) { title }
        discussionReading(discussionId: $id) { readTo }
        discussions(offered: true) { nodes { isPinned } }
    }"""
    seen = await client.graphql(city.teacher_account, asked, key)
    assert seen["data"] == {
        "discussion": {"title": "如何设计追问"}, "discussionReading": {"readTo": 0},
        "discussions": {"nodes": [{"isPinned": True}]},
    }  # fmt: skip
