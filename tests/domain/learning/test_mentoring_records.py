"""Mentoring records: written by either side, confirmed by the other, within the term."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.mentoring_records import (
    MentoringDayFull,
    MentoringDayUnfit,
    MentoringRecordConfirmed,
    MentoringRecordNotFound,
    MentoringRecordOfOwnSide,
    MentoringSheetUnfit,
    NewMentoringRecord,
    confirm_mentoring_record,
    get_mentoring_record,
    list_mentoring_records,
    write_mentoring_record,
)
from app.domain.learning.mentorships import (
    MentorNotFound,
    MentorshipNotActive,
    MentorshipNotFound,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.make_evidence import make_sheet
from tests.make_mentorships import (
    CONCLUDED,
    make_expert_mentor,
    make_mentoring_record,
    make_mentorship,
)
from tests.make_trainers import make_trainer

ALL = PageRequest(limit=100)
GIVEN: dict[str, Any] = {
    "kind": "observation", "held_on": TODAY, "hours": "1.5", "content": "听《草原》第一课时，建议多留白",
}  # fmt: skip


async def write(db: Connection, who: Person, mentorship: Row, **more: Any) -> Row:
    new = NewMentoringRecord.model_validate(GIVEN | more)
    return await write_mentoring_record(
        db, who.actor, mentorship_id=mentorship["id"], new=new, now=NOW
    )


async def confirm(db: Connection, who: Person, record: Row) -> Row:
    return await confirm_mentoring_record(db, who.actor, record_id=record["id"], now=NOW)


@pytest.fixture
async def held(db: Connection, city: City) -> Row:
    """The teacher mentors the colleague, together with an expert."""
    row = await make_mentorship(db, city.school, city.school_admin, city.colleague, city.teacher)
    expert = await make_trainer(db, city.school, city.school_admin)
    return row | {"expert": await make_expert_mentor(db, row, expert)}


async def test_either_side_writes_and_the_other_confirms(
    db: Connection, city: City, held: Row
) -> None:
    mentor_id = held["mentors"][0]["id"]
    by_mentor = await write(db, city.teacher_account, held)
    by_apprentice = await write(db, city.colleague_account, held, mentor_id=mentor_id)
    of_expert = await write(db, city.colleague_account, held, mentor_id=held["expert"]["id"])
    assert [row["by_mentor"] for row in (by_mentor, by_apprentice, of_expert)] == [
        True, False, False,
    ]  # fmt: skip
    assert (by_mentor["mentor_id"], by_mentor["confirmed_at"]) == (mentor_id, None)
    for person, record in (
        (city.teacher_account, by_mentor),
        (city.colleague_account, by_apprentice),
    ):
        with pytest.raises(MentoringRecordOfOwnSide):
            await confirm(db, person, record)
    assert (await confirm(db, city.colleague_account, by_mentor))["confirmed_at"] == NOW
    for record in (by_apprentice, of_expert):
        assert (await confirm(db, city.teacher_account, record))["confirmed_at"] == NOW
    with pytest.raises(MentoringRecordConfirmed):
        await confirm(db, city.teacher_account, of_expert)
    before = db.statements
    page = await list_mentoring_records(
        db, city.school_admin.actor, page=ALL, mentorship_id=held["id"], confirmed=True
    )
    assert (len(page.items), db.statements - before) == (3, 1)


async def test_a_sheet_is_between_the_two(db: Connection, city: City, held: Row) -> None:
    sheet = await make_sheet(db, city.colleague, city.teacher_account, city.teacher)
    record = await write(db, city.teacher_account, held, sheet_id=sheet["id"])
    assert record["sheet_id"] == sheet["id"]
    of_others = await make_sheet(db, city.sibling_teacher, city.teacher_account, city.teacher)
    with pytest.raises(MentoringSheetUnfit):
        await write(db, city.teacher_account, held, sheet_id=of_others["id"])


@pytest.mark.parametrize("day", [date(2026, 8, 31), TODAY + timedelta(days=1)])
async def test_what_is_recorded_has_happened_in_the_term(
    db: Connection, city: City, held: Row, day: date
) -> None:
    with pytest.raises(MentoringDayUnfit):
        await write(db, city.teacher_account, held, held_on=day)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("school_admin", NotAllowed),
        ("sibling_teacher_account", MentorshipNotFound),
        ("colleague_account", MentorNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, held: Row, who: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await write(db, getattr(city, who), held)
    with pytest.raises(MentorNotFound):
        await write(db, city.teacher_account, held, mentor_id=held["expert"]["id"])
    assert (await list_mentoring_records(db, city.city_admin.actor, page=ALL)).items == []


async def test_after_the_end_nothing_is_recorded_or_confirmed(db: Connection, city: City) -> None:
    over = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    day = date(2026, 11, 1)
    record = await make_mentoring_record(db, over, city.teacher_account, held_on=day)
    with pytest.raises(MentorshipNotActive):
        await write(db, city.teacher_account, over, held_on=day)
    with pytest.raises(MentorshipNotActive):
        await confirm(db, city.colleague_account, record)
    seen = await get_mentoring_record(db, city.colleague_account.actor, record_id=record["id"])
    assert seen["confirmed_at"] is None
    with pytest.raises(MentoringRecordNotFound):
        await get_mentoring_record(db, city.sibling_admin.actor, record_id=record["id"])


@pytest.mark.parametrize("more", [{"hours": "0"}, {"hours": "24.5"}, {"content": "听课"}])
def test_a_record_says_something(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewMentoringRecord.model_validate(GIVEN | more)


async def test_a_mentor_has_no_more_hours_in_a_day_than_it_has(
    db: Connection, city: City, held: Row
) -> None:
    other = await make_mentorship(
        db, city.sibling, city.sibling_admin, city.sibling_teacher, city.teacher
    )
    await write(db, city.teacher_account, held, hours="20")
    with pytest.raises(MentoringDayFull) as refused:
        await write(db, city.teacher_account, other, hours="4.5")
    assert refused.value.details == {"hours": "20.00"}
    await write(db, city.teacher_account, other, hours="4")
    yesterday = TODAY - timedelta(days=1)
    await write(db, city.teacher_account, other, hours="4.5", held_on=yesterday)
