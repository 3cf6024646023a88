import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import col

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    ActivityNotFound,
    ActivitySession,
    ActivityState,
    WrongState,
)
from app.domain.training.attendance import AttendanceRole
from app.domain.training.evidence import (
    UNATTACHED,
    EvidenceNotFound,
    EvidenceOfNobody,
    EvidenceSessionElsewhere,
    NewEvidence,
    OwnEvidence,
    add_evidence,
    create_evidence_link,
    forget_content,
    forget_unattached_files,
    get_evidence,
    list_activity_evidence,
    list_missing_evidence,
    list_teacher_evidence,
    submit_evidence,
    withdraw_evidence,
)
from app.domain.training.evidence_checks import NewChecks, check_evidence, list_evidence_checks
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import (
    FileKeptInside,
    FileLinks,
    FileNotFound,
    FileSharing,
    NewFileLink,
    get_file,
    stored_name,
)
from app.domain.training.notes import NoteKind
from app.domain.training.qualification import qualified_attendees
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.domain.training.test_files import PNG, everything, hand_in
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city, make_note
from tests.make_evidence import make_evidence, make_file, make_sheet
from tests.make_forms import make_form

PAGE = PageRequest()
LINKS = FileLinks(b"k" * 32)


async def attended(db: Connection, city: City, **more: Any) -> Row:
    """An activity of the county that the teacher and the sibling's attended."""
    activity = await make_activity(db, city.county, city.county_admin, **more)
    who = (city.teacher, city.sibling_teacher)
    await make_attendance(db, activity["sessions"][0], city.county_admin, *who)
    return activity


async def own(db: Connection, person: Person, activity: Row, **more: Any) -> Row:
    new = OwnEvidence.model_validate({"kind": "lesson_plan", "title": "教案"} | more)
    return await submit_evidence(db, person.actor, activity_id=activity["id"], new=new, now=NOW)


async def add(db: Connection, person: Person, activity: Row, **more: Any) -> Row:
    new = NewEvidence.model_validate(
        {"kind": "summary", "title": "活动总结", "text": "好。。"} | more
    )
    return await add_evidence(db, person.actor, activity_id=activity["id"], new=new, now=NOW)


async def kinds_of(db: Connection, person: Person, activity: Row) -> list[str]:
    page = await list_activity_evidence(db, person.actor, activity_id=activity["id"], page=PAGE)
    return [row["kind"] for row in page.items]


async def test_participant_and_organiser_add_what_shows_it(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    file = await make_file(db, city.school, city.teacher_account, city.teacher)
    mine = await own(db, city.teacher_account, activity, file_id=file["id"])
    assert (mine["name"], mine["media_type"]) == ("测试甲", "image/png")
    session_id = activity["sessions"][0]["id"]
    await add(db, city.county_admin, activity, session_id=session_id)
    await add(db, city.county_admin, activity, teacher_id=city.teacher["id"], kind="certificate")
    assert await kinds_of(db, city.county_admin, activity) == [
        "lesson_plan", "summary", "certificate",
    ]  # fmt: skip
    for person in (city.teacher_account, city.school_admin):
        page = await list_teacher_evidence(
            db, person.actor, teacher_id=city.teacher["id"], page=PAGE
        )
        assert [row["kind"] for row in page.items] == ["lesson_plan", "certificate"]
        with pytest.raises(NotAllowed):
            await kinds_of(db, person, activity)


async def test_what_does_not_belong_to_it_is_refused(db: Connection, city: City) -> None:
    activity, other = await attended(db, city), await attended(db, city)
    foreign = await make_file(db, city.sibling, city.sibling_admin)
    cases: list[tuple[Any, type[DomainError]]] = [
        (own(db, city.colleague_account, activity, text="未到场"), EvidenceOfNobody),
        (own(db, city.teacher_account, activity, file_id=foreign["id"]), FileNotFound),
        (
            own(db, city.teacher_account, activity, text="教案",
                session_id=other["sessions"][0]["id"]),
            EvidenceSessionElsewhere,
        ),
        (add(db, city.county_admin, activity, teacher_id=city.colleague["id"]), EvidenceOfNobody),
        (add(db, city.school_admin, activity), NotAllowed),
        (add(db, city.other_county_admin, activity), ActivityNotFound),
    ]  # fmt: skip
    for attempt, refusal in cases:
        with pytest.raises(refusal):
            await attempt
    assert await kinds_of(db, city.county_admin, activity) == []
    with pytest.raises(ValidationError):
        OwnEvidence(kind=EvidenceKind.OTHER, title="空")
    for kind in (OwnEvidence, NewEvidence):
        kind(kind=EvidenceKind.OTHER, title="发言", text="说过的话")
        with pytest.raises(ValidationError, match="counts by itself"):
            kind(kind=EvidenceKind.COMMENT, title="发言", text="说过的话")


async def test_after_the_close_only_the_organiser_adds_and_nobody_withdraws(
    db: Connection, city: City
) -> None:
    activity = await attended(db, city, state=ActivityState.CLOSED)
    with pytest.raises(WrongState):
        await own(db, city.teacher_account, activity, text="补交")
    added = await add(db, city.county_admin, activity)
    with pytest.raises(WrongState):
        await withdraw_evidence(db, city.county_admin.actor, evidence_id=added["id"], now=NOW)
    draft = await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT)
    with pytest.raises(WrongState):
        await add(db, city.county_admin, draft)


async def test_what_is_withdrawn_is_gone_from_every_list(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    added = await add(db, city.county_admin, activity, teacher_id=city.teacher["id"])
    key = {"evidence_id": added["id"]}
    with pytest.raises(NotAllowed):
        await withdraw_evidence(db, city.auditor.actor, **key, now=NOW)
    assert (await withdraw_evidence(db, city.county_admin.actor, **key, now=NOW)) == added
    assert await kinds_of(db, city.county_admin, activity) == []
    with pytest.raises(EvidenceNotFound):
        await get_evidence(db, city.county_admin.actor, **key)


@pytest.mark.parametrize(
    ("sharing", "opens"), [(FileSharing.UNIT, False), (FileSharing.ACTIVITY, True)]
)
async def test_the_organiser_opens_a_file_that_goes_so_far(
    db: Connection, city: City, sharing: FileSharing, *, opens: bool
) -> None:
    activity = await attended(db, city)
    file = await make_file(
        db, city.school, city.teacher_account, city.teacher, sharing=sharing, consent="同意书",
        shows_pupils=True,
    )  # fmt: skip
    piece = await own(db, city.teacher_account, activity, file_id=file["id"])
    key = {"evidence_id": piece["id"], "new": NewFileLink(), "links": LINKS, "now": NOW}
    seen = await get_evidence(db, city.county_admin.actor, evidence_id=piece["id"])
    assert seen["shows_pupils"] is True
    if opens:
        link = await create_evidence_link(db, city.county_admin.actor, **key)
        assert str(file["id"]) in link["url"]
        return
    with pytest.raises(FileKeptInside):
        await create_evidence_link(db, city.county_admin.actor, **key)
    with pytest.raises(FileNotFound):
        await get_file(db, city.county_admin.actor, file_id=file["id"])


# What the form asks for.

ASKED: list[dict[str, Any]] = [
    {"kind": "summary", "per": "activity"},
    {"kind": "photo", "per": "session", "at_least": 2},
    {"kind": "reflection", "per": "participant"},
    {"kind": "observation_sheet", "per": "participant"},
]


async def test_what_is_missing_is_told_by_one_statement(db: Connection, city: City) -> None:
    form = await make_form(db, city.city, evidence=ASKED, kind="seminar", steps=[])
    activity = await attended(db, city, sessions=2, form_id=form["id"])
    actor, key = city.county_admin.actor, activity["id"]

    async def missing() -> set[tuple[str, int, int, UUID | None, str | None]]:
        before = db.statements
        rows = await list_missing_evidence(db, actor, activity_id=key)
        assert db.statements - before == 2
        return {
            (row["kind"], row["required"], row["found"], row["session_id"], row["name"])
            for row in rows
        }

    one, two = (session["id"] for session in activity["sessions"])
    owed = {
        (kind, 1, 0, None, name)
        for kind in ("reflection", "observation_sheet")
        for name in ("测试甲", "测试丙")
    }
    assert await missing() == owed | {
        ("summary", 1, 0, None, None), ("photo", 2, 0, one, None), ("photo", 2, 0, two, None),
    }  # fmt: skip
    await add(db, city.county_admin, activity)
    for session_id in (one, one, two):
        await add(db, city.county_admin, activity, kind="photo", session_id=session_id)
    await make_note(db, activity, city.teacher, NoteKind.REFLECTION)
    await make_sheet(db, city.sibling_teacher, city.teacher_account, city.teacher, activity_id=key)
    assert await missing() == {each for each in owed if each[4] == "测试丙"} | {
        ("photo", 2, 1, two, None)
    }
    with pytest.raises(NotAllowed):
        await list_missing_evidence(db, city.school_admin.actor, activity_id=key)


async def test_who_owes_evidence_does_not_qualify(db: Connection, city: City) -> None:
    form = await make_form(db, city.city, evidence=ASKED[2:], kind="seminar", steps=[])
    activity = await attended(db, city, form_id=form["id"])

    async def reasons() -> dict[UUID, str | None]:
        rows = await qualified_attendees(db, city.county_admin.actor, activity_id=activity["id"])
        return {row["teacher_id"]: row["reason"] for row in rows}

    both = (city.teacher["id"], city.sibling_teacher["id"])
    assert await reasons() == dict.fromkeys(both, "evidence_missing")
    await make_note(db, activity, city.teacher, NoteKind.REFLECTION)
    assert await reasons() == dict.fromkeys(both, "evidence_missing")
    piece = await make_evidence(
        db, activity, city.county_admin, city.teacher, kind=EvidenceKind.OBSERVATION_SHEET
    )
    # What one has left is nothing of what another owes.
    assert await reasons() == {both[0]: None, both[1]: "evidence_missing"}
    await withdraw_evidence(db, city.county_admin.actor, evidence_id=piece["id"], now=NOW)
    assert (await reasons())[city.teacher["id"]] == "evidence_missing"


async def test_what_is_asked_at_a_step_counts_at_that_step(db: Connection, city: City) -> None:
    steps = [
        {"code": code, "zh": code, "en": code, "required": False} for code in ("lesson", "talk")
    ]
    asked = [{"kind": "recording", "per": "activity", "step": "lesson"}]
    form = await make_form(db, city.city, evidence=asked, kind="seminar", steps=steps)
    activity = await attended(db, city, form_id=form["id"])
    sessions = {}
    for ordinal, step in enumerate(("lesson", "talk"), start=2):
        given = {"id": new_id(), "ordinal": ordinal, "step": step}
        await db.insert(ActivitySession, activity["sessions"][0] | given)
        sessions[step] = given["id"]
    actor = city.county_admin.actor

    async def is_missing() -> bool:
        return bool(await list_missing_evidence(db, actor, activity_id=activity["id"]))

    await make_evidence(
        db, activity, city.county_admin, kind="recording", session_id=sessions["talk"]
    )
    assert await is_missing()
    await make_evidence(
        db, activity, city.county_admin, kind="recording", session_id=sessions["lesson"]
    )
    assert not await is_missing()


async def test_the_list_and_the_recognition_agree_on_who_owes(db: Connection, city: City) -> None:
    form = await make_form(db, city.city, evidence=ASKED[2:3], kind="seminar", steps=[])
    activity = await attended(db, city, sessions=2, form_id=form["id"])
    await make_attendance(
        db, activity["sessions"][1], city.county_admin, city.teacher, role=AttendanceRole.SPEAKER
    )
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.colleague)
    merged = {"merged_into_id": city.teacher["id"]}
    await db.run(
        Statement(update(Teacher).where(col(Teacher.id) == city.colleague["id"]).values(merged))
    )
    actor, key = city.county_admin.actor, activity["id"]
    attendees = await qualified_attendees(db, actor, activity_id=key)
    owe = {row["teacher_id"] for row in attendees if row["reason"] == "evidence_missing"}
    assert owe == {city.sibling_teacher["id"]}
    missing = await list_missing_evidence(db, actor, activity_id=key)
    assert {row["teacher_id"] for row in missing} == owe


async def test_whom_it_is_about_reads_it_and_what_the_school_says_of_it(
    db: Connection, city: City
) -> None:
    activity = await attended(db, city)
    mine = await own(db, city.teacher_account, activity, text="教案初稿")
    said = {"evidence_id": mine["id"], "verdict": "returned", "remark": "缺少教学反思"}
    await check_evidence(
        db, city.school_admin.actor, new=NewChecks.model_validate({"checks": [said]}), now=NOW
    )
    for person in (city.teacher_account, city.school_admin, city.county_admin):
        assert await get_evidence(db, person.actor, evidence_id=mine["id"]) == mine
        (check,) = await list_evidence_checks(db, person.actor, evidence_id=mine["id"])
        assert check["remark"] == "缺少教学反思"
    for person in (city.colleague_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(EvidenceNotFound):
            await list_evidence_checks(db, person.actor, evidence_id=mine["id"])


# Files that nothing refers to.


async def test_only_what_is_attached_to_nothing_is_forgotten(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    attached = await make_file(db, city.school, city.teacher_account, city.teacher)
    await own(db, city.teacher_account, activity, file_id=attached["id"])
    loose = await make_file(db, city.school, city.teacher_account, city.teacher)
    assert await forget_unattached_files(db, now=NOW + UNATTACHED) == 0
    late = NOW + UNATTACHED + timedelta(seconds=1)
    assert await forget_unattached_files(db, now=late) == 1
    actor = city.teacher_account.actor
    await get_file(db, actor, file_id=attached["id"])
    with pytest.raises(FileNotFound):
        await get_file(db, actor, file_id=loose["id"])


async def test_what_is_being_attached_is_passed_over(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await attended(db, city)
        row = await make_file(db, city.school, city.teacher_account, city.teacher)
        loose = await make_file(db, city.school, city.teacher_account, city.teacher)
    late = NOW + UNATTACHED + timedelta(days=1)
    async with real_pool.transaction() as attaching:
        await own(attaching, city.teacher_account, activity, file_id=row["id"])
        async with real_pool.transaction() as db:
            assert await forget_unattached_files(db, now=late) == 1
    async with real_pool.transaction() as db:
        await get_file(db, city.teacher_account.actor, file_id=row["id"])
        with pytest.raises(FileNotFound):
            await get_file(db, city.teacher_account.actor, file_id=loose["id"])


async def test_what_is_being_forgotten_is_attached_to_nothing(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await attended(db, city)
        row = await make_file(db, city.school, city.teacher_account, city.teacher)

    async def attach() -> None:
        async with real_pool.transaction() as db:
            await own(db, city.teacher_account, activity, file_id=row["id"])

    async with real_pool.transaction() as db:
        await forget_unattached_files(db, now=NOW + UNATTACHED + timedelta(days=1))
        waits = asyncio.create_task(attach())
        await asyncio.sleep(0.2)
    with pytest.raises(FileNotFound):
        await waits


async def test_content_goes_when_no_file_has_it(real_pool: Pool, resources: Resources) -> None:
    archive = resources.archive
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        row = await hand_in(db, city.teacher_account, archive, PNG + new_id().bytes)
    name = stored_name(row["sha256"])
    late = NOW + UNATTACHED + timedelta(days=1)
    async with real_pool.transaction() as db:
        assert await forget_content(db, store=archive.store, names=[name]) == 0
        assert await forget_unattached_files(db, now=late) == 1
        assert await forget_content(db, store=archive.store, names=[name]) == 1
    assert name not in await everything(archive)
