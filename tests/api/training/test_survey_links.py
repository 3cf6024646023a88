from datetime import timedelta
from uuid import uuid4

from app.request import now
from app.sql import Connection
from tests.make import City, Client
from tests.make_needs import make_survey


def form() -> dict[str, object]:
    return {
        "submission": str(uuid4()), "answers": [{"question": "form", "choices": ["lecture"]}],
    }  # fmt: skip


async def test_parents_answer_by_a_link_without_an_account(
    client: Client, city: City, db: Connection
) -> None:
    survey = await make_survey(
        db, city.school, city.school_admin, closes_at=now() + timedelta(days=1)
    )
    links = f"/surveys/{survey['id']}/links"
    new = {"school_id": str(city.school["id"]), "kind": "single", "tokens": 2}
    key = {"Idempotency-Key": "abcdefgh-1"}
    made = await client.post(city.school_admin, links, new, headers=key)
    assert made.status_code == 201
    assert await db._driver.fetchval("SELECT count(*) FROM idempotent_answer") == 0
    first, second = made.json()["issued"]
    shown = await client.get(None, f"//survey-forms/{first}")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert set(shown.json()) == {
        "title", "introduction", "school", "stages", "closes_at", "questions",
    }  # fmt: skip
    assert str(survey["id"]) not in shown.text
    sent = await client.post(None, f"//survey-forms/{first}", form())
    assert (sent.status_code, sent.json()) == (201, {"received": True})
    again = await client.post(None, f"//survey-forms/{first}", form())
    assert (again.status_code, again.json()["code"]) == (404, "survey_form_not_found")
    listed = await client.get(city.school_admin, links)
    [link] = listed.json()["items"]
    assert first not in listed.text
    revoked = await client.post(city.school_admin, f"/survey-links/{link['id']}/revoke")
    assert revoked.json()["revoked_at"] is not None
    gone = await client.get(None, f"//survey-forms/{second}")
    never = await client.get(None, f"//survey-forms/{'x' * 43}")
    assert gone.status_code == never.status_code == 404
    assert gone.json()["code"] == never.json()["code"]


async def test_one_address_sends_so_many_forms_at_once_and_no_more(
    client: Client, city: City, db: Connection
) -> None:
    survey = await make_survey(
        db, city.school, city.school_admin, closes_at=now() + timedelta(days=1)
    )
    new = {"school_id": str(city.school["id"]), "kind": "shared"}
    made = await client.post(city.school_admin, f"/surveys/{survey['id']}/links", new)
    [token] = made.json()["issued"]
    # While the forms are sent, some more become free again: how many is a matter of the machine.
    found: list[int] = []
    while len(found) < 1000 and found[-1:] != [429]:
        found.append((await client.post(None, f"//survey-forms/{token}", form())).status_code)
    assert found[:200] == [201] * 200
    assert found[-1] == 429


async def test_a_form_with_something_else_in_it_is_refused(
    client: Client, city: City, db: Connection
) -> None:
    survey = await make_survey(
        db, city.school, city.school_admin, closes_at=now() + timedelta(days=1)
    )
    new = {"school_id": str(city.school["id"]), "kind": "shared"}
    made = await client.post(city.school_admin, f"/surveys/{survey['id']}/links", new)
    [token] = made.json()["issued"]
    refused = await client.post(None, f"//survey-forms/{token}", form() | {"name": "家长"})
    assert refused.status_code == 422
    read = await client.get(city.school_admin, f"/surveys/{survey['id']}")
    assert read.json()["responses"] == 0
