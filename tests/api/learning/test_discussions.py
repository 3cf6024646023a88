"""Discussions over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_discussions import say


async def test_a_discussion_is_opened_read_and_closed(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    new = {"title": "如何设计追问", "activity_id": str(activity["id"])}
    made = await client.post(city.school_admin, "/discussions", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    await say(db, city.school_admin, made.json())
    page = await client.get(city.teacher_account, "/discussions?offered=true&unread=true")
    assert [row["posts"] for row in page.json()["items"]] == [1]
    read = await client.post(city.teacher_account, f"{path}/read", {"read_to": 1})
    assert read.json() == {"discussion_id": made.json()["id"], "read_to": 1, "unread": 0}
    assert (await client.get(city.teacher_account, f"{path}/reading")).json() == read.json()
    seen = await client.get(city.school_admin, f"{path}?include=activity")
    assert seen.json()["activity"]["title"] == activity["title"]
    etag = (await client.get(city.school_admin, path)).headers["etag"]
    read_as = {"headers": {"If-Match": etag}}
    pinned = await client.request(
        city.school_admin, "PATCH", path, json={"is_pinned": True}, **read_as
    )
    assert pinned.json()["is_pinned"] is True
    stale = await client.request(
        city.school_admin, "PATCH", path, json={"title": "改名"}, **read_as
    )
    assert stale.status_code == 412
    refused = await client.post(city.teacher_account, f"{path}/close", {"reason": "不想谈了"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    closed = await client.post(city.school_admin, f"{path}/close", {"reason": "讨论结束"})
    assert closed.json()["closed_because"] == "讨论结束"
    again = await client.post(city.school_admin, f"{path}/reopen")
    assert again.json()["closed_at"] is None
    bad = await client.post(city.school_admin, "/discussions", {"title": "无所依附"})
    assert bad.status_code == 422
