from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_forms import SOURCE, STEPS, make_form


def form(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "unit_id": str(city.city["id"]),
        "code": "five_steps",
        "name_zh": "五步备课",
        "name_en": "Planning in five steps",
        "kind": "collective_planning",
        "steps": STEPS,
        "roles": ["speaker", "reviewer"],
        "evidence": [{"kind": "lesson_plan", "per": "activity", "step": "problem"}],
        "sources": [SOURCE],
        **changed,
    }


async def test_a_form_is_published_used_and_retired(client: Client, city: City) -> None:
    made = await client.post(city.city_admin, "/activity-forms", form(city))
    assert made.status_code == 201, made.text
    published = made.json()
    assert published == form(city) | {
        "id": published["id"],
        "version": 1,
        "modes": [],
        "channels": [],
        "content": [],
        "steps": [{"required": True, **step} for step in STEPS],
        "evidence": [{"kind": "lesson_plan", "per": "activity", "at_least": 1, "step": "problem"}],
        "sources": [SOURCE | {"quote": None}],
        "published_at": published["published_at"],
        "ended_at": None,
    }
    path = f"/activity-forms/{published['id']}"
    assert made.headers["location"] == f"/api/v1{path}"
    seen = await client.get(city.teacher_account, path)
    assert seen.json() == published
    listed = await client.get(
        city.school_admin, "/activity-forms?kind=collective_planning&in_force=true&code=five_steps"
    )
    assert [each["id"] for each in listed.json()["items"]] == [published["id"]]
    retired = await client.post(city.city_admin, f"{path}/retire")
    assert (retired.status_code, retired.json()["ended_at"] is None) == (200, False)
    again = await client.post(city.city_admin, f"{path}/retire")
    assert (again.status_code, again.json()["code"]) == (409, "form_ended")


async def test_a_form_that_does_not_fit_is_refused_in_place(client: Client, city: City) -> None:
    evidence = [{"kind": "note", "per": "session", "step": "nowhere"}]
    answer = await client.post(city.city_admin, "/activity-forms", form(city, evidence=evidence))
    assert answer.status_code == 422
    assert "nowhere" in answer.text
    county = form(city, unit_id=str(city.county["id"]))
    answer = await client.post(city.city_admin, "/activity-forms", county)
    assert (answer.status_code, answer.json()["code"]) == (422, "form_needs_city")
    assert (await client.get(city.city_admin, "/activity-forms")).json()["items"] == []


async def test_an_activity_outside_its_form_is_refused(
    client: Client, db: Connection, city: City
) -> None:
    made = await make_form(db, city.city, modes=["off_job"])
    answer = await client.post(
        city.school_admin,
        "/activities",
        {
            "title": "研讨", "kind": "seminar", "mode": "concentrated", "channel": "school_based",
            "hours": "2.00", "starts_on": "2026-11-20", "ends_on": "2026-11-20",
            "organiser_unit_id": str(city.school["id"]), "form_id": str(made["id"]),
        },
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "activity_outside_form")
    assert "mode" in answer.json()["detail"]
