"""Reports of posts over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_discussions import make_post

REPORT = """mutation ($id: UUID!) {
    reportPost(postId: $id, new: {reason: ABUSE}) { text outcome }
}"""
RULE = 'mutation ($id: UUID!) {{ {}(postId: $id, ruling: {{reason: "含有人身攻击"}}) {{ text }} }}'


async def test_a_post_is_reported_and_moderated(client: Client, db: Connection, city: City) -> None:
    post = await make_post(db, city, city.teacher_account)
    key = {"id": str(post["id"])}
    made = await client.graphql(city.colleague_account, REPORT, key)
    assert made["data"]["reportPost"] == {"text": post["text"], "outcome": None}
    refused = await client.graphql(city.colleague_account, RULE.format("hidePost"), key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    for act in ("dismissPostReports", "hidePost", "restorePost"):
        done = await client.graphql(city.school_admin, RULE.format(act), key)
        assert done["data"][act] == {"text": post["text"]}
    asked = """query ($id: UUID!) {
        moderatedPosts { nodes { hiddenBecause } }
        postReports(postId: $id) { nodes { outcome } }
        postDecisions(postId: $id) { outcome }
    }"""
    seen = await client.graphql(city.school_admin, asked, key)
    assert seen["data"] == {
        "moderatedPosts": {"nodes": [{"hiddenBecause": None}]},
        "postReports": {"nodes": [{"outcome": "DISMISSED"}]},
        "postDecisions": [{"outcome": each} for each in ("DISMISSED", "HIDDEN", "RESTORED")],
    }
