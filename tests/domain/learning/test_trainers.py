"""Trainers: invited, asked in person, kept by stage and subject, let go with a reason."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.trainers import (
    NewTrainer,
    TrainerAnswer,
    TrainerAnswered,
    TrainerAnswersInPerson,
    TrainerChanges,
    TrainerExitUnfit,
    TrainerGone,
    TrainerListed,
    TrainerNotFound,
    TrainerRemoval,
    answer_trainer_invitation,
    get_trainer,
    invite_trainer,
    list_known_trainers,
    list_trainers,
    record_trainer_answer,
    remove_trainer,
    update_trainer,
)
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_trainers import EXPERT, make_invited, make_trainer

ALL = PageRequest(limit=100)
YES = TrainerAnswer(accepts=True, answer="乐意承担")
TERM_ENDED = TrainerRemoval.model_validate({"kind": "term_ended", "reason": "聘期三年届满"})
WITHDRAWN = TrainerRemoval.model_validate({"kind": "invitation_withdrawn"})


def new(unit: Row, teacher: Row | None = None, **more: Any) -> NewTrainer:
    person = {"teacher_id": teacher["id"]} if teacher else EXPERT
    given = {
        "unit_id": unit["id"], "engagement": "part_time", "stages": ["primary"],
        "subjects": ["chinese", "history"], "qualification": "市级学科带头人（2025年）",
    }  # fmt: skip
    return NewTrainer.model_validate(given | person | more)


async def invite(
    db: Connection, who: Person, unit: Row, teacher: Row | None = None, **more: Any
) -> Row:
    return await invite_trainer(db, who.actor, new=new(unit, teacher, **more), now=NOW)


async def test_a_teacher_is_invited_and_accepts_in_person(db: Connection, city: City) -> None:
    invited = await invite(db, city.county_admin, city.county, city.teacher)
    assert (invited["name"], invited["works_at"]) == ("测试甲", "甲县第一小学")
    assert (invited["state"], invited["is_external"]) == ("invited", False)
    with pytest.raises(TrainerAnswersInPerson):
        await record_trainer_answer(
            db, city.county_admin.actor, trainer_id=invited["id"], reply=YES, now=NOW
        )
    with pytest.raises(NotAllowed):
        await answer_trainer_invitation(
            db, city.county_admin.actor, trainer_id=invited["id"], reply=YES, now=NOW
        )
    assert (await list_known_trainers(db, city.sibling_admin.actor, page=ALL)).items == []
    kept = await answer_trainer_invitation(
        db, city.teacher_account.actor, trainer_id=invited["id"], reply=YES, now=NOW
    )
    assert (kept["state"], kept["entered_on"], kept["answer"]) == ("accepted", TODAY, "乐意承担")
    with pytest.raises(TrainerAnswered):
        await answer_trainer_invitation(
            db, city.teacher_account.actor, trainer_id=invited["id"], reply=YES, now=NOW
        )
    # The schools below the library know of it, not what was answered; what lies in another county does not.
    known = kept | {"answer": None}
    assert (await list_known_trainers(db, city.sibling_admin.actor, page=ALL)).items == [known]
    for below in (city.sibling_admin, city.sibling_teacher_account):
        assert await get_trainer(db, below.actor, trainer_id=kept["id"]) == known
    assert (await list_known_trainers(db, city.other_county_admin.actor, page=ALL)).items == []


async def test_an_outside_expert_answers_through_those_who_asked(
    db: Connection, city: City
) -> None:
    invited = await invite(db, city.city_admin, city.city)
    assert (invited["name"], invited["works_at"]) == ("李教授", "测试师范大学")
    no = TrainerAnswer(accepts=False, answer="本学期无暇")
    declined = await record_trainer_answer(
        db, city.city_admin.actor, trainer_id=invited["id"], reply=no, now=NOW
    )
    assert (declined["state"], declined["entered_on"]) == ("declined", None)
    with pytest.raises(TrainerGone):
        await remove_trainer(
            db, city.city_admin.actor, trainer_id=invited["id"], removal=TERM_ENDED, now=NOW
        )
    again = await invite(db, city.city_admin, city.city)
    assert again["id"] != invited["id"]


async def test_whoever_left_may_come_back_and_each_stay_has_its_days(
    db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    with pytest.raises(TrainerListed):
        async with db.transaction():
            await invite(db, city.county_admin, city.county, city.teacher)
    with pytest.raises(TrainerExitUnfit):
        await remove_trainer(
            db, city.county_admin.actor, trainer_id=trainer["id"], removal=WITHDRAWN, now=NOW
        )
    left = await remove_trainer(
        db, city.county_admin.actor, trainer_id=trainer["id"], removal=TERM_ENDED, now=NOW
    )
    assert (left["state"], left["left_on"], left["exit_kind"]) == ("left", TODAY, "term_ended")
    # Why somebody left is not for all below the library.
    for stranger in (city.sibling_teacher_account, city.sibling_admin):
        with pytest.raises(TrainerNotFound):
            await get_trainer(db, stranger.actor, trainer_id=trainer["id"])
    assert (await get_trainer(db, city.teacher_account.actor, trainer_id=trainer["id"])) == left
    changes = TrainerChanges(qualification="特级教师")
    with pytest.raises(TrainerGone):
        await update_trainer(db, city.county_admin.actor, trainer_id=trainer["id"], changes=changes)
    back = await invite(db, city.county_admin, city.county, city.teacher)
    gone = await remove_trainer(
        db, city.county_admin.actor, trainer_id=back["id"], removal=WITHDRAWN, now=NOW
    )
    assert (gone["exit_kind"], gone["entered_on"]) == ("invitation_withdrawn", None)


async def test_what_a_trainer_is_kept_for_is_found_and_changed(db: Connection, city: City) -> None:
    await make_trainer(db, city.county, city.county_admin, city.teacher)
    other = await make_trainer(
        db, city.county, city.county_admin, subjects=["mathematics"], contents=["ethics"]
    )
    found = {"subject": "mathematics", "stage": "primary", "content": "ethics"}
    for name, value in found.items():
        page = await list_trainers(db, city.county_admin.actor, page=ALL, **{name: value})  # type: ignore[arg-type]
        assert other["id"] in {row["id"] for row in page.items}
    page = await list_trainers(db, city.county_admin.actor, page=ALL, is_external=True)
    assert [row["id"] for row in page.items] == [other["id"]]
    changes = TrainerChanges.model_validate({"subjects": ["chinese"], "contents": []})
    changed = await update_trainer(
        db, city.county_admin.actor, trainer_id=other["id"], changes=changes
    )
    assert (changed["subjects"], changed["contents"], changed["stages"]) == (
        ["chinese"], [], ["primary"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "unit", "teacher", "refusal"),
    [
        ("teacher_account", "school", "teacher", NotAllowed),
        ("school_admin", "county", "teacher", NotAllowed),
        ("school_admin", "school", "far_teacher", TeacherNotFound),
    ],
)
async def test_what_is_refused_changes_nothing(
    db: Connection, city: City, who: str, unit: str, teacher: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await invite(db, getattr(city, who), getattr(city, unit), getattr(city, teacher))
    assert (await list_trainers(db, city.city_admin.actor, page=ALL)).items == []


async def test_a_trainer_elsewhere_is_none(db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.school, city.school_admin, city.teacher)
    for stranger in (city.sibling_admin, city.other_county_admin):
        with pytest.raises(TrainerNotFound):
            await get_trainer(db, stranger.actor, trainer_id=trainer["id"])
    before = db.statements
    await list_trainers(db, city.county_admin.actor, page=ALL)
    assert db.statements - before == 1


@pytest.mark.parametrize(
    "more",
    [
        {"outside_name": "某人"},
        {"teacher_id": "01890000-0000-7000-8000-000000000000"},
        {"outside_unit": None},
        {"subjects": ["chinese", "chinese"]},
        {"stages": []},
    ],
)
def test_a_trainer_is_one_person_for_something(more: dict[str, Any]) -> None:
    base = {} if "outside_name" not in more else {"outside_unit": None}
    with pytest.raises(ValidationError):
        new({"id": "01890000-0000-7000-8000-000000000000"}, **base, **more)


async def test_of_two_answers_at_once_one_counts(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        invited = await make_invited(db, city.county, city.county_admin, city.teacher)

    async def once(accepts: bool) -> Row:
        answer = TrainerAnswer(accepts=accepts)
        async with real_pool.transaction() as db:
            return await answer_trainer_invitation(
                db, city.teacher_account.actor, trainer_id=invited["id"], reply=answer, now=NOW
            )

    done = await asyncio.gather(once(True), once(False), return_exceptions=True)
    assert sorted(isinstance(each, TrainerAnswered) for each in done) == [False, True]


async def test_what_somebody_answered_is_for_who_keeps_the_library(
    db: Connection, city: City
) -> None:
    invited = await invite(db, city.county_admin, city.county, city.teacher)
    reply = TrainerAnswer(accepts=True, answer="身体原因每月至多一次")
    await answer_trainer_invitation(
        db, city.teacher_account.actor, trainer_id=invited["id"], reply=reply, now=NOW
    )
    for person, shown in (
        (city.county_admin, reply.answer), (city.teacher_account, reply.answer),
        (city.sibling_admin, None), (city.sibling_teacher_account, None),
    ):  # fmt: skip
        assert (await get_trainer(db, person.actor, trainer_id=invited["id"]))["answer"] == shown
