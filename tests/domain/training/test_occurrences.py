import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.credits.entries import list_entries
from app.domain.credits.recognition import recognise_activity
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivitySession,
    ActivityState,
    NewSession,
    add_session,
    publish_activity,
    remove_session,
)
from app.domain.training.activities.sessions import OccurrenceUnfit, SessionRepeated
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.attendance.register import RestOfRegister, complete_attendance
from app.domain.training.content_shares import list_content_shares
from app.domain.training.enrolments import EnrolmentNotFound, enrol_oneself, withdraw_enrolment
from app.domain.training.occurrences import (
    OccurrenceBegun,
    OccurrenceFull,
    SessionOnce,
    choose_occurrence,
    list_occurrences,
)
from app.domain.training.qualification import qualified_attendees
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_closed_activity, make_pack
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city

LATER = NOW + timedelta(days=1)


async def offer_twice(db: Connection, city: City, **more: Any) -> Row:
    """A published activity of two hours, whose only session is offered at two times."""
    more = {"begins": LATER} | more
    activity = await make_activity(db, city.school, city.school_admin, **more)
    (first,) = activity["sessions"]
    moved = {name: first[name] + timedelta(hours=4) for name in ("starts_at", "ends_at")}
    again = first | moved | {"id": new_id(), "ordinal": 2, "occurrence_of": first["id"]}
    await db.insert(ActivitySession, again | {"places": 1})
    return activity | {"sessions": [first, again]}


def new_session(first: Row, **more: Any) -> NewSession:
    given = {name: first[name] + timedelta(hours=4) for name in ("starts_at", "ends_at")}
    return NewSession.model_validate(given | {"hours": "2", "occurrence_of": first["id"]} | more)


async def test_occurrences_count_once_in_the_hours(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, begins=LATER
    )
    (first,) = activity["sessions"]
    admin, key = city.school_admin.actor, {"activity_id": activity["id"]}
    again = await add_session(db, admin, **key, new=new_session(first, places=30))
    for unfit in ({"hours": "3"}, {"occurrence_of": again["id"]}, {"occurrence_of": new_id()}):
        with pytest.raises(OccurrenceUnfit):
            await add_session(db, admin, **key, new=new_session(first, **unfit))
    with pytest.raises(SessionRepeated):
        async with db.transaction():
            await remove_session(db, admin, session_id=first["id"])
    published = await publish_activity(db, admin, **key, now=NOW)
    assert (published["state"], published["hours"]) == ("published", 2)


async def test_whoever_attends_both_has_attended_one(db: Connection, city: City) -> None:
    activity = await offer_twice(db, city, content=["ethics"], state=ActivityState.CLOSED)
    first, again = activity["sessions"]
    await make_attendance(db, first, city.school_admin, city.teacher)
    await make_attendance(db, again, city.school_admin, city.teacher, city.colleague)
    rows = await qualified_attendees(db, city.school_admin.actor, activity_id=activity["id"])
    assert {row["teacher_id"]: row["hours"] for row in rows} == {
        city.teacher["id"]: Decimal(2), city.colleague["id"]: Decimal(2),
    }  # fmt: skip
    lines = await list_content_shares(
        db, city.school_admin.actor, unit_id=city.school["id"], now=LATER + timedelta(days=1)
    )
    assert (lines[0]["of_hours"], lines[0]["of_person_times"]) == (Decimal(4), 3)


async def test_whoever_was_at_one_is_not_expected_at_the_other(db: Connection, city: City) -> None:
    activity = await offer_twice(db, city, begins=NOW - timedelta(hours=6))
    first, again = activity["sessions"]
    await make_attendance(db, first, city.school_admin, city.teacher)
    rest = RestOfRegister(status=AttendanceStatus.ABSENT)
    admin = city.school_admin.actor
    told = await complete_attendance(db, admin, session_id=again["id"], rest=rest, now=NOW)
    assert told["recorded"] == 1
    # Whoever was absent from one may have come to the other: that is still to be said.
    told = await complete_attendance(db, admin, session_id=first["id"], rest=rest, now=NOW)
    assert told["recorded"] == 1


async def test_a_teacher_with_a_place_chooses(db: Connection, city: City) -> None:
    activity = await offer_twice(db, city)
    first, again = activity["sessions"]
    key = {"activity_id": activity["id"]}
    one, other = city.teacher_account.actor, city.colleague_account.actor
    with pytest.raises(EnrolmentNotFound):
        await choose_occurrence(db, one, session_id=again["id"], now=NOW)
    for actor in (one, other):
        await enrol_oneself(db, actor, **key, now=NOW)
    before = db.statements
    chosen = await choose_occurrence(db, one, session_id=again["id"], now=NOW)
    assert db.statements - before == 4
    assert [(row["taken"], row["chosen"], row["places"]) for row in chosen] == [
        (0, False, None), (1, True, 1),
    ]  # fmt: skip
    with pytest.raises(OccurrenceFull):
        await choose_occurrence(db, other, session_id=again["id"], now=NOW)
    await choose_occurrence(db, one, session_id=first["id"], now=NOW)
    await choose_occurrence(db, other, session_id=again["id"], now=NOW)
    with pytest.raises(OccurrenceBegun):
        await choose_occurrence(db, one, session_id=again["id"], now=LATER + timedelta(days=1))
    await withdraw_enrolment(db, other, **key, now=NOW + timedelta(minutes=1))
    seen = await list_occurrences(db, one, **key)
    assert [(row["taken"], row["chosen"]) for row in seen] == [(1, True), (0, False)]
    await enrol_oneself(db, other, **key, now=NOW + timedelta(minutes=2))
    seen = await list_occurrences(db, other, **key)
    assert [(row["taken"], row["chosen"]) for row in seen] == [(1, False), (0, False)]


async def test_the_last_place_of_an_occurrence_goes_to_one(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await offer_twice(db, city)
        racers = [city.teacher_account, city.colleague_account]
        for racer in racers:
            await enrol_oneself(db, racer.actor, activity_id=activity["id"], now=NOW)

    async def race(person: Person) -> str:
        session_id = activity["sessions"][1]["id"]
        try:
            async with real_pool.transaction() as db:
                await choose_occurrence(db, person.actor, session_id=session_id, now=NOW)
        except OccurrenceFull:
            return "full"
        return "chosen"

    outcomes = await asyncio.gather(*(race(person) for person in racers))
    assert sorted(outcomes) == ["chosen", "full"]


async def test_what_is_attended_twice_is_recognised_once(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin, requires_note=False)
    (first,) = activity["sessions"]
    again = first | {"id": new_id(), "ordinal": 2, "occurrence_of": first["id"]}
    await db.insert(ActivitySession, again)
    for session in (first, again):
        await make_attendance(db, session, city.school_admin, city.teacher)
    bureau = city.county_admin.actor
    await recognise_activity(db, bureau, activity_id=activity["id"], now=NOW)
    entries = await list_entries(db, bureau, teacher_id=city.teacher["id"], page=PageRequest())
    assert [entry["hours"] for entry in entries.items] == [first["hours"]]


async def test_there_is_nothing_to_choose_of_what_takes_place_once(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, begins=LATER)
    await enrol_oneself(db, city.teacher_account.actor, activity_id=activity["id"], now=NOW)
    with pytest.raises(SessionOnce):
        await choose_occurrence(
            db, city.teacher_account.actor, session_id=activity["sessions"][0]["id"], now=NOW
        )
