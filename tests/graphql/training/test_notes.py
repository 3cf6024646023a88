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


async def test_versions_and_resemblances_are_read_and_decided(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    session = activity["sessions"][0]
    await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    key = {"id": str(activity["id"])}
    long = TEXT + "孩子们先自主阅读，再在小组里交流，最后全班分享，板书把三个关键词写在中央。"
    await client.graphql(city.teacher_account, SUBMIT, key | {"text": TEXT})
    for person in (city.teacher_account, city.colleague_account):
        await client.graphql(person, SUBMIT, key | {"text": long})
    found = await client.graphql(
        city.school_admin,
        "{ noteResemblances(state: OPEN) { nodes { id noteId name otherName share } } }",
    )
    [pair] = found["data"]["noteResemblances"]["nodes"]
    assert (pair["name"], pair["otherName"], pair["share"]) == ("测试甲", "测试乙", "1.000")
    read = await client.graphql(
        city.school_admin,
        "query ($r: UUID!, $n: UUID!) { noteResemblance(id: $r) { text otherText }"
        " noteVersions(noteId: $n) { version text } note(id: $n) { version } }",
        {"r": pair["id"], "n": pair["noteId"]},
    )
    assert read["data"] == {
        "noteResemblance": {"text": long, "otherText": long},
        "noteVersions": [{"version": 1, "text": TEXT}],
        "note": {"version": 2},
    }
    decide = (
        "mutation ($r: UUID!) { decideNoteResemblance(resemblanceId: $r,"
        ' decision: {state: CONFIRMED, opinion: "内容相同"}) { state opinion } }'
    )
    foreign = await client.graphql(city.sibling_admin, decide, {"r": pair["id"]})
    assert foreign["errors"][0]["extensions"]["code"] == "note_resemblance_not_found"
    decided = await client.graphql(city.school_admin, decide, {"r": pair["id"]})
    assert decided["data"]["decideNoteResemblance"] == {"state": "CONFIRMED", "opinion": "内容相同"}
