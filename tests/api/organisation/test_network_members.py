from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_organisation import make_network


async def test_schools_join_and_leave(client: Client, db: Connection, city: City) -> None:
    network = await make_network(db, city.county)
    path = f"/networks/{network['id']}/members"
    new = {"school_id": str(city.school["id"]), "valid_from": "2026-09-01"}
    joined = await client.post(city.county_admin, path, new)
    assert joined.status_code == 201, joined.text
    assert joined.json() == new | {
        "id": joined.json()["id"],
        "network_id": str(network["id"]),
        "name": "甲县第一小学",
        "valid_to": None,
    }
    again = await client.post(city.county_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "network_member_exists")
    listed = await client.get(city.school_admin, path)
    assert listed.json()["items"] == [joined.json()]
    left = await client.post(city.county_admin, f"{path}/{city.school['id']}/leave")
    assert left.json()["valid_to"] is not None
    gone = await client.post(city.county_admin, f"{path}/{city.school['id']}/leave")
    assert (gone.status_code, gone.json()["code"]) == (404, "network_member_not_found")
    now = await client.get(city.county_admin, path)
    assert now.json()["items"] == []
    then = await client.get(city.county_admin, f"{path}?as_of=2026-10-01")
    assert [row["name"] for row in then.json()["items"]] == ["甲县第一小学"]
    before = await client.get(city.county_admin, f"{path}?as_of=2026-10-01&known_on=2026-10-01")
    assert before.json()["items"] == [], "nobody knew of it then"


async def test_the_token_of_a_coordinator_ends_with_the_membership(
    client: Client, db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    teachers = await client.get(coordinator, "/teachers")
    assert {row["name"] for row in teachers.json()["items"]} == {"测试甲", "测试乙"}
    path = f"/networks/{network['id']}/members/{city.school['id']}/leave"
    refused = await client.post(coordinator, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    await client.post(city.county_admin, path)
    versions = await db._driver.fetchval(
        "SELECT security_version FROM account WHERE id = $1", coordinator.actor.account_id
    )
    assert versions == 2


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    network = await make_network(db, city.county)
    path = f"/networks/{network['id']}/members"
    for person, unit, status, code in (
        (city.city_admin, city.far_school, 422, "network_outside_bureau"),
        (city.city_admin, city.county, 422, "network_member_no_school"),
        (city.county_admin, city.far_school, 404, "unit_not_found"),
        (city.other_county_admin, city.far_school, 404, "network_not_found"),
        (city.school_admin, city.school, 403, "not_allowed"),
    ):
        answer = await client.post(person, path, {"school_id": str(unit["id"])})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    listed = await client.get(city.county_admin, path)
    assert listed.json()["items"] == []
