import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    WrongState,
    close_activity,
)
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.notes import (
    NewNote,
    NotAttended,
    NoteKind,
    list_notes,
    list_teacher_notes,
    submit_note,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city

PAGE = PageRequest()
TEXT = "今天观摩了一节语文课，最大的收获是提问的层次与留白。"


async def submit(
    db: Connection, person: Person, activity: Row, text: str = TEXT, at: Any = NOW
) -> Row:
    new = NewNote(kind=NoteKind.REFLECTION, text=text)
    return await submit_note(db, person.actor, activity_id=activity["id"], new=new, now=at)


async def texts_of(db: Connection, person: Person, activity: Row) -> list[str]:
    page = await list_notes(db, person.actor, activity_id=activity["id"], page=PAGE)
    return [row["text"] for row in page.items]


async def attended(db: Connection, city: City, **more: Any) -> Row:
    """An activity of the county that the teacher attended."""
    activity = await make_activity(db, city.county, city.county_admin, **more)
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    return activity


async def test_who_attended_submits_and_improves_a_note(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    submitted = await submit(db, city.teacher_account, activity)
    assert submitted == {
        "id": submitted["id"],
        "activity_id": activity["id"],
        "teacher_id": city.teacher["id"],
        "kind": "reflection",
        "text": TEXT,
        "submitted_at": NOW,
    }
    later = NOW + timedelta(hours=1)
    better = await submit(db, city.teacher_account, activity, TEXT * 2, later)
    assert better == submitted | {"text": TEXT * 2, "submitted_at": later}
    note = NewNote(kind=NoteKind.NOTE, text=TEXT)
    await submit_note(db, city.teacher_account.actor, activity_id=activity["id"], new=note, now=NOW)
    assert await texts_of(db, city.county_admin, activity) == [TEXT * 2, TEXT]
    page = await list_notes(
        db, city.county_admin.actor, activity_id=activity["id"], page=PAGE, kind=NoteKind.REFLECTION
    )
    assert page.items == [better | {"name": "测试甲", "school": "甲县第一小学"}]


@pytest.mark.parametrize("status", [AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED, None])
async def test_who_did_not_attend_has_nothing_to_submit(
    db: Connection, city: City, status: AttendanceStatus | None
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    if status is not None:
        session = activity["sessions"][0]
        await make_attendance(db, session, city.county_admin, city.teacher, status=status)
    with pytest.raises(NotAttended):
        await submit(db, city.teacher_account, activity)
    assert await texts_of(db, city.county_admin, activity) == []


async def test_who_was_marked_late_attended(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    late = AttendanceStatus.LATE
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher, status=late)
    assert (await submit(db, city.teacher_account, activity))["text"] == TEXT


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("sibling_teacher_account", ActivityNotFound), ("school_admin", NotAllowed)],
)
async def test_others_submit_nothing(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(refusal):
        await submit(db, getattr(city, who), activity)
    assert await texts_of(db, city.school_admin, activity) == []


async def test_after_the_close_nothing_is_submitted(db: Connection, city: City) -> None:
    activity = await attended(db, city, state=ActivityState.CLOSED)
    with pytest.raises(WrongState):
        await submit(db, city.teacher_account, activity)
    assert await texts_of(db, city.county_admin, activity) == []


async def test_a_note_comes_before_the_close_or_not_at_all(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await attended(db, city, state=ActivityState.HELD)

    async def late() -> None:
        async with real_pool.transaction() as db:
            await submit(db, city.teacher_account, activity)

    async with real_pool.transaction() as closing:
        await close_activity(closing, city.county_admin.actor, activity_id=activity["id"], now=NOW)
        submitting = asyncio.create_task(late())
        await asyncio.wait([submitting], timeout=0.3)
        assert not submitting.done()
    with pytest.raises(WrongState):
        await submitting


async def test_notes_are_seen_by_writer_school_and_organiser(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    await submit(db, city.teacher_account, activity)
    teacher_id = city.teacher["id"]
    for person in (city.teacher_account, city.school_admin, city.auditor):
        page = await list_teacher_notes(db, person.actor, teacher_id=teacher_id, page=PAGE)
        assert [row["text"] for row in page.items] == [TEXT]
    for person in (city.colleague_account, city.sibling_admin):
        with pytest.raises(TeacherNotFound):
            await list_teacher_notes(db, person.actor, teacher_id=teacher_id, page=PAGE)
    for person in (city.teacher_account, city.school_admin):
        with pytest.raises(NotAllowed):
            await texts_of(db, person, activity)


@pytest.mark.parametrize("text", ["太短", " " * 30 + "还是太短", "字" * 20_001])
def test_a_note_has_twenty_characters_at_least(text: str) -> None:
    with pytest.raises(ValidationError):
        NewNote(kind=NoteKind.NOTE, text=text)
