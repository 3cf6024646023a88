from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from app.domain.access.roles import Role
from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.make import City, Client, Person, make_account, make_activity
from tests.make_demonstrations import (
    CALL,
    SAID,
    make_experts,
    make_public,
    make_reviewed,
    make_under_review,
)
from tests.make_evidence import make_file

DAYS = {"opens_on": "2020-01-01", "closes_on": "2099-12-31", "objection_days": 1}


async def asked(
    client: Client, person: Person, path: str, body: Any = None, method: str = "POST"
) -> Any:
    """What is answered to an act that succeeds."""
    answer = await client.request(person, method, path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def begun(client: Client, db: Connection, city: City) -> tuple[str, Any]:
    """An application of the school to the city with a file that shows it; its address."""
    new = CALL | DAYS | {"unit_id": str(city.city["id"])}
    call = await asked(client, city.city_admin, "/demonstration-calls", new)
    begins = datetime.now(UTC) - timedelta(days=10)
    await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD, begins=begins)
    file = await make_file(db, city.school, city.school_admin)
    said = {"unit_id": str(city.school["id"]), "statement": SAID, "file_ids": [str(file["id"])]}
    path = f"/demonstration-calls/{call['id']}/demonstrations"
    row = await asked(client, city.school_admin, path, said)
    assert row["file_ids"] == said["file_ids"]
    return f"/demonstrations/{row['id']}", call


async def test_an_application_is_written_handed_in_and_recommended(
    client: Client, db: Connection, city: City
) -> None:
    school = city.school_admin
    address, _ = await begun(client, db, city)
    await asked(client, school, address, {"statement": SAID + "另附材料。"}, "PUT")
    assert (await asked(client, school, f"{address}/hand-in"))["state"] == "handed_in"
    assert (await asked(client, school, f"{address}/take-back"))["state"] == "draft"
    await asked(client, school, f"{address}/hand-in")
    said = {"recommended": True, "opinion": "同意推荐"}
    row = await asked(client, city.county_admin, f"{address}/recommendation", said)
    assert row["state"] == "under_review"
    steps = (await client.get(school, f"{address}/steps")).json()
    assert [each["act"] for each in steps] == ["hand_in", "take_back", "hand_in", "recommend"]
    assert steps[0]["findings"][0]["met"] is True


async def test_a_title_from_the_decision_to_the_appeal(
    client: Client, db: Connection, city: City
) -> None:
    bureau = city.city_admin
    row = await make_under_review(db, city)
    await make_reviewed(db, city, row)
    address = f"/demonstrations/{row['id']}"
    decision = {"accepted": True, "opinion": "拟命名"}
    decided = await asked(client, bureau, f"{address}/decision", decision)
    assert (decided["state"], decided["score"]) == ("published", "85.50")
    shown = (await client.get(city.sibling_teacher_account, "/published-demonstrations")).json()
    assert [each["unit_name"] for each in shown["items"]] == ["甲县第一小学"]
    other = await make_public(db, city, now=datetime.now(UTC) - timedelta(days=9))
    address = f"/demonstrations/{other['id']}"
    awarded = await asked(client, bureau, f"{address}/award")
    assert (awarded["state"], awarded["place"]) == ("awarded", 1)
    early = {"passed": True, "opinion": "保持"}
    answer = await client.post(bureau, f"{address}/reevaluation", json=early)
    assert answer.json()["code"] == "demonstration_not_due"
    await asked(client, bureau, f"{address}/withdrawal", {"reason": "弄虚作假"})
    await asked(client, city.school_admin, f"{address}/appeal", {"appeal": "已整改"})
    second = await make_account(db, "second", Role.CITY_ADMIN, city.city)
    reply = {"reinstated": False, "reply": "维持原决定"}
    settled = await asked(client, second, f"{address}/appeal-decision", reply)
    assert settled["state"] == "closed"


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    address, call = await begun(client, db, city)
    before = (await client.get(city.school_admin, address)).json()
    again = {"unit_id": str(city.school["id"]), "statement": SAID}
    other = await make_account(db, "sibling", Role.SCHOOL_ADMIN, city.sibling)
    create = f"/demonstration-calls/{call['id']}/demonstrations"
    for person, path, body, status, code in (
        (city.school_admin, create, again, 409, "demonstration_exists"),
        (city.county_admin, f"{address}/hand-in", None, 422, "demonstration_answered_elsewhere"),
        (other, f"{address}/hand-in", None, 404, "demonstration_not_found"),
        (city.school_admin, f"{address}/award", None, 403, "not_allowed"),
        (city.city_admin, f"{address}/award", None, 409, "demonstration_wrong_state"),
        (city.city_admin, f"{address}/withdrawal", {"reason": "x"}, 422, "invalid_request"),
    ):
        answer: httpx2.Response = await client.post(person, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await client.get(city.school_admin, address)).json() == before


async def test_what_an_application_shows_is_opened_by_whoever_reads_it(
    client: Client, db: Connection, city: City
) -> None:
    address, _ = await begun(client, db, city)
    [file_id] = (await client.get(city.school_admin, address)).json()["file_ids"]
    [expert] = await make_experts(db, city, 1)
    link = await asked(client, expert, f"{address}/files/{file_id}/link", {})
    assert link["url"].startswith("/")
    another = await make_file(db, city.school, city.school_admin)
    refused = await client.post(expert, f"{address}/files/{another['id']}/link", json={})
    assert (refused.status_code, refused.json()["code"]) == (404, "file_not_found")
    hidden = await client.post(city.sibling_admin, f"{address}/files/{file_id}/link", json={})
    assert hidden.status_code == 404
