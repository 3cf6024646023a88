"""Official documents over REST."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file


async def test_a_document_goes_out_is_received_and_ends(client: Client, city: City) -> None:
    county, school = str(city.county["id"]), str(city.school["id"])
    new = {
        "unit_id": county, "title": "关于报送计划的通知", "kind": "notice", "number": "县教〔2026〕8号",
        "addressee_ids": [school], "receive_by": "2099-11-30",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/official-documents", new)
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    path = made.headers["Location"].removeprefix("/api/v1")
    again = {"title": "关于报送学期计划的通知"} | {
        n: new[n] for n in new if n not in {"title", "unit_id"}
    }
    written = await client.request(city.county_admin, "PUT", path, json=again)
    assert written.json()["title"] == again["title"]
    assert (await client.get(city.school_admin, path)).status_code == 404
    issued = await client.post(city.county_admin, f"{path}/issue")
    assert (issued.status_code, issued.json()["status"]) == (200, "in_force")
    (own,) = (await client.get(city.teacher_account, "/me/official-documents")).json()["items"]
    assert own == (await client.get(city.school_admin, path)).json() == issued.json()
    (task,) = (await client.get(city.school_admin, "/me/tasks")).json()["items"]
    assert (task["kind"], task["subject_id"]) == ("document_to_receive", own["id"])
    received = await client.post(city.school_admin, f"{path}/receive", {"unit_id": school})
    assert received.json()["received_at"]
    assert (await client.get(city.school_admin, "/me/tasks")).json()["items"] == []
    (receipt,) = (await client.get(city.county_admin, f"{path}/receipts")).json()
    assert receipt == received.json()
    assert (await client.get(city.county_admin, f"{path}/receipts?missing=true")).json() == []
    found = await client.get(city.county_admin, "/official-documents?number=县教20268")
    assert [row["id"] for row in found.json()["items"]] == [own["id"]]
    ended = await client.post(city.county_admin, f"{path}/repeal", {"reason": "已办结"})
    assert (ended.json()["status"], ended.json()["repeal_reason"]) == ("repealed", "已办结")


async def test_bad_documents_are_refused(client: Client, city: City) -> None:
    county = str(city.county["id"])
    whole = {"unit_id": county, "title": "通知", "kind": "notice"}
    bodies: list[dict[str, Any]] = [
        {"title": " "}, {"kind": "rumour"}, {"unknown": 1}, {"title": "a\u0000b"},
        {"issued_on": "0001-01-01"}, {"valid_to": "9999-12-31"},
    ]  # fmt: skip
    for bad in bodies:
        answer = await client.post(city.county_admin, "/official-documents", whole | bad)
        assert answer.status_code == 422, bad
    outside = whole | {"addressee_ids": [str(city.far_school["id"])]}
    answer = await client.post(city.county_admin, "/official-documents", outside)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_addressee_outside")
    assert (await client.get(city.county_admin, "/official-documents")).json()["items"] == []
    made = (await client.post(city.county_admin, "/official-documents", whole)).json()
    path = f"/official-documents/{made['id']}"
    await client.post(city.county_admin, f"{path}/issue")
    itself = {"reason": "以新换旧", "successor_id": made["id"]}
    answer = await client.post(city.county_admin, f"{path}/repeal", itself)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_supersedes_itself")


async def test_addressees_open_the_document_itself(
    client: Client, db: Connection, city: City
) -> None:
    file = await make_file(db, city.county, city.county_admin)
    new = {
        "unit_id": str(city.county["id"]), "title": "通知", "kind": "notice", "file_id": str(file["id"]),
        "addressee_ids": [str(city.school["id"])],
    }  # fmt: skip
    made = (await client.post(city.county_admin, "/official-documents", new)).json()
    path = f"/official-documents/{made['id']}"
    await client.post(city.county_admin, f"{path}/issue")
    assert (await client.get(city.teacher_account, f"/files/{file['id']}")).status_code == 404
    link = await client.post(city.teacher_account, f"{path}/link", {})
    assert (link.status_code, str(file["id"]) in link.json()["url"]) == (200, True)
    outside = await client.post(city.sibling_admin, f"{path}/link", {})
    assert (outside.status_code, outside.json()["code"]) == (404, "official_document_not_found")
