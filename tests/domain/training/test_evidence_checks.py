from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.training.evidence import EvidenceNotFound
from app.domain.training.evidence_checks import (
    CheckedNotFound,
    NewCheck,
    NewChecks,
    NoteChangedMeanwhile,
    check_evidence,
    list_evidence_checks,
    list_note_checks,
    list_observation_sheet_checks,
)
from app.domain.training.notes import NoteNotFound
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity, make_attendance, make_note
from tests.make_evidence import make_evidence, make_sheet


async def written(db: Connection, city: City, teacher: Row | None = None) -> dict[str, Row]:
    """What a teacher of the school left of an activity of the county."""
    who = teacher or city.teacher
    activity = await make_activity(db, city.county, city.county_admin)
    await make_attendance(db, activity["sessions"][0], city.county_admin, who)
    return {
        "note": await make_note(db, activity, who),
        "sheet": await make_sheet(db, who, city.county_admin),
        "evidence": await make_evidence(db, activity, city.county_admin, who),
    }


def checks(found: dict[str, Row], **more: Any) -> NewChecks:
    return NewChecks.model_validate({
        "checks": [
            {"note_id": found["note"]["id"], "note_version": 1, "verdict": "commended"} | more,
            {"sheet_id": found["sheet"]["id"], "verdict": "checked"},
            {"evidence_id": found["evidence"]["id"], "verdict": "returned", "remark": "照片不清"},
        ]
    })  # fmt: skip


async def check(db: Connection, person: Person, new: NewChecks) -> Any:
    return await check_evidence(db, person.actor, new=new, now=NOW)


@pytest.mark.parametrize("who", ["school_admin", "county_admin", "city_admin"])
async def test_a_batch_leaves_a_trace_of_each(db: Connection, city: City, who: str) -> None:
    found = await written(db, city)
    before = db.statements
    assert await check(db, getattr(city, who), checks(found)) == {"recorded": 3}
    assert db.statements - before == 4
    teacher, organiser = city.teacher_account.actor, city.county_admin.actor
    [note] = await list_note_checks(db, teacher, note_id=found["note"]["id"])
    assert (note["verdict"], note["note_version"], note["checked_at"]) == ("commended", 1, NOW)
    sheet_id = found["sheet"]["id"]
    [sheet] = await list_observation_sheet_checks(db, teacher, sheet_id=sheet_id)
    assert sheet["verdict"] == "checked"
    evidence_id = found["evidence"]["id"]
    [piece] = await list_evidence_checks(db, organiser, evidence_id=evidence_id)
    assert (piece["verdict"], piece["remark"]) == ("returned", "照片不清")
    for refusal, asked in (
        (NoteNotFound, list_note_checks(db, city.sibling_admin.actor, note_id=found["note"]["id"])),
        (
            EvidenceNotFound,
            list_evidence_checks(db, city.sibling_admin.actor, evidence_id=evidence_id),
        ),
    ):
        with pytest.raises(refusal):
            await asked


async def test_all_or_nothing(db: Connection, city: City) -> None:
    found = await written(db, city)
    foreign = found | {"evidence": (await written(db, city, city.sibling_teacher))["evidence"]}
    cases: list[tuple[Person, NewChecks, type[DomainError]]] = [
        (city.school_admin, checks(foreign), CheckedNotFound),
        (city.school_admin, checks(found | {"sheet": {"id": new_id()}}), CheckedNotFound),
        (city.school_admin, checks(found, note_version=2), NoteChangedMeanwhile),
        (city.sibling_admin, checks(found), CheckedNotFound),
        (city.auditor, checks(found), NotAllowed),
        (city.teacher_account, checks(found), NotAllowed),
    ]
    for person, new, refusal in cases:
        with pytest.raises(refusal):
            await check(db, person, new)
    assert await list_note_checks(db, city.teacher_account.actor, note_id=found["note"]["id"]) == []


async def test_a_check_stays(db: Connection, city: City, driver: asyncpg.Connection) -> None:
    found = await written(db, city)
    for _ in range(2):
        await check(db, city.school_admin, checks(found))
    actor = city.teacher_account.actor
    assert len(await list_note_checks(db, actor, note_id=found["note"]["id"])) == 2
    for change in ("UPDATE evidence_check SET remark = 'x'", "DELETE FROM evidence_check"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(change)


@pytest.mark.parametrize(
    "given",
    [
        {"verdict": "checked"},
        {"verdict": "checked", "sheet_id": new_id(), "evidence_id": new_id()},
        {"verdict": "checked", "note_id": new_id()},
        {"verdict": "checked", "sheet_id": new_id(), "note_version": 1},
        {"verdict": "returned", "sheet_id": new_id()},
    ],
)
def test_a_check_is_of_one_thing_and_says_why_it_returns_it(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewCheck.model_validate(given)
