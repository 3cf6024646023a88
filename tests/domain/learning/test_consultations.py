"""Consultations: asked of an adviser one knows, between the two by default, answered, closed, rated."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.learning.consultations import (
    AdviserUnfit,
    ConsultationClosed,
    ConsultationClosing,
    ConsultationNotFound,
    ConsultationOfAnother,
    ConsultationText,
    ConsultationUnanswered,
    ConsultationYearUnfit,
    NewConsultation,
    NothingAsked,
    answer_consultation,
    ask_further,
    close_consultation,
    get_consultation,
    get_consultation_totals,
    list_consultation_messages,
    list_consultations,
    list_own_consultations,
)
from app.domain.learning.discussion_posts import AT_ONCE, TooManyPosts
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.groups import GroupMember
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_account, make_group
from tests.make_discussions import ask
from tests.make_mentorships import CONCLUDED, make_mentorship
from tests.make_people import enter_person
from tests.make_programmes import merge_twins
from tests.make_trainers import make_invited, make_trainer

ALL = PageRequest(limit=100)
TEXT = ConsultationText(text="先复述学生的话，再问他怎样想到的")


@pytest.fixture
async def trainer(db: Connection, city: City) -> Row:
    """The teacher of the sibling school in the county's library."""
    return await make_trainer(db, city.county, city.county_admin, city.sibling_teacher)


@pytest.fixture
async def asked(db: Connection, city: City, trainer: Row) -> Row:
    """What the teacher asks that trainer."""
    return await ask(db, city.teacher_account, trainer_id=trainer["id"])


async def answer(db: Connection, who: Person, row: Row, **at: Any) -> Row:
    given = {"consultation_id": row["id"], "new": TEXT, "now": NOW} | at
    return await answer_consultation(db, who.actor, **given)


async def further(db: Connection, who: Person, row: Row, **at: Any) -> Row:
    given = {"consultation_id": row["id"], "new": TEXT, "now": NOW} | at
    return await ask_further(db, who.actor, **given)


async def close(db: Connection, who: Person, row: Row, **said: Any) -> Row:
    return await close_consultation(
        db, who.actor, consultation_id=row["id"], closing=ConsultationClosing(**said), now=NOW
    )


async def listed(db: Connection, who: Person, **asked: Any) -> list[Any]:
    return [row["id"] for row in (await list_consultations(db, who.actor, page=ALL, **asked)).items]


async def test_a_question_is_answered_asked_further_and_closed(
    db: Connection, city: City, asked: Row
) -> None:
    assert (asked["state"], asked["adviser_name"]) == ("asked", city.sibling_teacher["name"])
    assert asked["due_on"] == TODAY + timedelta(days=7)
    before = db.statements
    answered = await answer(db, city.sibling_teacher_account, asked)
    assert db.statements - before == 6
    assert (answered["state"], answered["answered_at"]) == ("answered", NOW)
    with pytest.raises(NothingAsked):
        await answer(db, city.sibling_teacher_account, asked)
    later = NOW + timedelta(days=3)
    again = await further(db, city.teacher_account, asked, now=later)
    assert (again["state"], again["due_on"]) == ("asked", TODAY + timedelta(days=10))
    assert await further(db, city.teacher_account, asked, now=later + timedelta(days=1)) == again
    await answer(db, city.sibling_teacher_account, asked, now=later)
    closed = await close(db, city.teacher_account, asked, rating=5, remark="很有帮助")
    assert (closed["state"], closed["rating"], closed["answered_at"]) == ("closed", 5, NOW)
    for act in (
        answer(db, city.sibling_teacher_account, asked), further(db, city.teacher_account, asked),
        close(db, city.teacher_account, asked),
    ):  # fmt: skip
        with pytest.raises(ConsultationClosed):
            await act
    messages = await list_consultation_messages(
        db, city.teacher_account.actor, consultation_id=asked["id"], page=ALL
    )
    assert [(row["number"], row["by_adviser"]) for row in messages.items] == [
        (1, False), (2, True), (3, False), (4, False), (5, True),
    ]  # fmt: skip


async def test_it_is_between_the_two(db: Connection, city: City, asked: Row) -> None:
    for person in (city.teacher_account, city.sibling_teacher_account):
        assert await listed(db, person) == [asked["id"]]
        (own,) = (await list_own_consultations(db, person.actor, page=ALL)).items
        assert own == asked
        await get_consultation(db, person.actor, consultation_id=asked["id"])
    for person in (
        city.school_admin, city.county_admin, city.city_admin, city.colleague_account,
        city.sibling_admin, city.auditor, city.integration,
    ):  # fmt: skip
        with pytest.raises(ConsultationNotFound):
            await get_consultation(db, person.actor, consultation_id=asked["id"])
        with pytest.raises(ConsultationNotFound):
            await list_consultation_messages(
                db, person.actor, consultation_id=asked["id"], page=ALL
            )
    assert await listed(db, city.school_admin) == []
    assert await listed(db, city.colleague_account, offered=True) == []
    with pytest.raises(NotAllowed, match="record:own"):
        await list_own_consultations(db, city.school_admin.actor, page=ALL)


async def test_what_is_shared_is_read_in_the_askers_school_without_the_rating(
    db: Connection, city: City, trainer: Row
) -> None:
    shared = await ask(db, city.teacher_account, trainer_id=trainer["id"], is_private=False)
    await answer(db, city.sibling_teacher_account, shared)
    await close(db, city.teacher_account, shared, rating=2)
    assert await listed(db, city.colleague_account, offered=True) == [shared["id"]]
    assert await listed(db, city.school_admin) == [shared["id"]]
    assert await listed(db, city.sibling_admin) == []
    seen = await get_consultation(db, city.colleague_account.actor, consultation_id=shared["id"])
    assert "rating" not in seen
    messages = await list_consultation_messages(
        db, city.colleague_account.actor, consultation_id=shared["id"], page=ALL
    )
    assert len(messages.items) == 2
    for person in (city.auditor, city.integration):
        with pytest.raises(NotAllowed, match="consultation:read"):
            await get_consultation(db, person.actor, consultation_id=shared["id"])
    with pytest.raises(ConsultationOfAnother):
        await close(db, city.colleague_account, shared)


async def test_one_asks_whom_one_knows_and_not_oneself(db: Connection, city: City) -> None:
    invited = await make_invited(db, city.county, city.county_admin, city.sibling_teacher)
    expert = await make_trainer(db, city.county, city.county_admin)
    far = await make_trainer(db, city.other_county, city.other_county_admin, city.far_teacher)
    oneself = await make_trainer(db, city.school, city.school_admin, city.teacher)
    theirs = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.sibling_teacher
    )
    over = await make_mentorship(
        db, city.school, city.school_admin, city.teacher, city.sibling_teacher, **CONCLUDED
    )
    headless = await make_group(db, city.school, city.teacher)
    foreign = await make_group(db, city.sibling, city.sibling_teacher)
    for given in (
        *({"trainer_id": each["id"]} for each in (invited, expert, far, oneself)),
        *({"mentor_id": each["mentors"][0]["id"]} for each in (theirs, over)),
        *({"group_id": each["id"]} for each in (headless, foreign)),
        {"trainer_id": new_id()},
    ):
        with pytest.raises(AdviserUnfit):
            await ask(db, city.teacher_account, **given)
    assert await listed(db, city.teacher_account) == []
    mine = await make_mentorship(
        db, city.school, city.school_admin, city.teacher, city.sibling_teacher
    )
    group = await make_group(db, city.school, city.teacher, name="数学教研组")
    head = {
        "id": new_id(), "group_id": group["id"], "teacher_id": city.colleague["id"],
        "duty": "head", "valid_from": date(2020, 9, 1), "recorded_at": NOW,
    }  # fmt: skip
    await db.insert(GroupMember, head)
    by_mentor = await ask(db, city.teacher_account, mentor_id=mine["mentors"][0]["id"])
    by_head = await ask(db, city.teacher_account, group_id=group["id"])
    assert [each["adviser_id"] for each in (by_mentor, by_head)] == [
        city.sibling_teacher["id"], city.colleague["id"],
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match="record:own"):
        await ask(db, city.school_admin, group_id=group["id"])


async def test_a_role_does_not_make_a_group_ones_own(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.sibling_teacher)
    head = {
        "id": new_id(), "group_id": group["id"], "teacher_id": city.colleague["id"],
        "duty": "head", "valid_from": date(2020, 9, 1), "recorded_at": NOW,
    }  # fmt: skip
    await db.insert(GroupMember, head)
    actor = city.teacher_account.actor
    both = replace(actor, grants=(*actor.grants, *city.school_admin.actor.grants))
    with pytest.raises(AdviserUnfit):
        await ask(db, Person(both, "both", {}), group_id=group["id"])


async def test_each_does_their_own_part(db: Connection, city: City, asked: Row) -> None:
    with pytest.raises(ConsultationOfAnother):
        await answer(db, city.teacher_account, asked)
    for act in (further(db, city.sibling_teacher_account, asked),
                close(db, city.sibling_teacher_account, asked, rating=5)):  # fmt: skip
        with pytest.raises(ConsultationOfAnother):
            await act
    with pytest.raises(ConsultationUnanswered):
        await close(db, city.teacher_account, asked, rating=1)
    assert (await close(db, city.teacher_account, asked))["rating"] is None


@pytest.mark.parametrize(("days", "escalated"), [(14, 0), (15, 1)])
async def test_what_is_overdue_is_seen_by_the_advisers_school(
    db: Connection, city: City, trainer: Row, days: int, escalated: int
) -> None:
    asked = await ask(db, city.teacher_account, trainer_id=trainer["id"])

    async def tasks(who: Person) -> list[tuple[Any, str, bool]]:
        page = await list_tasks(
            db, who.actor, page=ALL, now=NOW + timedelta(days=days),
            kind=TaskKind.CONSULTATION_TO_ANSWER,
        )  # fmt: skip
        return [(row["subject_id"], row["title"], row["overdue"]) for row in page.items]

    expected = [(asked["id"], city.sibling_teacher["name"], True)]
    assert await tasks(city.sibling_teacher_account) == expected
    assert await tasks(city.sibling_admin) == expected * escalated
    for person in (city.teacher_account, city.school_admin, city.auditor):
        assert await tasks(person) == []
    await answer(db, city.sibling_teacher_account, asked)
    assert await tasks(city.sibling_teacher_account) == []


async def test_an_adviser_is_told_in_numbers(db: Connection, city: City, trainer: Row) -> None:
    adviser, key = city.sibling_teacher_account, city.sibling_teacher["id"]

    async def totals(who: Person, **more: Any) -> Row:
        before = db.statements
        found = await get_consultation_totals(db, who.actor, teacher_id=key, now=NOW, **more)
        assert db.statements - before == 2
        return found

    for rating in (5, 4):
        row = await ask(db, city.teacher_account, trainer_id=trainer["id"])
        await answer(db, adviser, row)
        await close(db, city.teacher_account, row, rating=rating)
    assert (await totals(adviser))["mean_rating"] is None
    row = await ask(db, city.colleague_account, trainer_id=trainer["id"])
    await answer(db, adviser, row)
    await close(db, city.colleague_account, row, rating=4)
    await ask(db, city.colleague_account, trainer_id=trainer["id"])
    assert await totals(city.sibling_admin) == {
        "teacher_id": key, "year": 2026, "asked": 4, "answered": 3, "closed": 3, "overdue": 0,
        "mean_rating": Decimal("4.33"),
    }  # fmt: skip
    assert (await totals(adviser, year=2025))["asked"] == 0
    for year in (0, 1999, 3000, 2**31 - 1):
        with pytest.raises(ConsultationYearUnfit):
            await totals(adviser, year=year)
    for person in (city.school_admin, city.teacher_account):
        with pytest.raises(TeacherNotFound):
            await get_consultation_totals(db, person.actor, teacher_id=key, now=NOW)
    with pytest.raises(NotAllowed, match="consultation:read"):
        await get_consultation_totals(db, city.auditor.actor, teacher_id=key, now=NOW)


async def test_who_asks_without_end_is_told_to_wait(
    db: Connection, city: City, trainer: Row
) -> None:
    for _ in range(AT_ONCE):
        await ask(db, city.teacher_account, trainer_id=trainer["id"])
    with pytest.raises(TooManyPosts):
        await ask(db, city.teacher_account, trainer_id=trainer["id"])


async def test_it_follows_when_two_records_become_one(
    db: Connection, city: City, trainer: Row, resources: Resources
) -> None:
    other = await enter_person(db, city, resources, "school")
    account = await make_account(db, "other", Role.TEACHER, other)
    asked = await ask(db, account, trainer_id=trainer["id"])
    await merge_twins(db, resources, city.city_admin, city.teacher, other)
    assert await listed(db, city.teacher_account) == [asked["id"]]


@pytest.mark.parametrize(
    "given",
    [{}, {"trainer_id": 1, "group_id": 1}, {"trainer_id": 1, "text": "？"},
     {"trainer_id": 1, "title": "长" * 201}],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(given: dict[str, Any]) -> None:
    keys = {name: new_id() if value == 1 else value for name, value in given.items()}
    with pytest.raises(ValidationError):
        NewConsultation.model_validate({"title": "题目", "text": "内容"} | keys)
    with pytest.raises(ValidationError):
        ConsultationClosing(remark="没有评分")
