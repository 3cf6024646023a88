from app.domain.training.files import FileSharing
from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance
from tests.make_evidence import make_file
from tests.make_forms import make_form


async def test_evidence_is_added_read_opened_and_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    asked = [{"kind": "summary", "per": "activity"}]
    form = await make_form(db, city.city, evidence=asked, kind="seminar", steps=[])
    activity = await make_activity(db, city.county, city.county_admin, form_id=form["id"])
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    path = f"/activities/{activity['id']}"
    missing = await client.get(city.county_admin, f"{path}/missing-evidence")
    assert [row["kind"] for row in missing.json()] == ["summary"]
    piece = {"kind": "summary", "title": "总结", "text": "圆满完成。"}
    made = await client.post(city.county_admin, f"{path}/evidence", piece)
    assert made.status_code == 201, made.text
    assert (await client.get(city.county_admin, f"{path}/missing-evidence")).json() == []
    read = await client.get(city.county_admin, made.headers["location"].removeprefix("/api/v1"))
    assert read.json() == made.json()
    file = await make_file(
        db, city.school, city.teacher_account, city.teacher, sharing=FileSharing.ACTIVITY
    )
    own = {"kind": "lesson_plan", "title": "教案", "file_id": str(file["id"])}
    mine = await client.post(city.teacher_account, f"{path}/own-evidence", own)
    assert mine.status_code == 201, mine.text
    listed = await client.get(city.county_admin, f"{path}/evidence?kind=lesson_plan")
    assert listed.json()["items"] == [mine.json()]
    about = await client.get(city.school_admin, f"/teachers/{city.teacher['id']}/evidence")
    assert about.json()["items"] == [mine.json()]
    key = mine.json()["id"]
    link = await client.post(city.county_admin, f"/evidence/{key}/link", {"purpose": "view"})
    assert link.json()["url"].startswith(f"/files/{file['id']}?")
    gone = await client.post(city.county_admin, f"/evidence/{key}/withdraw")
    assert gone.json() == mine.json()
    assert (await client.get(city.county_admin, f"/evidence/{key}")).status_code == 404


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}"
    piece = {"kind": "summary", "title": "总结", "text": "圆满完成。"}
    for person, where, body, status, code in (
        (city.teacher_account, "own-evidence", piece, 409, "evidence_without_attendance"),
        (city.sibling_teacher_account, "own-evidence", piece, 404, "activity_not_found"),
        (city.teacher_account, "evidence", piece, 403, "not_allowed"),
        (city.school_admin, "evidence", {"kind": "summary", "title": "空"}, 422, "invalid_request"),
        (
            city.school_admin, "evidence", piece | {"session_id": str(activity["id"])}, 422,
            "evidence_session_elsewhere",
        ),
    ):  # fmt: skip
        answer = await client.post(person, f"{path}/{where}", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await client.get(city.school_admin, f"{path}/evidence")).json()["items"] == []
