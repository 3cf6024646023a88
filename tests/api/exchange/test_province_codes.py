from tests.make import City, Client

SENIOR = {"code_set": "rank", "ours": "senior", "theirs": "12"}


async def test_a_line_is_entered_found_and_voided(client: Client, city: City) -> None:
    who, new = city.integration, {**SENIOR, "city_id": str(city.city["id"])}
    answer = await client.post(who, "/province/codes", new)
    assert answer.status_code == 201
    row = answer.json()
    assert answer.headers["location"] == f"/api/v1/province/codes/{row['id']}"
    path = f"/province/codes/{row['id']}"
    assert (await client.get(city.auditor, path)).json() == row
    listed = await client.get(who, "/province/codes?code_set=rank&void=false")
    assert listed.json()["items"] == [row]
    held = await client.post(who, "/province/codes", {**new, "theirs": "13"})
    assert (held.status_code, held.json()["code"]) == (409, "province_code_held")
    assert (await client.post(who, f"{path}/void")).json()["superseded_at"] is not None
    assert (await client.post(who, f"{path}/void")).json()["code"] == "province_code_void"


async def test_unknown_words_are_refused(client: Client, city: City) -> None:
    for more in ({"code_set": "colour"}, {"ours": ""}, {"theirs": "a\nb"}, {"extra": 1}):
        new = {**SENIOR, "city_id": str(city.city["id"]), **more}
        assert (await client.post(city.integration, "/province/codes", new)).status_code == 422
    listed = await client.get(city.integration, "/province/codes")
    assert listed.json()["items"] == []
