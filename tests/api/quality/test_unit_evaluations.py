from typing import Any

import httpx2

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, Person, make_account
from tests.make_evaluations import appoint, make_evaluation_of_school, make_evaluator
from tests.make_evidence import make_file


async def test_an_evaluation_from_the_receipt_to_the_appeal(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_evaluation_of_school(db, city)
    evaluator = await make_evaluator(db, city)
    await appoint(db, city, row, evaluator)
    file = await make_file(db, city.school, city.school_admin)
    school, county = city.school_admin, city.county_admin
    second = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    address = f"/unit-evaluations/{row['id']}"

    async def act(person: Person, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = await client.request(person, method, f"{address}/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    await act(school, "receipt")
    claim = {"indicator": "rules", "value": "1", "file_ids": [str(file["id"])]}
    said = {"judgement": "活动偏少", "claims": [claim]}
    await act(school, "self-inspection", said, "PUT")
    assert (await act(school, "hand-in"))["state"] == "handed_in"
    values = [{"indicator": "rules", "value": "1"}, {"indicator": "effect", "value": "8"}]
    assert len(await act(evaluator, "verifications", {"values": values})) == 2
    published = await act(county, "publish", {"opinion": "活动不足"})
    assert (published["state"], published["score"]) == ("published", "44.00")
    lines = (await client.get(school, f"{address}/values")).json()
    shown = [
        (line["indicator"], line["computed"], line["claimed"], line["points"]) for line in lines
    ]
    assert shown == [
        ("activities", "1.00", None, "10.00"), ("attendance", "50.00", None, "0.00"),
        ("rules", None, "1.00", "10.00"), ("effect", None, None, "24.00"),
    ]  # fmt: skip
    assert lines[2]["file_ids"] == claim["file_ids"]
    assert (await act(school, "appeal", {"appeal": "漏登一次"}))["state"] == "appealed"
    changed = [{"indicator": "activities", "value": "2", "reason": "补录"}]
    settled = await act(second, "appeal-decision", {"reply": "属实", "values": changed})
    assert (settled["score_before"], settled["score"]) == ("44.00", "54.00")
    listed = await client.get(school, "/unit-evaluations?state=settled&school_year=2026")
    assert listed.json()["items"] == [settled]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    row = await make_evaluation_of_school(db, city)
    address = f"/unit-evaluations/{row['id']}"
    nothing = {"judgement": ""}
    for person, method, path, body, status, code in (
        (city.county_admin, "POST", "hand-in", None, 422, "evaluation_answered_elsewhere"),
        (city.school_admin, "POST", "hand-in", None, 409, "self_inspection_incomplete"),
        (city.school_admin, "PUT", "self-inspection", nothing, 422, "invalid_request"),
        (city.school_admin, "POST", "appeal", {"appeal": "不"}, 409, "unit_evaluation_wrong_state"),
        (city.school_admin, "POST", "publish", {"opinion": "好"}, 403, "not_allowed"),
        (city.sibling_admin, "GET", "values", None, 404, "unit_evaluation_not_found"),
        (city.teacher_account, "GET", "values", None, 404, "unit_evaluation_not_found"),
    ):
        more: dict[str, Any] = {} if body is None else {"json": body}
        answer: httpx2.Response = await client.request(person, method, f"{address}/{path}", **more)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
    assert (await client.get(city.school_admin, address)).json()["state"] == "open"
