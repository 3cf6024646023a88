"""Posts in discussions over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_discussions import hide, make_observation


async def test_what_is_said_at_a_moment_of_a_video(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_observation(db, city.school_admin, activity)
    path = f"/discussions/{made['id']}/posts"
    said = await client.post(
        city.teacher_account, path,
        {"text": "板书清晰", "at_ms": 61_500, "mentions": [str(city.colleague["id"])]},
    )  # fmt: skip
    assert said.status_code == 201, said.text
    post = said.headers["location"].removeprefix("/api/v1")
    reply = {"text": "同感", "parent_id": said.json()["id"]}
    assert (await client.post(city.colleague_account, path, reply)).json()["number"] == 2
    timed = await client.get(city.colleague_account, f"{path}?sort=at_ms&to_ms=61501")
    assert timed.json()["items"] == [said.json()]
    edited = await client.post(city.teacher_account, f"{post}/edit", {"text": "板书很清晰"})
    assert edited.json()["text"] == "板书很清晰"
    kept = await client.get(city.school_admin, f"{post}/wordings")
    assert [row["text"] for row in kept.json()] == ["板书清晰"]
    late = await client.post(city.teacher_account, path, {"text": "好", "at_ms": 600_001})
    assert (late.status_code, late.json()["code"]) == (422, "discussion_moment_unfit")
    other = await client.post(city.colleague_account, f"{post}/withdraw")
    assert (other.status_code, other.json()["code"]) == (403, "discussion_post_of_another")
    gone = await client.post(city.teacher_account, f"{post}/withdraw")
    assert gone.json()["text"] is None
    assert (await client.get(city.colleague_account, post)).json() == gone.json()


async def test_who_writes_without_end_gets_429_and_when_to_come_back(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_observation(db, city.school_admin, activity)
    path = f"/discussions/{made['id']}/posts"
    answers = [await client.post(city.teacher_account, path, {"text": "好"}) for _ in range(13)]
    assert answers[0].status_code == 201
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_posts")
    assert int(refused.headers["retry-after"]) >= 1


async def test_an_author_takes_note(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_observation(db, city.school_admin, activity)
    said = await client.post(
        city.teacher_account, f"/discussions/{made['id']}/posts", {"text": "不当言论"}
    )
    path = f"/discussion-posts/{said.json()['id']}"
    early = await client.post(city.teacher_account, f"{path}/acknowledge")
    assert (early.status_code, early.json()["code"]) == (409, "discussion_post_not_hidden")
    await hide(db, city.school_admin, said.json())
    noted = await client.post(city.teacher_account, f"{path}/acknowledge")
    assert (noted.status_code, noted.json()["text"]) == (200, None)
