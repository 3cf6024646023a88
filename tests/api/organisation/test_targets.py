from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_organisation import make_assignment


async def test_what_is_agreed_is_reviewed(client: Client, db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    path = f"/assignments/{assignment['id']}/targets"
    new = {"aim": "全员完成学时", "measure": "完成率 100%", "due_on": "2026-12-31"}
    agreed = await client.post(city.county_admin, path, new)
    assert agreed.status_code == 201, agreed.text
    own = agreed.headers["Location"].removeprefix("/api/v1")
    assert (await client.get(city.school_admin, own)).json() == agreed.json()
    review = {"outcome": "partly_met", "result": "尚缺两人"}
    seen = await client.post(adviser, f"{own}/review", review)
    assert seen.status_code == 200, seen.text
    assert seen.json() == agreed.json() | review | {"reviewed_at": seen.json()["reviewed_at"]}
    listed = await client.get(adviser, path)
    assert listed.json() == [seen.json()]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    path = f"/assignments/{assignment['id']}/targets"
    new = {"aim": "目标", "measure": "标准", "due_on": "2026-12-31"}
    for person, changed, status, code in (
        (city.county_admin, {"due_on": "2199-01-01"}, 422, "target_outside_term"),
        (city.county_admin, {"aim": ""}, 422, "invalid_request"),
        (city.school_admin, {}, 403, "not_allowed"),
        (city.sibling_admin, {}, 404, "assignment_not_found"),
    ):
        answer = await client.post(person, path, new | changed)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    agreed = (await client.post(city.county_admin, path, new)).json()
    own = f"/targets/{agreed['id']}"
    review = {"outcome": "met", "result": "好"}
    for person, sent, status, code in (
        (city.county_admin, {"outcome": "met"}, 422, "invalid_request"),
        (city.school_admin, review, 403, "not_allowed"),
        (city.sibling_admin, review, 404, "target_not_found"),
    ):
        answer = await client.post(person, f"{own}/review", sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.county_admin, own)).json() == agreed
