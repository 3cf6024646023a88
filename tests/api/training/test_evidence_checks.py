from typing import Any

from app.sql import Connection
from tests.domain.training.test_evidence_checks import written
from tests.make import City, Client


async def test_a_batch_is_recorded_and_read(client: Client, db: Connection, city: City) -> None:
    found = {name: str(row["id"]) for name, row in (await written(db, city)).items()}
    given: list[dict[str, Any]] = [
        {"note_id": found["note"], "note_version": 1, "verdict": "returned", "remark": "太简略"},
        {"sheet_id": found["sheet"], "verdict": "checked"},
        {"evidence_id": found["evidence"], "verdict": "commended"},
    ]
    done = await client.post(city.county_admin, "/evidence-checks", {"checks": given})
    assert (done.status_code, done.json()) == (200, {"recorded": 3}), done.text
    for path, person, check in (
        (f"/notes/{found['note']}", city.teacher_account, given[0]),
        (f"/observation-sheets/{found['sheet']}", city.teacher_account, given[1]),
        (f"/evidence/{found['evidence']}", city.county_admin, given[2]),
    ):
        [shown] = (await client.get(person, f"{path}/checks")).json()
        assert shown | check == shown


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    note = str((await written(db, city))["note"]["id"])
    good = {"note_id": note, "note_version": 1, "verdict": "checked"}
    for person, check, status, code in (
        (city.sibling_admin, good, 404, "checked_evidence_not_found"),
        (city.teacher_account, good, 403, "not_allowed"),
        (city.school_admin, good | {"note_version": 7}, 409, "checked_note_changed"),
        (city.school_admin, good | {"verdict": "returned"}, 422, "invalid_request"),
    ):
        answer = await client.post(person, "/evidence-checks", {"checks": [good, check]})
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await client.get(city.school_admin, f"/notes/{note}/checks")).json() == []
