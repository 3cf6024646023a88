from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.roles import Permission
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.evidence_checks import (
    NewChecks,
    check_evidence,
    list_observation_sheet_checks,
)
from app.domain.training.observation_sheets import (
    NewSheet,
    ObservationKind,
    SheetAnswer,
    SheetAnswered,
    SheetExists,
    SheetInFuture,
    SheetNotFound,
    SheetOfOneself,
    SheetSessionElsewhere,
    answer_observation_sheet,
    get_observation_sheet,
    list_observation_sheets,
    list_own_observations,
    list_teacher_observation_sheets,
    submit_observation_sheet,
)
from app.domain.training.rubrics import RubricNotFound, ScoresDisagree
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_activity, make_attendance
from tests.make_evidence import make_rubric

PAGE = PageRequest()


def new(teacher: Row, **more: Any) -> NewSheet:
    return NewSheet.model_validate({
        "teacher_id": teacher["id"], "kind": "mutual", "held_on": date(2026, 11, 19),
        "class_name": "三（2）班", "subject": "chinese", "title": "《富饶的西沙群岛》",
        "record": "教师以地图导入，学生分组朗读。", "diagnosis": "提问有层次。",
        "suggestions": "多留些思考的时间。",
    } | more)  # fmt: skip


async def submit(db: Connection, person: Person, teacher: Row, **more: Any) -> Row:
    return await submit_observation_sheet(db, person.actor, new=new(teacher, **more), now=NOW)


async def sheets_of(db: Connection, person: Person, teacher: Row) -> list[Row]:
    page = await list_teacher_observation_sheets(
        db, person.actor, teacher_id=teacher["id"], page=PAGE
    )
    return page.items


STANDARD_SCORES = [
    {"code": code, "score": score}
    for code, score in (
        ("instructional_design", "80"),
        ("lesson_review", "90"),
        ("learning_guidance", "70"),
        ("learning_evaluation", "85.5"),
    )
]


async def test_a_colleague_observes_freely_and_the_teacher_answers(
    db: Connection, city: City
) -> None:
    before = db.statements
    sheet = await submit(db, city.colleague_account, city.teacher, scores=STANDARD_SCORES)
    assert db.statements - before == 3
    assert (sheet["observer_id"], sheet["name"]) == (city.colleague["id"], "测试甲")
    assert sheet["total"] == Decimal("81.38")
    assert sheet["activity_id"] is None
    for person in (city.teacher_account, city.school_admin, city.county_admin, city.auditor):
        assert [row["id"] for row in await sheets_of(db, person, city.teacher)] == [sheet["id"]]
    own = await list_own_observations(db, city.colleague_account.actor, page=PAGE)
    assert [row["id"] for row in own.items] == [sheet["id"]]
    mine = await list_own_observations(db, city.teacher_account.actor, page=PAGE)
    assert mine.items == []
    key = {"sheet_id": sheet["id"], "answer": SheetAnswer(answer="谢谢，下次改进。"), "now": NOW}
    for person, refusal in (
        (city.colleague_account, SheetNotFound),
        (city.school_admin, NotAllowed),
        (city.sibling_teacher_account, SheetNotFound),
    ):
        with pytest.raises(refusal):
            await answer_observation_sheet(db, person.actor, **key)
    answered = await answer_observation_sheet(db, city.teacher_account.actor, **key)
    assert (answered["answer"], answered["answered_at"]) == ("谢谢，下次改进。", NOW)
    with pytest.raises(SheetAnswered):
        await answer_observation_sheet(db, city.teacher_account.actor, **key)


async def test_who_has_nothing_to_do_with_the_teacher_observes_nothing(
    db: Connection, city: City
) -> None:
    for person in (city.sibling_teacher_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(TeacherNotFound):
            await submit(db, person, city.teacher)
    assert await sheets_of(db, city.school_admin, city.teacher) == []
    assert (await submit(db, city.county_admin, city.teacher))["observer_id"] is None


async def test_who_attended_the_same_activity_observes_across_schools(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    session = activity["sessions"][0]
    at = {"activity_id": activity["id"], "session_id": session["id"]}
    await make_attendance(db, session, city.county_admin, city.sibling_teacher)
    with pytest.raises(TeacherNotFound):
        await submit(db, city.sibling_teacher_account, city.teacher, **at)
    with pytest.raises(SheetSessionElsewhere):
        await submit(db, city.colleague_account, city.teacher, **at)
    await make_attendance(db, session, city.county_admin, city.teacher)
    sheet = await submit(db, city.sibling_teacher_account, city.teacher, **at)
    page = await list_observation_sheets(
        db, city.county_admin.actor, activity_id=activity["id"], page=PAGE,
        kind=ObservationKind.MUTUAL,
    )  # fmt: skip
    assert [(row["id"], row["school"]) for row in page.items] == [(sheet["id"], "甲县第一小学")]
    with pytest.raises(NotAllowed):
        await list_observation_sheets(
            db, city.school_admin.actor, activity_id=activity["id"], page=PAGE
        )
    other = await make_activity(db, city.county, city.county_admin)
    with pytest.raises(SheetSessionElsewhere):
        await submit(
            db, city.sibling_teacher_account, city.teacher, title="另一课",
            activity_id=activity["id"], session_id=other["sessions"][0]["id"],
        )  # fmt: skip


async def test_who_administers_a_school_too_finds_the_own_ones(db: Connection, city: City) -> None:
    sheet = await submit(db, city.colleague_account, city.teacher)
    await submit(db, city.teacher_account, city.colleague)
    own = city.colleague_account.actor
    both = replace(own, grants=own.grants + city.school_admin.actor.grants)
    found = await list_own_observations(db, both, page=PAGE)
    assert [row["id"] for row in found.items] == [sheet["id"]]


async def test_who_only_reads_writes_none(db: Connection, city: City) -> None:
    reads = frozenset({Permission.ATTENDANCE_READ, Permission.TEACHER_READ})
    for actor in (
        city.auditor.actor,
        replace(city.colleague_account.actor, client_id=new_id(), scopes=reads),
        replace(city.school_admin.actor, client_id=new_id(), scopes=reads),
    ):
        with pytest.raises(NotAllowed):
            await submit_observation_sheet(db, actor, new=new(city.teacher), now=NOW)
    assert await sheets_of(db, city.school_admin, city.teacher) == []


async def test_the_observer_reads_the_own_sheet_and_its_checks(db: Connection, city: City) -> None:
    sheet = await submit(db, city.colleague_account, city.teacher)
    key = {"sheet_id": sheet["id"]}
    said = {**key, "verdict": "returned", "remark": "观察记录太简"}
    await check_evidence(
        db, city.school_admin.actor, new=NewChecks.model_validate({"checks": [said]}), now=NOW
    )
    for person in (city.colleague_account, city.teacher_account, city.school_admin):
        assert await get_observation_sheet(db, person.actor, **key) == sheet
        assert len(await list_observation_sheet_checks(db, person.actor, **key)) == 1
    for person in (city.sibling_admin, city.sibling_teacher_account):
        with pytest.raises(SheetNotFound):
            await get_observation_sheet(db, person.actor, **key)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"held_on": date(2026, 11, 21)}, SheetInFuture),
        ({"scores": STANDARD_SCORES[:2]}, ScoresDisagree),
        ({"rubric_id": new_id()}, RubricNotFound),
    ],
)
async def test_what_cannot_be_is_refused(
    db: Connection, city: City, more: Any, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await submit(db, city.colleague_account, city.teacher, **more)
    with pytest.raises(SheetOfOneself):
        await submit(db, city.teacher_account, city.teacher)
    assert await sheets_of(db, city.school_admin, city.teacher) == []


async def test_a_lesson_is_written_about_once_by_one(db: Connection, city: City) -> None:
    await submit(db, city.colleague_account, city.teacher)
    with pytest.raises(SheetExists):
        await submit(db, city.colleague_account, city.teacher)
    await submit(db, city.colleague_account, city.teacher, title="第二课时", held_on=TODAY)
    assert len(await sheets_of(db, city.school_admin, city.teacher)) == 2


async def test_scores_are_by_the_rubric_that_is_named(db: Connection, city: City) -> None:
    dimensions = [{"code": "all", "name": "整体", "weight": 100, "levels": []}]
    rubric = await make_rubric(db, city.county, city.county_admin, dimensions=dimensions)
    scores = [{"code": "all", "score": "77"}]
    sheet = await submit(
        db, city.colleague_account, city.teacher, rubric_id=rubric["id"], scores=scores
    )
    assert (sheet["total"], sheet["scores"]) == (Decimal(77), scores)


def test_a_session_has_its_activity_and_a_dimension_one_score() -> None:
    teacher = {"id": new_id()}
    for more in ({"session_id": new_id()}, {"scores": [{"code": "a", "score": "1"}] * 2}):
        with pytest.raises(ValidationError):
            new(teacher, **more)


async def test_what_was_written_is_not_rewritten(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    sheet = await submit(db, city.colleague_account, city.teacher)
    for change in (
        "UPDATE observation_sheet SET record = 'x'",
        "UPDATE observation_sheet SET total = 1",
        "DELETE FROM observation_sheet",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(change)
    seen = await get_observation_sheet(db, city.teacher_account.actor, sheet_id=sheet["id"])
    assert seen == sheet
