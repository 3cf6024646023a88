from tests.make import City, Client


async def test_one_is_asked_for_and_found(client: Client, city: City) -> None:
    who, new = city.integration, {"city_id": str(city.city["id"])}
    answer = await client.post(who, "/province/reconciliations", new)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["state"], row["differing"]) == ("running", 0)
    path = f"/province/reconciliations/{row['id']}"
    assert (await client.get(city.auditor, path)).json() == row
    listed = await client.get(who, "/province/reconciliations")
    assert listed.json()["items"] == [row]
    differences = await client.get(who, f"{path}/differences?kind=missing_here")
    assert differences.json()["items"] == []
    again = await client.post(who, "/province/reconciliations", new)
    assert (again.status_code, again.json()["code"]) == (409, "reconciliation_running")
