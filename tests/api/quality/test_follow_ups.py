"""Follow-ups of assessments over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_incentives import make_assessment


async def test_a_teacher_is_told_and_answers(client: Client, db: Connection, city: City) -> None:
    assessment = await make_assessment(db, city.school_admin, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/assessments/{assessment['id']}/follow-ups"
    said = {
        "strengths": "组织好", "to_work_on": "提问浅", "follow_up_on": "2099-01-01",
        "recommendations": [{"activity_id": str(activity["id"]), "note": "先听"}],
    }  # fmt: skip
    made = await client.post(city.school_admin, path, said)
    assert made.status_code == 201
    row = made.json()
    assert row["recommendations"][0]["activity_id"] == str(activity["id"])
    one = f"/follow-ups/{row['id']}"
    assert (await client.get(city.teacher_account, one)).json() == row
    assert (await client.get(city.auditor, one)).status_code == 403
    assert (await client.get(city.colleague_account, one)).status_code == 404
    replied = await client.post(city.teacher_account, f"{one}/reply", {"reply": "好的"})
    assert replied.json()["reply"] == "好的"
    review = {"finding": "partly_reached", "review": "有进步"}
    reviewed = await client.post(city.school_admin, f"{one}/review", review)
    assert reviewed.json()["finding"] == "partly_reached"
    listed = await client.get(city.teacher_account, "/follow-ups?reviewed=true")
    assert [each["id"] for each in listed.json()["items"]] == [row["id"]]
    past = await client.post(city.school_admin, path, said | {"follow_up_on": "2026-01-01"})
    assert (past.status_code, past.json()["code"]) == (422, "follow_up_day_past")
