from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.access.roles import Role
from app.domain.credits.entries import teachers_credited
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState, WrongState
from app.domain.training.attendance import (
    AttendanceCorrection,
    AttendanceCredited,
    AttendanceNotFound,
    AttendanceOfOneself,
    AttendanceRole,
    AttendanceStatus,
    correct_attendance,
    list_attendance_changes,
)
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_group,
)

LATE = AttendanceCorrection(status=AttendanceStatus.LATE, reason="签到设备故障，实际十点到场")


async def nobody(db: Connection, *, activity_id: UUID, teacher_ids: Sequence[UUID]) -> set[UUID]:
    """Nobody holds credit."""
    return set()


async def recorded(db: Connection, city: City, state: ActivityState, **more: Any) -> Row:
    activity = await make_activity(db, city.school, city.school_admin, state=state, **more)
    (record,) = await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    return record


async def correct(
    db: Connection,
    person: Person,
    record: Row,
    correction: AttendanceCorrection = LATE,
    **more: Any,
) -> Row:
    return await correct_attendance(
        db, person.actor, attendance_id=record["id"], correction=correction,
        credited=more.get("credited", nobody), now=more.get("now", NOW + timedelta(days=1)),
    )  # fmt: skip


async def changes(db: Connection, city: City, record: Row) -> list[Row]:
    page = await list_attendance_changes(
        db, city.school_admin.actor, activity_id=record["activity_id"], page=PageRequest()
    )
    return list(page.items)


@pytest.mark.parametrize("state", [ActivityState.PUBLISHED, ActivityState.HELD])
async def test_until_the_close_the_organiser_corrects(
    db: Connection, city: City, state: ActivityState
) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    record = await recorded(db, city, state, group=group)
    before = db.statements
    corrected = await correct(db, leader, record)
    assert db.statements - before == 5
    assert (corrected["status"], corrected["role"]) == ("late", "participant")
    (change,) = await changes(db, city, record)
    assert (change["reason"], change["after_closing"]) == (LATE.reason, False)
    assert change["changed_by"] == leader.actor.account_id
    assert await correct(db, leader, record) == corrected
    assert len(await changes(db, city, record)) == 1, "it was so already"
    speaker = LATE.model_copy(update={"role": AttendanceRole.SPEAKER})
    assert (await correct(db, leader, record, speaker))["role"] == "speaker"


async def test_after_the_close_only_an_administrator_corrects(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    record = await recorded(db, city, ActivityState.CLOSED, group=group)
    with pytest.raises(NotAllowed) as refused:
        await correct(db, leader, record)
    assert refused.value.details == {"permission": "attendance:review"}
    assert await changes(db, city, record) == []
    assert (await correct(db, city.county_admin, record))["status"] == "late"
    (change,) = await changes(db, city, record)
    assert change["after_closing"]


async def test_after_the_close_nobody_corrects_the_own_record(db: Connection, city: City) -> None:
    record = await recorded(db, city, ActivityState.CLOSED)
    actor = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(AttendanceOfOneself):
        await correct_attendance(
            db, actor, attendance_id=record["id"], correction=LATE, credited=nobody, now=NOW
        )
    assert await changes(db, city, record) == []
    assert (await correct(db, city.county_admin, record))["status"] == "late"


async def test_who_has_no_business_with_it_corrects_nothing(db: Connection, city: City) -> None:
    record = await recorded(db, city, ActivityState.PUBLISHED)
    for person, refusal in (
        (city.teacher_account, AttendanceNotFound), (city.sibling_admin, AttendanceNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await correct(db, person, record)
    cancelled = await recorded(db, city, ActivityState.CANCELLED)
    with pytest.raises(WrongState):
        await correct(db, city.school_admin, cancelled)
    assert await changes(db, city, record) == []


async def test_recognised_credit_is_reversed_before_its_record_changes(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    record = await recorded(db, city, ActivityState.CLOSED)
    actor, moment = city.county_admin.actor, NOW + timedelta(days=1)
    told = await recognise_activity(db, actor, activity_id=record["activity_id"], now=moment)
    assert told["entered"] == 1, told
    with pytest.raises(AttendanceCredited) as refused:
        await correct(db, city.county_admin, record, credited=teachers_credited)
    for language in ("zh", "en"):
        assert "/credit-entries/{id}/reversal" in refused.value.message(language)
    assert await changes(db, city, record) == []
    entry_id = await db._driver.fetchval("SELECT id FROM credit_entry")
    new = NewReversal(reason="考勤更正")
    await reverse_entry(db, actor, entry_id=entry_id, new=new, now=moment)
    absent = AttendanceCorrection(status=AttendanceStatus.ABSENT, reason="核查后确认未到场")
    corrected = await correct(db, city.county_admin, record, absent, credited=teachers_credited)
    assert corrected["status"] == "absent"
    again = await recognise_activity(db, actor, activity_id=record["activity_id"], now=moment)
    assert (again["entered"], again["not_qualified"]) == (0, 1)
