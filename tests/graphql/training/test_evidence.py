from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_evidence import make_file
from tests.make_forms import make_form

ADD = (
    "mutation ($id: UUID!) { addEvidence(activityId: $id,"
    ' new: {kind: SUMMARY, title: "总结", text: "圆满完成。"}) { id kind activityId } }'
)
SUBMIT = (
    "mutation ($id: UUID!, $file: UUID!) { submitEvidence(activityId: $id,"
    ' new: {kind: LESSON_PLAN, title: "教案", fileId: $file}) { id name mediaType } }'
)
LINK = "mutation ($id: UUID!) { createEvidenceLink(evidenceId: $id, new: {purpose: VIEW}) { url } }"
READ = (
    "query ($id: UUID!, $teacher: UUID!) { activityEvidence(activityId: $id) { nodes { kind } }"
    " teacherEvidence(teacherId: $teacher) { nodes { kind } }"
    " missingEvidence(activityId: $id) { kind per found required } }"
)


async def test_evidence_is_added_read_opened_and_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    asked = [{"kind": "photo", "per": "activity", "at_least": 2}]
    form = await make_form(db, city.city, evidence=asked, kind="seminar", steps=[])
    activity = await make_activity(db, city.county, city.county_admin, form_id=form["id"])
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    file = await make_file(db, city.school, city.teacher_account, city.teacher)
    key = {"id": str(activity["id"])}
    added = (await client.graphql(city.county_admin, ADD, key))["data"]["addEvidence"]
    assert (added["kind"], added["activityId"]) == ("SUMMARY", key["id"])
    refused = await client.graphql(city.school_admin, ADD, key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    mine = await client.graphql(city.teacher_account, SUBMIT, key | {"file": str(file["id"])})
    piece = mine["data"]["submitEvidence"]
    assert (piece["name"], piece["mediaType"]) == ("测试甲", "image/png")
    read = await client.graphql(city.county_admin, READ, key | {"teacher": str(city.teacher["id"])})
    assert read["data"] == {
        "activityEvidence": {"nodes": [{"kind": "SUMMARY"}, {"kind": "LESSON_PLAN"}]},
        "teacherEvidence": {"nodes": [{"kind": "LESSON_PLAN"}]},
        "missingEvidence": [{"kind": "PHOTO", "per": "ACTIVITY", "found": 0, "required": 2}],
    }
    inside = await client.graphql(city.county_admin, LINK, {"id": piece["id"]})
    assert inside["errors"][0]["extensions"]["code"] == "file_kept_inside"
    gone = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { withdrawEvidence(evidenceId: $id) { id } }",
        {"id": added["id"]},
    )
    assert gone["data"]["withdrawEvidence"] == {"id": added["id"]}
    read = await client.graphql(
        city.county_admin, "query ($id: UUID!) { evidence(id: $id) { id } }", {"id": added["id"]}
    )
    assert read["errors"][0]["extensions"]["code"] == "evidence_not_found"
