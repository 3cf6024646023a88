"""Changes with `If-Match`, on real commits: of those who have read the same, one writes."""

import asyncio

from tests.make import City, Client


async def test_of_many_who_have_read_the_same_one_writes(outside: Client, made: City) -> None:
    by = made.county_admin
    place = {"unit_id": str(made.county["id"]), "audience": [str(made.school["id"])]}
    said = {
        **place,
        "title": "原题",
        "text": "请报送计划。",
        "receipt": "units",
        "due_on": "2099-11-30",
    }
    drafted = await outside.post(by, "/notices", said)
    path = drafted.headers["Location"].removeprefix("/api/v1")
    read = {"If-Match": (await outside.get(by, path)).headers["etag"]}
    answers = await asyncio.gather(
        *(
            outside.request(by, "PATCH", path, json={"title": f"第{each}个"}, headers=read)
            for each in range(8)
        )
    )
    [written] = [each for each in answers if each.status_code == 200]
    refused = {(each.status_code, each.json().get("code")) for each in answers} - {(200, None)}
    assert refused == {(412, "changed_meanwhile")}
    now = await outside.get(by, path)
    assert now.json()["title"] == written.json()["title"]
    again = {"If-Match": f'"another", {now.headers["etag"]}'}
    later = await outside.request(by, "PATCH", path, json={"title": "改名"}, headers=again)
    assert (later.status_code, later.json()["title"]) == (200, "改名")
