from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import make_staff


async def test_staff_are_named_and_taken_off(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, title="专题报告")
    session = str(activity["sessions"][0]["id"])
    new = {"role": "SPEAKER", "teacherId": str(city.teacher["id"]), "sessionId": session}
    named = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewStaff!) { addStaff(activityId: $id, new: $new) { id } }",
        {"id": str(activity["id"]), "new": new},
    )
    assert "errors" not in named, named
    key = named["data"]["addStaff"]["id"]
    await make_staff(db, activity, None, role="reviewer")
    seen = await client.graphql(
        city.colleague_account,
        "query ($id: UUID!) { activity(id: $id) { staff { name role }"
        " sessions { staff { name } } } staff(activityId: $id) { name } }",
        {"id": str(activity["id"])},
    )
    assert seen["data"] == {
        "activity": {
            "staff": [
                {"name": "测试甲", "role": "SPEAKER"}, {"name": "测试专家", "role": "REVIEWER"}
            ],
            "sessions": [{"staff": [{"name": "测试甲"}]}],
        },
        "staff": [{"name": "测试甲"}, {"name": "测试专家"}],
    }  # fmt: skip
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherStaff(teacherId: $id) { nodes { role title"
        " activity { title } } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherStaff"]["nodes"] == [
        {"role": "SPEAKER", "title": "专题报告", "activity": {"title": "专题报告"}}
    ]
    remove = "mutation ($id: UUID!) { removeStaff(staffId: $id) { name } }"
    removed = await client.graphql(city.school_admin, remove, {"id": key})
    assert removed["data"]["removeStaff"] == {"name": "测试甲"}
