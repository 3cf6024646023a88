from tests.make import City, Client


async def test_equipment_is_recorded_and_summed(client: Client, city: City) -> None:
    said = {"kind": "network_room", "number": 2, "counted_on": "2026-09-01"}
    for school in (city.school, city.sibling):
        address = f"/units/{school['id']}/equipment"
        done = await client.request(city.county_admin, "PUT", address, json=said)
        assert done.status_code == 200, done.text
    address = f"/units/{city.school['id']}/equipment"
    wrong = await client.request(city.county_admin, "PUT", address, json=said | {"number": -1})
    assert wrong.status_code == 422
    listed = await client.get(city.school_admin, "/equipment?kind=network_room")
    assert [row["number"] for row in listed.json()["items"]] == [2]
    totals = await client.get(city.county_admin, f"/units/{city.county['id']}/equipment-totals")
    assert totals.json() == [{"kind": "network_room", "number": 4, "units": 2}]
