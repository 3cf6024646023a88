from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_organisation import make_assignment, make_network


async def test_somebody_is_assigned_for_a_term(client: Client, db: Connection, city: City) -> None:
    nowhere = await make_network(db, city.county)
    holder = await make_account(db, "holder", Role.NETWORK_COORDINATOR, nowhere)
    new = {
        "unit_id": str(city.county["id"]), "account_id": str(holder.actor.account_id),
        "school_ids": [str(city.school["id"])], "valid_to": "2099-09-01",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/assignments", new)
    assert made.status_code == 201, made.text
    assignment = made.json()
    assert (assignment["holder"], assignment["school_ids"]) == ("holder", new["school_ids"])
    path = made.headers["Location"].removeprefix("/api/v1")
    read = await client.get(city.school_admin, path)
    assert (read.status_code, read.json()) == (200, assignment)
    query = f"/assignments?school_id={city.school['id']}&account_id={new['account_id']}"
    listed = await client.get(city.county_admin, query)
    assert listed.json()["items"] == [assignment]
    ended = await client.post(city.county_admin, f"{path}/end")
    assert ended.json()["valid_to"] < "2099-09-01"
    again = await client.post(city.county_admin, f"{path}/end")
    assert (again.status_code, again.json()["code"]) == (409, "assignment_ended")
    listed = await client.get(city.county_admin, query)
    assert listed.json()["items"] == []


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    row = await make_assignment(db, city.county, city.auditor, city.school)
    holder = await make_account(db, "adviser", Role.SCHOOL_ADVISER, row)
    new = {
        "unit_id": str(city.county["id"]), "account_id": str(holder.actor.account_id),
        "school_ids": [str(city.school["id"])], "valid_to": "2099-09-01",
    }  # fmt: skip
    far = [str(city.far_school["id"])]
    at_school = str(city.school_admin.actor.account_id)
    nobody = str(city.far_teacher["id"])
    for person, changed, status, code in (
        (city.county_admin, {"school_ids": far}, 422, "assignment_outside_bureau"),
        (city.county_admin, {"account_id": at_school}, 422, "assignment_holder_at_school"),
        (city.county_admin, {"account_id": nobody}, 404, "account_not_found"),
        (city.county_admin, {"valid_to": "2020-01-01"}, 422, "assignment_term_empty"),
        (city.county_admin, {"school_ids": []}, 422, "invalid_request"),
        (city.county_admin, {"network_id": nobody}, 422, "invalid_request"),
        (city.school_admin, {}, 403, "not_allowed"),
        (city.other_county_admin, {}, 404, "unit_not_found"),
    ):
        answer = await client.post(person, "/assignments", new | changed)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    foreign = await client.get(city.sibling_admin, f"/assignments/{row['id']}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "assignment_not_found")
    listed = await client.get(city.county_admin, "/assignments")
    assert [each["id"] for each in listed.json()["items"]] == [str(row["id"])]
