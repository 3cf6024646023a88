from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.credits.certificates import CertificateNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.challenges import (
    ChallengeAnswer,
    ChallengeAnswered,
    ChallengeDueBefore,
    ChallengeKnown,
    ChallengeNotFound,
    ChallengeOfOneself,
    ChallengeState,
    NewChallenge,
    answer_challenge,
    close_challenge,
    get_challenge,
    list_challenges,
    raise_challenge,
)
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Row, new_id
from tests.domain.exchange.entered import enter, entry
from tests.make import NOW, City, Person
from tests.make_certificates import enter_batch
from tests.make_province import make_challenge, make_province

UPHELD = ChallengeAnswer.model_validate({"outcome": "upheld", "answer": "经核实，学时无误"})
PUT_RIGHT = ChallengeAnswer.model_validate({"outcome": "put_right", "answer": "已冲销重复记录"})


@pytest.fixture
async def province(db: Connection, city: City) -> Person:
    return await make_province(db, city)


async def doubt(db: Connection, by: Person, subject: str, subject_id: object, **more: Any) -> Row:
    content = {
        "subject": subject, "subject_id": subject_id, "reference": "Z-1",
        "question": "同一时段有两项培训", "due_on": date(2026, 12, 1), **more,
    }  # fmt: skip
    new = NewChallenge.model_validate(content)
    return await raise_challenge(db, by.actor, new=new, now=NOW)


async def test_each_kind_of_record_can_be_doubted_and_lies_with_its_teacher(
    db: Connection, city: City, province: Person
) -> None:
    [credited] = await enter(db, entry(city.teacher))
    certified = await enter_batch(db, city.school, city.school_admin, city.teacher)
    subjects = {
        "teacher": city.teacher["id"],
        "credit_entry": credited["id"],
        "certificate": certified["certificate_id"],
    }
    for number, (subject, subject_id) in enumerate(subjects.items()):
        row = await doubt(db, province, subject, subject_id, reference=f"Z-{number}")
        assert (row["teacher_id"], row["county_id"]) == (city.teacher["id"], city.county["id"])
        assert row["state"] == ChallengeState.RAISED
    page = await list_challenges(db, city.county_admin.actor, page=PageRequest())
    assert len(page.items) == 3
    none = await list_challenges(db, city.other_county_admin.actor, page=PageRequest())
    assert none.items == []


async def test_the_bureau_in_charge_answers_and_the_province_closes(
    db: Connection, city: City, province: Person
) -> None:
    row = await doubt(db, province, "teacher", city.teacher["id"])
    about = {"challenge_id": row["id"], "now": NOW}
    waiting = await list_tasks(db, city.county_admin.actor, page=PageRequest(), now=NOW)
    assert [(each["kind"], each["due_on"]) for each in waiting.items] == [
        (TaskKind.CHALLENGE_TO_ANSWER, date(2026, 12, 1))
    ]
    answered = await answer_challenge(db, city.county_admin.actor, answer=PUT_RIGHT, **about)
    assert (answered["state"], answered["outcome"]) == ("put_right", "put_right")
    waiting = await list_tasks(db, city.county_admin.actor, page=PageRequest(), now=NOW)
    assert waiting.items == []
    with pytest.raises(ChallengeAnswered):
        await answer_challenge(db, city.city_admin.actor, answer=UPHELD, **about)
    closed = await close_challenge(db, province.actor, **about)
    assert (closed["state"], closed["answer"]) == ("closed", "已冲销重复记录")
    with pytest.raises(ChallengeAnswered):
        await close_challenge(db, province.actor, **about)


async def test_a_challenge_that_is_closed_waits_for_no_answer(
    db: Connection, city: City, province: Person
) -> None:
    row = await doubt(db, province, "teacher", city.teacher["id"])
    about = {"challenge_id": row["id"], "now": NOW}
    await close_challenge(db, province.actor, **about)
    with pytest.raises(ChallengeAnswered):
        await answer_challenge(db, city.county_admin.actor, answer=UPHELD, **about)


@pytest.mark.parametrize(
    ("who", "subject", "more", "refusal"),
    [
        ("city_admin", "teacher", {}, NotAllowed),
        ("integration", "teacher", {}, NotAllowed),
        ("province", "certificate", {}, CertificateNotFound),
        ("province", "teacher", {"due_on": date(2026, 11, 20)}, ChallengeDueBefore),
        ("province", "teacher", {"subject_id": None}, TeacherNotFound),
        ("province", "teacher", {"reference": "known"}, ChallengeKnown),
    ],
)
async def test_who_may_not_and_what_cannot_be(
    db: Connection, city: City, province: Person, who: str, subject: str,
    more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    await make_challenge(db, city, reference="known")
    by = province if who == "province" else getattr(city, who)
    subject_id = new_id() if "subject_id" in more else city.teacher["id"]
    more = {name: value for name, value in more.items() if name != "subject_id"}
    with pytest.raises(refusal):
        async with db.transaction():
            await doubt(db, by, subject, subject_id, **more)
    assert await db._driver.fetchval("SELECT count(*) FROM challenge") == 1


async def test_nobody_answers_for_the_own_record_nor_a_school_at_all(
    db: Connection, city: City
) -> None:
    row = await make_challenge(db, city)
    about = {"challenge_id": row["id"], "answer": UPHELD, "now": NOW}
    herself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ChallengeOfOneself):
        await answer_challenge(db, herself, **about)
    with pytest.raises(NotAllowed):
        await answer_challenge(db, city.school_admin.actor, **about)
    with pytest.raises(ChallengeNotFound):
        await answer_challenge(db, city.other_county_admin.actor, **about)
    shown = await get_challenge(db, city.county_admin.actor, challenge_id=row["id"])
    assert shown["state"] == "raised"
