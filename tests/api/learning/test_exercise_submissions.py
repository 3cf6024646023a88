"""What is handed in to exercises, over REST."""

from app.domain.training.files import FileSharing
from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_completions import make_exercise
from tests.make_evidence import make_file
from tests.make_forms import make_staff


async def test_it_is_handed_in_returned_handed_in_again_and_accepted(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    await make_staff(db, activity, city.colleague)
    exercise = await make_exercise(db, city.school_admin, activity)
    teacher, path = city.teacher_account, f"/exercises/{exercise['id']}/submissions"
    file = await make_file(db, city.school, teacher, city.teacher, sharing=FileSharing.ACTIVITY)
    made = await client.post(teacher, path, {"text": "追问", "file_ids": [str(file["id"])]})
    assert made.status_code == 201, made.json()
    first = f"/exercise-submissions/{made.json()['id']}"
    assert made.headers["Location"] == f"/api/v1{first}"
    link = await client.post(city.school_admin, f"{first}/files/{file['id']}/link", {})
    assert str(file["id"]) in link.json()["url"]
    twice = await client.post(teacher, path, {"text": "追问"})
    assert (twice.status_code, twice.json()["code"]) == (409, "exercise_handed_in")
    returned = await client.post(
        city.school_admin, f"{first}/review", {"accepted": False, "comment": "请补充"}
    )
    assert (returned.json()["state"], returned.json()["name"]) == ("returned", "测试甲")
    again = (await client.post(teacher, path, {"text": "补充后的追问"})).json()
    queue = await client.get(
        city.colleague_account, "/exercise-submissions-to-review?state=waiting"
    )
    assert [each["id"] for each in queue.json()["items"]] == [again["id"]]
    accepted = await client.post(
        city.colleague_account, f"/exercise-submissions/{again['id']}/review",
        {"accepted": True, "score": "88.50"},
    )  # fmt: skip
    assert (accepted.json()["state"], accepted.json()["score"]) == ("accepted", "88.50")
    own = (await client.get(teacher, "/exercise-submissions")).json()["items"]
    assert [(each["number"], each["state"]) for each in own] == [(1, "returned"), (2, "accepted")]
    assert (await client.get(teacher, first)).json()["comment"] == "请补充"
    listed = f"/activities/{activity['id']}/exercise-submissions?exercise_id={exercise['id']}"
    assert len((await client.get(city.school_admin, listed)).json()["items"]) == 2


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    exercise = await make_exercise(db, city.school_admin, activity)
    path = f"/exercises/{exercise['id']}/submissions"
    outside = await client.post(city.teacher_account, path, {"text": "追问"})
    assert (outside.status_code, outside.json()["code"]) == (409, "exercise_without_place")
    nothing = await client.post(city.teacher_account, path, {})
    assert nothing.status_code == 422
