from app.domain.training.files import FileSharing
from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file
from tests.make_topics import make_topic


async def test_an_application_is_filed_read_and_decided(
    client: Client, city: City, db: Connection
) -> None:
    file = await make_file(db, city.school, city.school_admin, sharing=FileSharing.CITY)
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level="county",
    )  # fmt: skip
    steps = f"/topics/{topic['id']}/steps"
    said = {"kind": "application", "summary": "申请立项", "file_id": str(file["id"])}
    filed = await client.post(city.school_admin, steps, said)
    assert filed.status_code == 201, filed.text
    address = f"/topic-steps/{filed.json()['id']}"
    assert filed.headers["Location"] == f"/api/v1{address}"
    again = await client.post(city.school_admin, steps, said)
    assert (again.status_code, again.json()["code"]) == (409, "topic_step_open")
    back = await client.post(city.school_admin, f"{address}/take-back")
    assert back.json()["state"] == "taken_back"
    filed = await client.post(city.school_admin, steps, said)
    address = f"/topic-steps/{filed.json()['id']}"
    link = await client.post(city.county_admin, f"{address}/link", {})
    assert link.json()["url"].startswith(f"/files/{file['id']}?")
    verdict = {"verdict": "passed", "opinion": "同意立项", "number": "XJ-1"}
    low = await client.post(city.school_admin, f"{address}/decide", verdict)
    assert (low.status_code, low.json()["code"]) == (403, "not_allowed")
    decided = await client.post(city.county_admin, f"{address}/decide", verdict)
    assert decided.json()["state"] == "passed"
    listed = await client.get(city.teacher_account, f"/topic-steps?topic_id={topic['id']}")
    assert [row["state"] for row in listed.json()["items"]] == ["taken_back", "passed"]
    assert (await client.get(city.teacher_account, address)).json() == decided.json()
