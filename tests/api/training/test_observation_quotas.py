"""Observation quotas over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_sheet


async def test_a_quota_is_set_counted_and_ended(client: Client, db: Connection, city: City) -> None:
    new = {"role": "teacher", "term": "semester", "lessons": 15, "valid_from": "2026-09-01"}
    path = f"/units/{city.school['id']}/observation-quotas"
    made = await client.post(city.school_admin, path, new)
    assert (made.status_code, made.json()["lessons"]) == (201, 15), made.text
    await make_sheet(db, city.colleague, city.teacher_account, city.teacher)
    term = "starts_on=2026-09-01&ends_on=2027-01-31"
    due = await client.get(
        city.school_admin, f"/units/{city.school['id']}/observations-due?{term}&missing=true"
    )
    assert [(row["name"], row["done"], row["missing"]) for row in due.json()] == [
        ("测试乙", 0, 15), ("测试甲", 1, 14),
    ]  # fmt: skip
    own = await client.get(
        city.teacher_account, f"/teachers/{city.teacher['id']}/observations-due?{term}"
    )
    assert own.json() in due.json()
    assert own.json()["days"] == ["2026-11-19"]
    known = await client.get(city.teacher_account, "/own-observation-quotas")
    placed = await client.get(city.county_admin, "/observation-quotas?in_force=true")
    assert known.json()["items"] == placed.json()["items"] == [made.json()]
    ended = await client.post(
        city.school_admin, f"/observation-quotas/{made.json()['id']}/end", {"on": "2026-11-01"}
    )
    assert ended.json() == made.json() | {"valid_to": "2026-11-01"}


async def test_what_is_refused(client: Client, city: City) -> None:
    new = {"role": "principal", "term": "semester", "lessons": 20}
    await client.post(city.city_admin, f"/units/{city.city['id']}/observation-quotas", new)
    path = f"/units/{city.school['id']}"
    low = await client.post(city.school_admin, f"{path}/observation-quotas", new | {"lessons": 19})
    assert (low.status_code, low.json()["code"]) == (422, "observation_quota_too_low")
    half = await client.get(city.school_admin, f"{path}/observations-due?ends_on=2026-12-31")
    assert (half.status_code, half.json()["code"]) == (422, "observation_term_unfit")
