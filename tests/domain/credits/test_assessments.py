from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission, Role
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import (
    AssessmentDaysDisagree,
    AssessmentOfOneself,
    AssessmentOverlaps,
    AssessmentTooEarly,
    NewAssessment,
    list_assessment_figures,
    list_assessments,
    list_school_reached,
    list_teacher_reached,
    record_assessment,
)
from app.domain.errors import NotAllowed
from app.domain.organisation.units import NotASchool
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityKind, ActivityState
from app.domain.training.attendance import AttendanceRole, AttendanceStatus
from app.domain.training.notes import NoteKind
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised
from tests.domain.credits.test_assessment_requirements import ask
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_note,
    make_teacher,
)

PAGE = PageRequest(limit=100)
YEAR: dict[str, Any] = {
    "term": AssessmentTerm.YEAR, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31),
}  # fmt: skip
SEMESTER: dict[str, Any] = {
    "term": AssessmentTerm.SEMESTER, "starts_on": date(2026, 2, 1), "ends_on": date(2026, 11, 20),
}  # fmt: skip


async def judge(db: Connection, by: Person, teacher: Row, **given: Any) -> Row:
    new = NewAssessment.model_validate(SEMESTER | {"judgement": "qualified"} | given)
    return await record_assessment(db, by.actor, teacher_id=teacher["id"], new=new, now=NOW)


async def make_busy_year(db: Connection, city: City) -> None:
    """What the teacher of the school did: two sessions, one as the speaker, a note; a colleague nothing."""
    activity = await make_activity(
        db, city.school, city.school_admin, sessions=2, kind=ActivityKind.LESSON_OBSERVATION
    )
    first, second = activity["sessions"]
    await make_attendance(db, first, city.school_admin, city.teacher, role=AttendanceRole.SPEAKER)
    await make_attendance(db, second, city.school_admin, city.teacher, status=AttendanceStatus.LATE)
    await make_attendance(
        db, first, city.school_admin, city.colleague, status=AttendanceStatus.ABSENT
    )
    await make_note(db, activity, city.teacher)
    await make_note(db, activity, city.teacher, NoteKind.REFLECTION)


async def test_what_was_reached_is_counted_in_one_statement(db: Connection, city: City) -> None:
    await make_busy_year(db, city)
    measures = ("hours", "activities", "observations", "notes", "reflections", "talks", "credits")
    for measure in measures:
        await ask(db, city.school_admin, city.school, measure=measure, amount="2")
    before = db.statements
    found = await list_school_reached(
        db, city.county_admin.actor, unit_id=city.school["id"], now=NOW, **YEAR
    )
    assert db.statements - before == 2, "the school, and one for all teachers and measures"
    told = {(row["teacher_id"], row["measure"]): (row["reached"], row["met"]) for row in found}
    hers = {measure: told[city.teacher["id"], measure] for measure in measures}
    assert hers == {
        "hours": (Decimal(4), True), "activities": (1, False), "observations": (1, False),
        "notes": (1, False), "reflections": (1, False), "talks": (1, False),
        "credits": (0, False),
    }  # fmt: skip
    assert {told[city.colleague["id"], measure][0] for measure in measures} == {0}
    own = await list_teacher_reached(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW, **YEAR
    )
    assert own == [row for row in found if row["teacher_id"] == city.teacher["id"]]
    for actor in (city.teacher_account.actor, city.colleague_account.actor):
        with pytest.raises(NotAllowed):
            await list_school_reached(db, actor, unit_id=city.school["id"], now=NOW, **YEAR)


async def test_credits_are_those_of_the_ledger(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="2.00")
    await ask(db, city.school_admin, city.school, measure="credits", amount="0.10")
    whole = YEAR | {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    found = await list_school_reached(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, **whole
    )
    told = {row["teacher_id"]: row["reached"] > 0 for row in found}
    assert told == {city.teacher["id"]: True, city.colleague["id"]: False}


async def test_a_requirement_is_asked_of_its_stratum_alone(
    db: Connection, city: City, resources: Resources
) -> None:
    young = await make_teacher(db, resources.cipher, city.school, "测试青年", born=date(1999, 1, 1))
    await ask(db, city.school_admin, city.school, stratum="young_teacher")
    found = await list_school_reached(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, **YEAR
    )
    assert [row["teacher_id"] for row in found] == [young["id"]]


async def test_a_result_goes_into_the_file_with_what_was_counted(
    db: Connection, city: City
) -> None:
    await make_busy_year(db, city)
    for measure, amount in (("hours", "4"), ("notes", "5")):
        await ask(
            db, city.school_admin, city.school, measure=measure, amount=amount, term="semester"
        )
    first = await judge(db, city.school_admin, city.teacher)
    assert (first["asked"], first["met"], first["judgement"]) == (2, 1, "qualified")
    figures = await list_assessment_figures(
        db, city.teacher_account.actor, assessment_id=first["id"]
    )
    assert [(row["measure"], row["reached"], row["met"]) for row in figures] == [
        ("hours", "4.00", True), ("notes", "1", False),
    ]  # fmt: skip
    second = await judge(db, city.school_admin, city.teacher, judgement="excellent")
    await judge(db, city.school_admin, city.teacher, term="year", starts_on=date(2025, 11, 21))
    for person in (city.teacher_account, city.county_admin):
        page = await list_assessments(db, person.actor, page=PAGE, term=SEMESTER["term"])
        assert page.items == [second]
    page = await list_assessments(db, city.colleague_account.actor, page=PAGE)
    assert page.items == []


async def test_results_of_one_kind_of_term_share_no_day(db: Connection, city: City) -> None:
    first = await judge(db, city.school_admin, city.teacher)
    with pytest.raises(AssessmentOverlaps):
        await judge(db, city.school_admin, city.teacher, starts_on=date(2026, 2, 2))
    page = await list_assessments(db, city.school_admin.actor, page=PAGE)
    assert page.items == [first]


async def test_what_was_cancelled_is_not_counted(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.CANCELLED
    )
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    await ask(db, city.school_admin, city.school, measure="hours", amount="1")
    found = await list_school_reached(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, **YEAR
    )
    assert {row["reached"] for row in found} == {0}


async def test_refusals(db: Connection, city: City) -> None:
    with pytest.raises(AssessmentTooEarly):
        await judge(db, city.school_admin, city.teacher, ends_on=date(2026, 11, 21))
    with pytest.raises(AssessmentDaysDisagree):
        await judge(db, city.school_admin, city.teacher, starts_on=date(2025, 11, 1))
    with pytest.raises(NotAllowed):
        await judge(db, city.teacher_account, city.teacher)
    head = await make_account(db, "head", Role.SCHOOL_ADMIN, city.school)
    head.actor = replace(head.actor, teacher_id=city.teacher["id"])
    with pytest.raises(AssessmentOfOneself):
        await judge(db, head, city.teacher)
    person, admin = city.teacher_account.actor, city.school_admin.actor
    scopes = frozenset(Permission)
    acting = Actor(person.account_id, admin.grants, scopes=scopes, on_behalf_of=admin.account_id)
    with pytest.raises(AssessmentOfOneself):
        await judge(db, Person(acting, "delegate"), city.teacher)
    with pytest.raises(NotASchool):
        await list_school_reached(
            db, city.county_admin.actor, unit_id=city.county["id"], now=NOW, **YEAR
        )
    page = await list_assessments(db, city.school_admin.actor, page=PAGE)
    assert page.items == []
