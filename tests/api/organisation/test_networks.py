from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_organisation import make_network


async def test_a_network_from_its_beginning_to_its_end(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.city["id"]), "name": "城乡联盟", "kind": "alliance",
        "lead_unit_id": str(city.school["id"]), "valid_from": "2020-09-01",
    }  # fmt: skip
    made = await client.post(city.city_admin, "/networks", new)
    assert made.status_code == 201, made.text
    network = made.json()
    assert network == new | {
        "id": network["id"],
        "city_id": str(city.city["id"]),
        "county_id": str(city.city["id"]),
        "school_id": None,
        "valid_to": None,
    }
    path = made.headers["Location"].removeprefix("/api/v1")
    read = await client.get(city.teacher_account, path)
    assert (read.status_code, read.json()) == (200, network)
    headers = {"If-Match": read.headers["ETag"]}
    for status in (200, 412):
        changed = await client.request(
            city.city_admin, "PATCH", path, json={"name": "新联盟"}, headers=headers
        )
        assert changed.status_code == status
    ended = await client.post(city.city_admin, f"{path}/dissolve")
    assert ended.json()["valid_to"] is not None
    listed = await client.get(city.city_admin, "/networks?kind=alliance")
    assert listed.json()["items"] == []
    then = await client.get(city.city_admin, "/networks?as_of=2021-01-01")
    assert [row["name"] for row in then.json()["items"]] == ["新联盟"]
    again = await client.post(city.city_admin, f"{path}/dissolve")
    assert (again.status_code, again.json()["code"]) == (409, "network_dissolved")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    new = {"unit_id": str(city.school["id"]), "name": "片区", "kind": "catchment_area"}
    far = {"lead_unit_id": str(city.far_school["id"])}
    for person, sent, status, code in (
        (city.school_admin, new, 422, "network_kind_of_school"),
        (city.school_admin, new | {"kind": "club"}, 422, "invalid_request"),
        (city.county_admin, new | far, 422, "network_kind_of_school"),
        (city.teacher_account, new, 403, "not_allowed"),
        (city.other_county_admin, new, 404, "unit_not_found"),
    ):
        answer = await client.post(person, "/networks", sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    path = f"/networks/{network['id']}"
    outside = await client.request(city.city_admin, "PATCH", path, json=far)
    assert (outside.status_code, outside.json()["code"]) == (422, "network_outside_bureau")
    foreign = await client.get(city.other_county_admin, path)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "network_not_found")
    member = await client.post(city.school_admin, f"{path}/dissolve")
    assert (member.status_code, member.json()["code"]) == (403, "not_allowed")


async def test_a_coordinator_sees_in_the_profile_what_is_permitted_where(
    client: Client, db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    profile = (await client.get(coordinator, "/me")).json()
    (grant,) = profile["grants"]
    assert grant["subject"] == "network"
    assert grant["schools"] == [str(city.school["id"])]
    assert "activity:write" in grant["permissions"]
    assert grant["permissions_beyond"] == [
        "activity:read", "attendance:read", "group:read", "teacher:read", "unit:read",
    ]  # fmt: skip
    admin = (await client.get(city.school_admin, "/me")).json()
    assert admin["grants"][0]["permissions_beyond"] == admin["grants"][0]["schools"] == []
