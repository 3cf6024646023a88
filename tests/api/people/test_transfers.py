"""Transfers over REST."""

from tests.make import City, Client


async def test_a_transfer_is_proposed_accepted_and_completed(client: Client, city: City) -> None:
    new = {
        "teacher_id": str(city.teacher["id"]),
        "to_school_id": str(city.far_school["id"]),
        "reason": "两地分居",
    }
    made = await client.post(city.school_admin, "/transfers", new)
    assert made.status_code == 201, made.text
    transfer = made.json()
    assert (transfer["state"], transfer["to_name"], transfer["destination"]) == (
        "proposed", "乙县第一小学", None,
    )  # fmt: skip
    path = made.headers["location"].removeprefix("/api/v1")
    read = await client.get(city.other_county_admin, path)
    assert read.json() == transfer
    own = await client.post(city.school_admin, f"{path}/accept", {"opinion": "同意"})
    assert (own.status_code, own.json()["code"]) == (409, "transfer_other_side")
    agreed = await client.post(city.other_county_admin, f"{path}/accept", {"opinion": "同意"})
    assert agreed.json()["state"] == "accepted"
    late = await client.post(
        city.other_county_admin, f"{path}/complete", {"effective_on": "2999-01-01"}
    )
    assert (late.status_code, late.json()["code"]) == (422, "day_in_future")
    done = await client.post(city.other_county_admin, f"{path}/complete", {})
    assert done.json()["state"] == "completed"
    page = await client.get(
        city.city_admin, f"/transfers?state=completed&to_unit_id={city.far_school['id']}"
    )
    assert [item["id"] for item in page.json()["items"]] == [transfer["id"]]


async def test_refusals(client: Client, city: City) -> None:
    person = {"id_kind": "passport", "id_number": "E77777777", "reason": "调入"}
    unknown = await client.post(
        city.sibling_admin, "/transfers", person | {"to_school_id": str(city.sibling["id"])}
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "transfer_person_unknown")
    assert "E77777777" not in unknown.text
    nowhere = await client.post(city.school_admin, "/transfers", {"reason": "调动"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "invalid_request")
    foreign = await client.post(
        city.sibling_admin, "/transfers",
        {"teacher_id": str(city.teacher["id"]), "destination": "外市", "reason": "调动"},
    )  # fmt: skip
    assert (foreign.status_code, foreign.json()["code"]) == (404, "teacher_not_found")


async def test_declined_and_withdrawn(client: Client, city: City) -> None:
    new = {"teacher_id": str(city.teacher["id"]), "destination": "长沙市", "reason": "调动"}
    first = (await client.post(city.school_admin, "/transfers", new)).json()
    refused = await client.post(
        city.county_admin, f"/transfers/{first['id']}/decline", {"opinion": "学科缺编"}
    )
    assert (refused.json()["state"], refused.json()["opinion"]) == ("declined", "学科缺编")
    second = (await client.post(city.school_admin, "/transfers", new)).json()
    again = await client.post(city.school_admin, "/transfers", new)
    assert (again.status_code, again.json()["code"]) == (409, "transfer_open")
    back = await client.post(city.school_admin, f"/transfers/{second['id']}/withdraw")
    assert back.json()["state"] == "withdrawn"
