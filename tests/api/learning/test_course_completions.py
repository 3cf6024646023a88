"""Completion of courses over REST, from what a course declares to who completed it."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_completions import ATTENDANCE, JUDGEMENT, attend, close_class, make_class_with
from tests.make_courses import COURSE


async def test_a_class_from_its_progress_to_what_was_settled(
    client: Client, db: Connection, city: City
) -> None:
    made = await make_class_with(db, city, ATTENDANCE, JUDGEMENT)
    by, teacher = city.school_admin, str(city.teacher["id"])
    await attend(db, made, by, city.teacher)
    path = f"/activities/{made['activity_id']}"
    judged = await client.post(
        by, f"{path}/course-judgements",
        {"judgements": [{"teacher_id": teacher, "is_sufficient": True, "opinion": "好"}]},
    )  # fmt: skip
    assert judged.json() == {"activity_id": str(made["activity_id"]), "judged": 1}
    (row,) = (await client.get(by, f"{path}/class-progress")).json()
    assert row == {
        "activity_id": str(made["activity_id"]), "teacher_id": teacher, "name": "测试甲",
        "school": "甲县第一小学", "is_met": True, "opinion": "好",
        "completed": None,
        "conditions": [
            {"kind": "attendance", "required": "80", "reached": "100", "is_met": True},
            {"kind": "judgement", "required": "1", "reached": "1", "is_met": True},
        ],
    }  # fmt: skip
    own = f"/teachers/{teacher}/course-progress/{made['activity_id']}"
    assert (await client.get(city.teacher_account, own)).json() == row
    early = await client.post(by, f"{path}/course-completions", {})
    assert (early.status_code, early.json()["code"]) == (409, "activity_wrong_state")
    await close_class(db, by, made)
    done = await client.post(by, f"{path}/course-completions", {})
    assert (done.json()["settled"], done.json()["completed"]) == (1, 1)
    (settled,) = (await client.get(by, f"{path}/course-completions?completed=true")).json()["items"]
    wrong = {"completed": False, "reason": "签到表有误"}
    corrected = await client.post(by, f"/course-completions/{settled['id']}/correct", wrong)
    assert (corrected.json()["completed"], corrected.json()["reason"]) == (False, "签到表有误")
    page = await client.get(city.teacher_account, f"/teachers/{teacher}/course-completions")
    assert [each["completed"] for each in page.json()["items"]] == [True, False]
    one = await client.get(city.teacher_account, f"/course-completions/{settled['id']}")
    assert one.json()["superseded_at"] is not None


async def test_conditions_that_cannot_be_counted_are_refused(client: Client, city: City) -> None:
    new = COURSE | {"unit_id": str(city.school["id"]), "completion": [{"kind": "attendance"}]}
    refused = await client.post(city.school_admin, "/courses", new)
    assert refused.status_code == 422
    new["completion"] = [ATTENDANCE]
    made = await client.post(city.school_admin, "/courses", new)
    assert (made.status_code, made.json()["completion"]) == (201, [ATTENDANCE])
