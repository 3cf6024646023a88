from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_needs import make_template


async def test_an_activity_is_closed_evaluated_and_summed_up(
    client: Client, city: City, db: Connection
) -> None:
    template = await make_template(db, city.school, city.school_admin)
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    address = f"/activities/{activity['id']}"
    planned = await client.request(
        city.school_admin, "PUT", f"{address}/evaluation",
        json={"template_id": str(template["id"]), "window_days": 3},
    )  # fmt: skip
    assert (planned.status_code, planned.json()["survey_id"]) == (200, None)
    early = await client.post(city.school_admin, f"{address}/summary", {"summary": "总结"})
    assert (early.status_code, early.json()["code"]) == (409, "activity_wrong_state")
    assert (await client.post(city.school_admin, f"{address}/close")).status_code == 200
    listed = await client.get(city.school_admin, "/evaluations?summarised=false")
    [row] = listed.json()["items"]
    assert row["activity_id"] == str(activity["id"])
    answers = {"answers": [{"question": "form", "choices": ["lecture"]}]}
    survey = f"/surveys/{row['survey_id']}"
    assert (
        await client.post(city.teacher_account, f"{survey}/answers", answers)
    ).status_code == 201
    other = await client.post(city.colleague_account, f"{survey}/answers", answers)
    assert (other.status_code, other.json()["code"]) == (404, "survey_not_found")
    done = await client.post(
        city.school_admin, f"{address}/summary", {"summary": "总结", "next_steps": "再磨一课"}
    )
    assert (done.status_code, done.json()["next_steps"]) == (200, "再磨一课")
    read = await client.get(city.school_admin, f"/evaluations/{row['id']}")
    assert read.json() == done.json()


async def test_what_is_no_template_is_refused(client: Client, city: City, db: Connection) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    refused = await client.request(
        city.school_admin, "PUT", f"/activities/{activity['id']}/evaluation",
        json={"window_days": 61},
    )  # fmt: skip
    assert refused.status_code == 422
    listed = await client.get(city.school_admin, "/evaluations")
    assert listed.json()["items"] == []
