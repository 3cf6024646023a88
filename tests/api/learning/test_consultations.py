"""Consultations over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer


async def test_a_question_is_asked_answered_and_rated(
    client: Client, db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.sibling_teacher)
    asker, adviser = city.teacher_account, city.sibling_teacher_account
    new = {"title": "追问的层次", "text": "怎样追问？", "trainer_id": str(trainer["id"])}
    made = await client.post(asker, "/consultations", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.school_admin, path)).status_code == 404
    early = await client.post(asker, f"{path}/close", {"rating": 5})
    assert (early.status_code, early.json()["code"]) == (409, "consultation_unanswered")
    own = await client.post(asker, f"{path}/answer", {"text": "自问自答"})
    assert (own.status_code, own.json()["code"]) == (403, "consultation_of_another")
    answered = await client.post(adviser, f"{path}/answer", {"text": "先复述，再追问"})
    assert answered.json()["state"] == "answered"
    again = await client.post(asker, f"{path}/ask-further", {"text": "能举个例子吗？"})
    assert again.json()["state"] == "asked"
    messages = await client.get(adviser, f"{path}/messages")
    assert [row["by_adviser"] for row in messages.json()["items"]] == [False, True, False]
    closed = await client.post(asker, f"{path}/close", {"rating": 4, "remark": "有启发"})
    assert closed.json()["rating"] == 4
    page = await client.get(adviser, "/me/consultations?state=closed")
    assert page.json()["items"] == [closed.json()]
    listed = await client.get(asker, "/consultations?sort=due_on")
    assert [row["id"] for row in listed.json()["items"]] == [closed.json()["id"]]
    assert "rating" not in (await client.get(asker, path)).json()
    totals = await client.get(
        city.sibling_admin, f"/teachers/{city.sibling_teacher['id']}/consultation-totals"
    )
    assert (totals.json()["asked"], totals.json()["mean_rating"]) == (1, None)
