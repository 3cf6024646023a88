from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityNotFound, ActivitySession, ActivityState
from app.domain.training.activities.audience import ActivityCandidate
from app.domain.training.clashes import (
    list_clashes,
    list_free_times,
    list_group_free_times,
    list_school_clashes,
    list_teacher_clashes,
)
from app.domain.training.enrolments import Enrolment
from app.domain.training.groups import GroupNotFound
from app.domain.training.school_calendars import Semester, TermNotFound
from app.domain.training.timetables import WindowTooLong
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, make_activity, make_group
from tests.make_organisation import make_network
from tests.make_timetables import make_days, make_half_day, make_term, make_timetable

YEAR: dict[str, Any] = {"now": NOW, "school_year": 2026, "semester": Semester.FIRST}
WEEK: dict[str, Any] = {"now": NOW, "since": date(2026, 11, 16), "until": date(2026, 11, 22)}


@pytest.fixture
async def taught(db: Connection, city: City) -> City:
    """The city with a term, and lessons at two of its schools on Friday from ten and half past two."""
    await make_term(db, city.city_admin, city.city)
    await make_timetable(db, city.school_admin, city.school)
    line = "测试丙,5,3,,三年级1班,数学,"
    await make_timetable(db, city.sibling_admin, city.sibling, line)
    return city


async def enrol(db: Connection, activity: Row, teacher: Row) -> None:
    place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
    row = {"id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"], **place}
    await db.insert(Enrolment, row | {"enrolled_at": NOW})


def names(report: Row) -> list[tuple[str, str, bool]]:
    return [(row["kind"], row["name"], row["enrolled"]) for row in report["items"]]


async def test_an_activity_clashes_with_lessons(db: Connection, taught: City) -> None:
    draft = await make_activity(
        db, taught.county, taught.county_admin, sessions=2, state=ActivityState.DRAFT
    )
    await enrol(db, draft, taught.teacher)
    before = db.statements
    found = await list_clashes(db, taught.county_admin.actor, activity_id=draft["id"])
    assert db.statements - before == 2, "its door, and one for all who are concerned"
    assert (found["clashes"], found["teachers"]) == (2, 2)
    assert names(found) == [("lesson", "测试丙", False), ("lesson", "测试甲", True)]
    first = found["items"][1]
    assert first | {
        "session_id": draft["sessions"][0]["id"], "school": "甲县第一小学", "starts_at": NOW,
        "ends_at": NOW + timedelta(minutes=40), "class_name": "一年级1班", "subject": "chinese",
        "other_session_id": None,
    } == first  # fmt: skip


async def test_a_draft_clashes_with_other_training(db: Connection, taught: City) -> None:
    """Of those for whom it will be; whoever only may come elsewhere, waits there or gave it back is free."""
    later = NOW + timedelta(hours=6)
    draft = await make_activity(
        db, taught.school, taught.school_admin, begins=later, state=ActivityState.DRAFT
    )
    await db._driver.execute("DELETE FROM activity_audience WHERE activity_id = $1", draft["id"])
    other = await make_activity(
        db, taught.county, taught.county_admin, begins=later + timedelta(minutes=30)
    )
    after = await make_activity(
        db, taught.county, taught.county_admin, begins=later + timedelta(hours=8)
    )

    async def asked() -> list[tuple[str, str, bool]]:
        return names(await list_clashes(db, taught.school_admin.actor, activity_id=draft["id"]))

    assert await asked() == []
    for activity, teacher in (
        (other, taught.teacher), (other, taught.sibling_teacher), (after, taught.colleague),
    ):  # fmt: skip
        await enrol(db, activity, teacher)
    found = await list_clashes(db, taught.school_admin.actor, activity_id=draft["id"])
    assert names(found) == [("session", "测试甲", False)]
    [told] = found["items"]
    assert told["other_session_id"] == other["sessions"][0]["id"]
    assert (told["activity_id"], told["school"]) == (draft["id"], "甲县第一小学")
    for changed in ("waiting_turn = 1", "waiting_turn = NULL, withdrawn_at = enrolled_at"):
        await db._driver.execute(f"UPDATE enrolment SET {changed}")  # noqa: S608  our own words
        assert await asked() == []


async def test_a_draft_for_a_network_is_for_its_schools(db: Connection, taught: City) -> None:
    network = await make_network(db, taught.county, taught.school, taught.sibling)
    draft = await make_activity(
        db, taught.county, taught.county_admin, network, state=ActivityState.DRAFT
    )
    found = await list_clashes(db, taught.county_admin.actor, activity_id=draft["id"])
    assert names(found) == [("lesson", "测试丙", False), ("lesson", "测试甲", False)]


async def test_of_strata_those_who_count_in_them_are_concerned(
    db: Connection, taught: City
) -> None:
    activity = await make_activity(db, taught.county, taught.county_admin, strata=["young_teacher"])
    found = await list_clashes(db, taught.county_admin.actor, activity_id=activity["id"])
    assert found["clashes"] == 0
    candidate = {"activity_id": activity["id"], "teacher_id": taught.teacher["id"]}
    await db.insert(ActivityCandidate, candidate)
    found = await list_clashes(db, taught.county_admin.actor, activity_id=activity["id"])
    assert names(found) == [("lesson", "测试甲", False)]


async def test_what_only_touches_is_no_clash(db: Connection, taught: City) -> None:
    after = await make_activity(
        db, taught.county, taught.county_admin, begins=NOW + timedelta(minutes=40)
    )
    found = await list_clashes(db, taught.county_admin.actor, activity_id=after["id"])
    assert found == {"clashes": 0, "teachers": 0, "items": []}


async def test_a_holiday_has_no_clashes(db: Connection, taught: City) -> None:
    activity = await make_activity(db, taught.county, taught.county_admin)
    await make_days(db, taught.school_admin, taught.school, {TODAY: None})
    found = await list_clashes(db, taught.county_admin.actor, activity_id=activity["id"])
    assert names(found) == [("lesson", "测试丙", False)]


async def test_each_school_goes_by_its_own_term(db: Connection, taught: City) -> None:
    await make_term(db, taught.sibling_admin, taught.sibling, ends_on="2026-11-19")
    activity = await make_activity(db, taught.county, taught.county_admin)
    found = await list_clashes(db, taught.county_admin.actor, activity_id=activity["id"])
    assert names(found) == [("lesson", "测试甲", False)]


async def test_a_group_is_whom_it_has_today(db: Connection, taught: City) -> None:
    group = await make_group(db, taught.school, taught.colleague)
    afternoon = NOW + timedelta(hours=4)
    activity = await make_activity(db, taught.school, taught.school_admin, group, begins=afternoon)
    found = await list_clashes(db, taught.school_admin.actor, activity_id=activity["id"])
    assert names(found) == [("lesson", "测试乙", False)]


async def test_a_session_over_several_days(db: Connection, taught: City) -> None:
    begins = NOW - timedelta(days=1)
    activity = await make_activity(db, taught.school, taught.school_admin, begins=begins)
    row = {
        "id": new_id(), "activity_id": activity["id"], "ordinal": 2, "starts_at": begins,
        "ends_at": NOW + timedelta(minutes=5), "hours": 8, "secret": bytes(32),
    }  # fmt: skip
    await db.insert(ActivitySession, row)
    found = await list_clashes(db, taught.school_admin.actor, activity_id=activity["id"])
    assert names(found) == [("lesson", "测试甲", False)]


async def test_who_sees_the_clashes_of_an_activity(db: Connection, taught: City) -> None:
    activity = await make_activity(db, taught.county, taught.county_admin)
    key = activity["id"]
    with pytest.raises(NotAllowed):
        await list_clashes(db, taught.school_admin.actor, activity_id=key)
    with pytest.raises(ActivityNotFound):
        await list_clashes(db, taught.other_county_admin.actor, activity_id=key)


async def test_a_school_over_its_term(db: Connection, taught: City) -> None:
    await make_activity(db, taught.county, taught.county_admin)
    await make_activity(db, taught.county, taught.county_admin, state=ActivityState.DRAFT)
    await make_activity(db, taught.county, taught.county_admin, begins=NOW - timedelta(days=7 * 52))
    own = await make_activity(db, taught.sibling, taught.sibling_admin)
    admin, school_id = taught.school_admin.actor, taught.school["id"]
    before = db.statements
    found = await list_school_clashes(db, admin, school_id=school_id, **YEAR)
    assert db.statements - before == 6, "the school, its calendar, and one for all that clashes"
    assert names(found) == [("lesson", "测试甲", False)]
    sibling = taught.sibling_admin.actor
    found = await list_school_clashes(db, sibling, school_id=taught.sibling["id"], **YEAR)
    assert {row["activity_id"] for row in found["items"]} > {own["id"]}
    with pytest.raises(TermNotFound):
        await list_school_clashes(db, admin, school_id=school_id, now=NOW, semester=Semester.SECOND)
    with pytest.raises(NotASchool):
        await list_school_clashes(
            db, taught.county_admin.actor, school_id=taught.county["id"], **YEAR
        )
    with pytest.raises(UnitNotFound):
        await list_school_clashes(db, sibling, school_id=school_id, **YEAR)


async def test_a_teacher_in_two_places(db: Connection, taught: City) -> None:
    for organiser, by in (
        (taught.county, taught.county_admin),
        (taught.school, taught.school_admin),
    ):
        await make_activity(db, organiser, by, begins=NOW + timedelta(minutes=20))
    own, key = taught.teacher_account.actor, taught.teacher["id"]
    before = db.statements
    found = await list_teacher_clashes(db, own, teacher_id=key, **WEEK)
    assert db.statements - before == 2, "the teacher, and all that clashes"
    kinds = sorted(row["kind"] for row in found["items"])
    assert (kinds, found["clashes"], found["teachers"]) == (["lesson", "lesson", "session"], 3, 1)
    other = next(row for row in found["items"] if row["kind"] == "session")
    assert other["other_session_id"] not in (None, other["session_id"])
    later: dict[str, Any] = {"now": NOW, "since": date(2026, 11, 23), "until": date(2026, 11, 29)}
    assert (await list_teacher_clashes(db, own, teacher_id=key, **later))["clashes"] == 0
    with pytest.raises(TeacherNotFound):
        await list_teacher_clashes(db, own, teacher_id=taught.far_teacher["id"], **WEEK)
    with pytest.raises(WindowTooLong):
        await list_teacher_clashes(db, own, teacher_id=key, now=NOW, until=date(2027, 3, 1))


async def test_when_a_school_is_free(db: Connection, taught: City) -> None:
    admin, school_id = taught.school_admin.actor, taught.school["id"]
    await make_timetable(
        db, taught.school_admin, taught.school, "测试甲,3,1,,1班,语文,", "测试甲,4,1,,1班,语文,",
        "测试乙,4,2,,2班,语文,", "测试甲,4,5,,1班,语文,",
    )  # fmt: skip
    await make_half_day(db, taught.county_admin, taught.county)
    await make_half_day(db, taught.county_admin, taught.county, subject="music", weekday=4)
    before = db.statements
    found = await list_free_times(db, admin, school_id=school_id, now=NOW)
    assert db.statements - before == 2, "the school, and its week"
    assert found == [
        {"day": date(2026, 11, 18), "half": "afternoon", "people": 2, "free": 2,
         "research_half_day": True},
    ]  # fmt: skip
    with pytest.raises(NotASchool):
        await list_free_times(db, taught.county_admin.actor, school_id=taught.county["id"], now=NOW)
    with pytest.raises(NotAllowed):
        await list_free_times(db, taught.teacher_account.actor, school_id=school_id, now=NOW)


async def test_when_a_group_of_several_schools_is_free(db: Connection, taught: City) -> None:
    people = (taught.teacher, taught.colleague, taught.sibling_teacher)
    group = await make_group(db, taught.county, *people)
    own, monday = taught.county_admin.actor, date(2026, 11, 16)
    found = await list_group_free_times(db, own, group_id=group["id"], now=NOW)
    assert [(row["day"], row["half"], row["free"]) for row in found] == [
        (monday, "afternoon", 3), (monday, "morning", 2), (TODAY, "afternoon", 2),
    ]  # fmt: skip
    with pytest.raises(GroupNotFound):
        await list_group_free_times(
            db, taught.other_county_admin.actor, group_id=group["id"], now=NOW
        )
