from typing import Any

from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance

SHEET: dict[str, Any] = {
    "kind": "mutual", "held_on": "2026-11-19", "class_name": "三（2）班", "subject": "chinese",
    "title": "《富饶的西沙群岛》", "record": "教师以地图导入，学生分组朗读。",
    "diagnosis": "提问有层次。", "suggestions": "多留些思考的时间。",
}  # fmt: skip


async def test_a_sheet_is_submitted_read_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    session = activity["sessions"][0]
    await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    at = {"activity_id": str(activity["id"]), "session_id": str(session["id"])}
    new = SHEET | at | {"teacher_id": str(city.teacher["id"])}
    made = await client.post(city.colleague_account, "/observation-sheets", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.teacher_account, path)).json() == made.json()
    answer = {"answer": "谢谢，下次改进。"}
    answered = await client.post(city.teacher_account, f"{path}/answer", answer)
    assert answered.json()["answer"] == answer["answer"]
    again = await client.post(city.teacher_account, f"{path}/answer", answer)
    assert (again.status_code, again.json()["code"]) == (409, "observation_sheet_answered")
    about = await client.get(
        city.school_admin, f"/teachers/{city.teacher['id']}/observation-sheets?kind=mutual"
    )
    assert about.json()["items"] == [answered.json()]
    own = await client.get(city.colleague_account, "/me/observations?kind=mutual")
    assert own.json()["items"] == [answered.json()]
    organised = await client.get(
        city.school_admin, f"/activities/{activity['id']}/observation-sheets"
    )
    assert organised.json()["items"] == [answered.json() | {"school": "甲县第一小学"}]


async def test_refusals(client: Client, city: City) -> None:
    new = SHEET | {"teacher_id": str(city.teacher["id"])}
    scores = [{"code": "lesson_review", "score": "90"}]
    for person, more, status, code in (
        (city.teacher_account, {}, 422, "observation_of_oneself"),
        (city.sibling_teacher_account, {}, 404, "teacher_not_found"),
        (city.colleague_account, {"held_on": "2999-01-01"}, 422, "observation_in_future"),
        (city.colleague_account, {"scores": scores}, 422, "observation_scores_disagree"),
        (city.colleague_account, {"title": ""}, 422, "invalid_request"),
    ):
        answer = await client.post(person, "/observation-sheets", new | more)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
