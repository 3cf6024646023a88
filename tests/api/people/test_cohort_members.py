"""Members of cohorts over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_cohort, make_member, make_programme


async def test_from_nomination_to_completion(client: Client, db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county), places=1)
    new = {"cohort_id": str(cohort["id"]), "reason": "教学能力突出"}
    path = f"/teachers/{city.teacher['id']}/nominations"
    made = await client.post(city.school_admin, path, new)
    assert (made.status_code, made.json()["state"]) == (201, "nominated"), made.text
    again = await client.post(city.school_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "cohort_member_exists")
    other = await client.post(
        city.school_admin, f"/teachers/{city.colleague['id']}/nominations", new
    )
    yes = {"admitted": True, "opinion": "同意"}
    first, second = (f"/cohort-members/{each.json()['id']}" for each in (made, other))
    admitted = await client.post(city.county_admin, f"{first}/decide", yes)
    assert admitted.json()["state"] == "admitted"
    full = await client.post(city.county_admin, f"{second}/decide", yes)
    assert (full.status_code, full.json()["code"]) == (409, "cohort_full")
    end = {"completed": True, "reason": "按期结业", "results": ["reached"]}
    missing = await client.post(city.county_admin, f"{first}/end", end)
    assert (missing.status_code, missing.json()["code"]) == (422, "cohort_results_missing")
    over = await client.post(
        city.county_admin, f"{first}/end", end | {"results": ["reached", "reached"]}
    )
    assert over.json()["results"] == ["reached", "reached"]
    own = await client.get(city.teacher_account, "/cohort-members?state=completed")
    assert own.json()["items"] == [over.json()]
    page = await client.get(city.county_admin, f"/cohorts/{cohort['id']}/members?sort=name")
    assert [row["name"] for row in page.json()["items"]] == ["测试乙", "测试甲"]


async def test_a_place_passes_to_another(client: Client, db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county), places=1)
    first, second = [
        await make_member(db, cohort, teacher, city.school_admin)
        for teacher in (city.teacher, city.colleague)
    ]
    yes = {"admitted": True, "opinion": "同意"}
    await client.post(city.county_admin, f"/cohort-members/{first['id']}/decide", yes)
    path = f"/cohort-members/{first['id']}/replace"
    body = {"by_id": str(second["id"]), "reason": "因病不能参加"}
    taken = await client.post(city.county_admin, path, body)
    assert (taken.json()["state"], taken.json()["replaces_id"]) == ("admitted", str(first["id"]))
    again = await client.post(city.county_admin, path, body)
    assert (again.status_code, again.json()["code"]) == (409, "cohort_member_not_there")
    oneself = await client.post(city.county_admin, path, body | {"by_id": str(first["id"])})
    assert (oneself.status_code, oneself.json()["code"]) == (422, "cohort_replacement_elsewhere")
