"""Records that may be of one person, over REST."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_twins


async def test_candidates_are_shown_until_they_are_settled(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources, "school")
    path = f"/units/{city.school['id']}/duplicates"
    [found] = (await client.get(city.school_admin, path)).json()
    assert {found["one_id"], found["other_id"]} == {str(one["id"]), str(other["id"])}
    assert found["reasons"] == ["alike_at_school", "name_and_birth"]
    assert "E12345678" not in str(found)
    refused = await client.get(city.teacher_account, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    new = {"other_id": str(other["id"]), "reason": "系同名的两人"}
    declare = f"/teachers/{one['id']}/distinct-people"
    said = await client.post(city.school_admin, declare, new)
    assert said.status_code == 201, said.text
    assert (await client.get(city.school_admin, path)).json() == []
    again = await client.post(city.school_admin, declare, new)
    assert (again.status_code, again.json()["code"]) == (409, "distinct_people_known")
    itself = await client.post(city.school_admin, declare, new | {"other_id": str(one["id"])})
    assert (itself.status_code, itself.json()["code"]) == (422, "distinct_from_oneself")
