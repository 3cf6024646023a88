from app.sql import Connection
from tests.make import City, Client
from tests.make_evaluations import make_published, make_rectification


async def test_a_problem_is_put_right(client: Client, db: Connection, city: City) -> None:
    evaluation = await make_published(db, city)
    asked = {"problem": "次数较少", "measure": "每月两次", "due_on": "2099-12-31"}
    address = f"/unit-evaluations/{evaluation['id']}/rectifications"
    made = await client.post(city.county_admin, address, asked)
    assert made.status_code == 201, made.text
    own = made.headers["location"].removeprefix("/api/v1")
    for person, path, body, state in (
        (city.school_admin, "proof", {"proof": "已开展"}, "proved"),
        (
            city.county_admin,
            "conclusion",
            {"accepted": False, "conclusion": "请附记载"},
            "returned",
        ),
        (city.school_admin, "proof", {"proof": "记载见附件"}, "proved"),
        (city.county_admin, "conclusion", {"accepted": True, "conclusion": "同意销号"}, "closed"),
    ):
        answer = await client.post(person, f"{own}/{path}", body)
        assert answer.json()["state"] == state
    row = (await client.get(city.school_admin, own)).json()
    listed = await client.get(city.school_admin, "/rectifications?closed=true")
    assert listed.json()["items"] == [row]


async def test_what_was_asked_by_mistake_is_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_rectification(db, city)
    address = f"/rectifications/{row['id']}"
    body = {"reason": "误提"}
    refused = await client.post(city.school_admin, f"{address}/withdrawal", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    done = await client.post(city.county_admin, f"{address}/withdrawal", body)
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")
    again = await client.post(city.county_admin, f"{address}/withdrawal", body)
    assert (again.status_code, again.json()["code"]) == (409, "rectification_wrong_state")
    assert (await client.get(city.school_admin, address)).json() == done.json()


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    evaluation = await make_published(db, city)
    address = f"/unit-evaluations/{evaluation['id']}/rectifications"
    asked = {"problem": "次数较少", "measure": "每月两次", "due_on": "2020-12-31"}
    for person, status, code in (
        (city.county_admin, 422, "rectification_due_past"),
        (city.school_admin, 403, "not_allowed"),
        (city.sibling_admin, 404, "unit_evaluation_not_found"),
    ):
        answer = await client.post(person, address, asked)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get(city.school_admin, "/rectifications")).json()["items"] == []
