from typing import Any

from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, Person, make_activity
from tests.make_demonstrations import CASE


async def asked(
    client: Client, person: Person, path: str, body: Any = None, method: str = "POST"
) -> Any:
    """What is answered to an act that succeeds."""
    answer = await client.request(person, method, path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def test_a_case_from_a_schools_work_to_what_came_of_it_elsewhere(
    client: Client, db: Connection, city: City
) -> None:
    school, county, sibling = city.school_admin, city.county_admin, city.sibling_admin
    held = await make_activity(db, city.school, school, state=ActivityState.HELD)
    new = CASE | {"unit_id": str(city.school["id"]), "activity_ids": [str(held["id"])]}
    row = await asked(client, school, "/model-cases", new)
    address = f"/model-cases/{row['id']}"
    said = {name: new[name] for name in ("summary", "mode", "activity_ids")}
    await asked(client, school, address, said | {"effect": "人人上台"}, "PUT")
    await asked(client, school, f"{address}/submit")
    await asked(client, county, f"{address}/return", {"opinion": "请补充"})
    await asked(client, school, f"{address}/submit")
    publication = {"unit_id": str(city.county["id"]), "opinion": "值得推广"}
    published = await asked(client, county, f"{address}/publish", publication)
    assert published["published_version"] == 1
    listed = (await client.get(sibling, "/published-model-cases")).json()
    assert listed["items"][0]["unit_name"] == "甲县第一小学"
    versions = (await client.get(sibling, f"{address}/versions")).json()["items"]
    assert [(each["number"], each["effect"]) for each in versions] == [(1, "人人上台")]
    assert (await client.get(sibling, "/model-cases")).json()["items"] == []
    withdrawn = await asked(client, county, f"{address}/withdraw", {"reason": "内容过时"})
    assert withdrawn["withdrawn_at"]
    gone = await client.get(sibling, address)
    assert (gone.status_code, gone.json()["code"]) == (404, "model_case_not_found")
