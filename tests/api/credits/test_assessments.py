"""Assessments of teachers over REST."""

from app.sql import Connection
from tests.domain.credits.test_assessment_requirements import ask
from tests.make import City, Client

TERM = {"term": "year", "starts_on": "2025-09-01", "ends_on": "2026-08-31"}
QUERY = "&".join(f"{name}={value}" for name, value in TERM.items())


async def test_a_result_is_recorded_and_seen(client: Client, db: Connection, city: City) -> None:
    await ask(db, city.school_admin, city.school, valid_from="2025-09-01")
    teacher = f"/teachers/{city.teacher['id']}"
    reached = await client.get(city.teacher_account, f"{teacher}/assessment-figures?{QUERY}")
    (figure,) = reached.json()
    assert (figure["needed"], figure["met"]) == ("40.00", False)
    school = f"/units/{city.school['id']}/assessment-figures?{QUERY}"
    everybody = await client.get(city.school_admin, school)
    assert len(everybody.json()) == 2
    assert figure in everybody.json()
    new = TERM | {"judgement": "basically_qualified", "opinion": "学时不足"}
    made = await client.post(city.school_admin, f"{teacher}/assessments", new)
    assert (made.status_code, made.json()["asked"], made.json()["met"]) == (201, 1, 0)
    own = await client.get(city.teacher_account, "/assessments?judgement=basically_qualified")
    assert own.json()["items"] == [made.json()]
    path = f"/assessments/{made.json()['id']}/figures"
    kept = await client.get(city.teacher_account, path)
    assert [(each["measure"], each["needed"]) for each in kept.json()] == [("hours", "40.00")]


async def test_refusals(client: Client, city: City) -> None:
    teacher = f"/teachers/{city.teacher['id']}"
    new = TERM | {"judgement": "excellent"}
    own = await client.post(city.teacher_account, f"{teacher}/assessments", new)
    assert own.status_code == 403
    early = await client.post(
        city.school_admin, f"{teacher}/assessments",
        new | {"starts_on": "2098-09-01", "ends_on": "2099-08-31"},
    )  # fmt: skip
    assert (early.status_code, early.json()["code"]) == (409, "assessment_too_early")
    long = await client.get(
        city.school_admin,
        f"{teacher}/assessment-figures?term=year&starts_on=2024-09-01&ends_on=2026-08-31",
    )
    assert (long.status_code, long.json()["code"]) == (422, "assessment_days_disagree")
