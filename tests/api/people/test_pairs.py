"""Pairs over REST."""

from tests.make import City, Client


async def test_a_pair_is_formed_and_ended(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.school["id"]),
        "teacher_ids": [str(city.teacher["id"]), str(city.colleague["id"])],
        "kind": "mutual_help",
        "purpose": "互听互评",
        "valid_from": "2026-09-01",
        "valid_to": "2027-09-01",
    }
    made = await client.post(city.school_admin, "/pairs", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.colleague_account, path)).json() == made.json()
    again = await client.post(city.school_admin, "/pairs", new)
    assert (again.status_code, again.json()["code"]) == (409, "pair_open")
    backwards = await client.post(city.school_admin, "/pairs", new | {"valid_to": "2026-01-01"})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "invalid_request")
    over = await client.post(city.school_admin, f"{path}/end", {"result": "共上一节课"})
    assert over.json()["result"] == "共上一节课"
    page = await client.get(city.school_admin, "/pairs?open=false&kind=mutual_help")
    assert page.json()["items"] == [over.json()]
