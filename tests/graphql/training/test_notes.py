from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance

TEXT = "今天观摩了一节语文课，最大的收获是提问的层次与留白。"
SUBMIT = (
    "mutation ($id: UUID!, $text: String!)"
    " { submitNote(activityId: $id, new: {kind: REFLECTION, text: $text})"
    " { kind text activity { title } } }"
)


async def test_a_note_is_submitted_and_read(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key = {"id": str(activity["id"])}
    early = await client.graphql(city.teacher_account, SUBMIT, key | {"text": TEXT})
    assert early["errors"][0]["extensions"]["code"] == "note_without_attendance"
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    short = await client.graphql(city.teacher_account, SUBMIT, key | {"text": "太短"})
    assert short["errors"][0]["extensions"]["code"] == "invalid_request"
    submitted = await client.graphql(city.teacher_account, SUBMIT, key | {"text": TEXT})
    assert submitted["data"]["submitNote"] == {
        "kind": "REFLECTION", "text": TEXT, "activity": {"title": "测试研修活动"},
    }  # fmt: skip
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { notes(activityId: $id, kind: REFLECTION) { nodes { name text } } }",
        key,
    )
    assert listed["data"]["notes"]["nodes"] == [{"name": "测试甲", "text": TEXT}]
    own = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { teacherNotes(teacherId: $id) { nodes { kind } } }",
        {"id": str(city.teacher["id"])},
    )
    assert own["data"]["teacherNotes"]["nodes"] == [{"kind": "REFLECTION"}]
