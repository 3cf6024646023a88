"""Reports of posts over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_discussions import make_post


async def test_a_post_is_reported_hidden_and_restored(
    client: Client, db: Connection, city: City
) -> None:
    post = await make_post(db, city, city.teacher_account)
    path = f"/discussion-posts/{post['id']}"
    made = await client.post(city.colleague_account, f"{path}/report", {"reason": "abuse"})
    assert made.status_code == 201, made.text
    own = await client.post(city.teacher_account, f"{path}/report", {"reason": "abuse"})
    assert (own.status_code, own.json()["code"]) == (403, "post_of_oneself")
    waiting = await client.get(city.school_admin, "/moderated-posts?reported=true")
    assert [row["id"] for row in waiting.json()["items"]] == [str(post["id"])]
    ruling = {"reason": "含有人身攻击"}
    hidden = await client.post(city.school_admin, f"{path}/hide", ruling)
    assert hidden.json()["text"] == post["text"]
    assert (await client.get(city.colleague_account, path)).json()["text"] is None
    shown = await client.post(city.school_admin, f"{path}/restore", ruling)
    assert shown.json()["hidden_at"] is None
    settled = await client.get(city.school_admin, f"/post-reports?post_id={post['id']}")
    assert [row["outcome"] for row in settled.json()["items"]] == ["hidden"]
    trace = await client.get(city.teacher_account, f"{path}/decisions")
    assert [row["outcome"] for row in trace.json()] == ["hidden", "restored"]
    none = await client.post(city.school_admin, f"{path}/dismiss-reports", ruling)
    assert (none.status_code, none.json()["code"]) == (409, "post_not_reported")
