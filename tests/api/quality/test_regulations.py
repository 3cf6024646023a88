"""Regulations over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file


async def test_a_regulation_in_versions(client: Client, city: City) -> None:
    school = str(city.school["id"])
    new = {
        "unit_id": school, "kind": "incentives", "title": "校本研修激励制度",
        "effective_from": "2014-09-01", "text": "优质优酬。",
    }  # fmt: skip
    made = await client.post(city.school_admin, "/regulations", new)
    assert (made.status_code, made.json()["in_force"]) == (201, True)
    path = made.headers["Location"].removeprefix("/api/v1")
    text = {"effective_from": "2015-09-01", "text": "多劳多得。", "changes": "新增一条"}
    added = await client.post(city.school_admin, f"{path}/versions", text)
    assert (added.status_code, added.json()["version"]) == (201, 2)
    texts = (await client.get(city.teacher_account, f"{path}/versions")).json()
    assert [each["text"] for each in texts] == ["优质优酬。", "多劳多得。"]
    assert (await client.get(city.teacher_account, path)).json() == added.json()
    own = (await client.get(city.teacher_account, "/me/regulations")).json()["items"]
    assert own == (await client.get(city.county_admin, "/regulations")).json()["items"]
    same = await client.post(city.school_admin, "/regulations", new)
    assert (same.status_code, same.json()["code"]) == (409, "regulation_title_taken")
    county = f"/units/{city.county['id']}"
    lacking = (await client.get(city.county_admin, f"{county}/missing-regulations")).json()
    assert {each["unit_id"]: len(each["missing"]) for each in lacking} == {
        school: 4, str(city.sibling["id"]): 5,
    }  # fmt: skip
    counted = (await client.get(city.county_admin, f"{county}/regulation-coverage")).json()
    assert [each["with_it"] for each in counted] == [0, 0, 0, 0, 1]
    ended = await client.post(city.school_admin, f"{path}/repeal", {})
    assert ended.json()["in_force"] is False


async def test_the_file_of_a_text_is_opened(client: Client, db: Connection, city: City) -> None:
    file = await make_file(db, city.school, city.school_admin)
    new = {
        "unit_id": str(city.school["id"]), "kind": "incentives", "title": "校本研修激励制度",
        "effective_from": "2014-09-01", "file_id": str(file["id"]),
    }  # fmt: skip
    made = await client.post(city.school_admin, "/regulations", new)
    path = made.headers["Location"].removeprefix("/api/v1")
    link = await client.post(city.teacher_account, f"{path}/versions/1/link", {})
    assert (link.status_code, str(file["id"]) in link.json()["url"]) == (200, True)
    for number, status, code in ((2, 404, "file_not_found"), (0, 422, "invalid_request")):
        answer = await client.post(city.teacher_account, f"{path}/versions/{number}/link", {})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    outside = await client.post(city.sibling_admin, f"{path}/versions/1/link", {})
    assert (outside.status_code, outside.json()["code"]) == (404, "regulation_not_found")
