"""Assessment requirements over REST."""

from tests.make import City, Client

NEW = {"measure": "hours", "term": "year", "amount": "40", "valid_from": "2026-01-01"}


async def test_a_requirement_is_set_seen_and_ended(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/assessment-requirements"
    made = await client.post(city.school_admin, path, NEW | {"stratum": "class_head"})
    assert (made.status_code, made.json()["amount"]) == (201, "40.00")
    for person, address in (
        (city.teacher_account, "/school-assessment-requirements"),
        (city.county_admin, "/assessment-requirements?in_force=true"),
    ):
        assert (await client.get(person, address)).json()["items"] == [made.json()]
    again = await client.post(city.school_admin, path, NEW | {"stratum": "class_head"})
    assert (again.status_code, again.json()["code"]) == (409, "assessment_requirement_exists")
    end = f"/assessment-requirements/{made.json()['id']}/end"
    ended = await client.post(city.school_admin, end, {"on": "2026-06-01"})
    assert ended.json() == made.json() | {"valid_to": "2026-06-01"}
    late = await client.post(city.school_admin, end, {})
    assert late.status_code == 409
    other = await client.post(city.sibling_admin, path, NEW)
    assert (other.status_code, other.json()["code"]) == (404, "unit_not_found")
