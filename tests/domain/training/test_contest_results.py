import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityKind, ActivityState, WrongState
from app.domain.training.contest_results import (
    Award,
    NewResults,
    NoCompetition,
    ResultCorrection,
    ResultExists,
    ResultNotFound,
    ResultOutsideAudience,
    ResultStriking,
    ResultSuperseded,
    contest_results_of,
    correct_contest_result,
    list_contest_results,
    list_teacher_contest_results,
    record_contest_results,
    strike_contest_result,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, make_activity, make_attendance, make_city
from tests.make_forms import make_result

PAGE = PageRequest()
LATER = NOW + timedelta(days=1)
CONTEST: dict[str, Any] = {"kind": ActivityKind.COMPETITION, "title": "片区竞赛"}


def results(*teachers: Row, **changed: Any) -> NewResults:
    given = {"work_title": "优秀课件", "award": "first", "rank": 1, "points": "95.50"}
    return NewResults.model_validate(
        {"results": [{"teacher_id": each["id"], **given, **changed} for each in teachers]}
    )


def correction(**changed: Any) -> ResultCorrection:
    given = {"work_title": "优秀课件", "award": "second", "reason": "评委复核"}
    return ResultCorrection.model_validate(given | changed)


async def test_results_are_entered_together_and_seen_by_each_person(
    db: Connection, city: City
) -> None:
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    key = {"activity_id": contest["id"]}
    before = db.statements
    entered = await record_contest_results(
        db, city.county_admin.actor, **key, new=results(city.teacher, city.sibling_teacher),
        now=NOW,
    )  # fmt: skip
    assert (entered["entered"], db.statements - before) == (2, 3)
    page = await list_contest_results(
        db, city.county_admin.actor, **key, page=PageRequest(sort="name")
    )
    assert {(row["name"], row["school"]) for row in page.items} == {
        ("测试甲", "甲县第一小学"), ("测试丙", "甲县第二小学")
    }  # fmt: skip
    own = await list_teacher_contest_results(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PAGE
    )
    (row,) = own.items
    assert (row["award"], row["rank"], row["points"]) == ("first", 1, Decimal("95.50"))
    assert "name" not in row
    with pytest.raises(NotAllowed):
        await list_contest_results(db, city.teacher_account.actor, **key, page=PAGE)
    with pytest.raises(TeacherNotFound):
        await list_teacher_contest_results(
            db, city.teacher_account.actor, teacher_id=city.sibling_teacher["id"], page=PAGE
        )


async def test_of_several_results_all_are_entered_or_none(db: Connection, city: City) -> None:
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    actor, key = city.county_admin.actor, {"activity_id": contest["id"]}
    with pytest.raises(ResultOutsideAudience) as refused:
        await record_contest_results(
            db, actor, **key, new=results(city.teacher, city.far_teacher), now=NOW
        )
    assert refused.value.details["teachers"] == [str(city.far_teacher["id"])]
    await make_result(db, contest, city.colleague, city.county_admin, work_title="优秀课件")
    with pytest.raises(ResultExists):
        async with db.transaction():
            await record_contest_results(
                db, actor, **key, new=results(city.teacher, city.colleague), now=NOW
            )
    page = await list_contest_results(db, actor, **key, page=PAGE)
    assert [row["teacher_id"] for row in page.items] == [city.colleague["id"]]


async def test_who_took_part_may_have_a_result_without_being_addressed(
    db: Connection, city: City
) -> None:
    contest = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.CLOSED, **CONTEST
    )
    await make_attendance(db, contest["sessions"][0], city.county_admin, city.far_teacher)
    entered = await record_contest_results(
        db, city.county_admin.actor, activity_id=contest["id"], new=results(city.far_teacher),
        now=NOW,
    )  # fmt: skip
    assert entered["entered"] == 1


async def test_results_are_of_competitions_that_take_place(db: Connection, city: City) -> None:
    seminar = await make_activity(db, city.county, city.county_admin)
    draft = await make_activity(
        db, city.county, city.county_admin, state=ActivityState.DRAFT, **CONTEST
    )
    actor, new = city.county_admin.actor, results(city.teacher)
    with pytest.raises(NoCompetition):
        await record_contest_results(db, actor, activity_id=seminar["id"], new=new, now=NOW)
    with pytest.raises(WrongState):
        await record_contest_results(db, actor, activity_id=draft["id"], new=new, now=NOW)
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    for person in (city.school_admin, city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await record_contest_results(
                db, person.actor, activity_id=contest["id"], new=new, now=NOW
            )


async def test_a_result_is_corrected_with_a_reason_and_what_was_before_is_kept(
    db: Connection, city: City
) -> None:
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    first = await make_result(db, contest, city.teacher, city.county_admin)
    actor = city.county_admin.actor
    corrected = await correct_contest_result(
        db, actor, result_id=first["id"], new=correction(award="first"), now=LATER
    )
    assert (corrected["award"], corrected["corrects_id"]) == ("first", first["id"])
    page = await list_contest_results(db, actor, activity_id=contest["id"], page=PAGE)
    assert [(row["award"], row["superseded_at"], row["reason"]) for row in page.items] == [
        ("second", LATER, "评委复核"), ("first", None, None)
    ]  # fmt: skip
    standing = await list_contest_results(
        db, actor, activity_id=contest["id"], page=PAGE, standing=True, award=Award.FIRST
    )
    assert [row["id"] for row in standing.items] == [corrected["id"]]
    with pytest.raises(ResultSuperseded):
        await correct_contest_result(db, actor, result_id=first["id"], new=correction(), now=LATER)
    why = ResultStriking(reason="登记错人")
    struck = await strike_contest_result(db, actor, result_id=corrected["id"], new=why, now=LATER)
    assert (struck["superseded_at"], struck["reason"]) == (LATER, "登记错人")
    own = await list_teacher_contest_results(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PAGE
    )
    assert len(own.items) == 2


async def test_a_result_is_not_corrected_into_another(db: Connection, city: City) -> None:
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    one, _ = [
        await make_result(db, contest, city.teacher, city.county_admin, work_title=title)
        for title in ("课件", "教案")
    ]
    actor = city.county_admin.actor
    with pytest.raises(ResultExists):
        async with db.transaction():
            await correct_contest_result(
                db, actor, result_id=one["id"], new=correction(work_title="教案"), now=LATER
            )
    standing = await list_contest_results(
        db, actor, activity_id=contest["id"], page=PAGE, standing=True
    )
    assert len(standing.items) == 2


async def test_who_does_not_organise_corrects_nothing(db: Connection, city: City) -> None:
    contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
    result = await make_result(db, contest, city.teacher, city.county_admin)
    with pytest.raises(ResultNotFound):
        await correct_contest_result(
            db, city.other_county_admin.actor, result_id=result["id"], new=correction(), now=NOW
        )
    with pytest.raises(NotAllowed):
        await strike_contest_result(
            db, city.auditor.actor, result_id=result["id"], new=ResultStriking(reason="不行"),
            now=NOW,
        )  # fmt: skip
    ids = [contest["id"]]
    seen = await contest_results_of(db, city.county_admin.actor, activity_ids=ids, page=PAGE)
    assert [row["superseded_at"] for row in seen[contest["id"]].items] == [None]


@pytest.mark.parametrize(
    "changed", [{"award": "gold"}, {"rank": 0}, {"points": "-1"}, {"work_title": " "}]
)
def test_a_result_outside_its_limits_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        results({"id": "01890000-0000-7000-8000-000000000000"}, **changed)


def test_a_work_stands_once_in_what_is_sent() -> None:
    teacher = {"id": "01890000-0000-7000-8000-000000000000"}
    with pytest.raises(ValidationError):
        results(teacher, teacher)


async def test_of_two_corrections_at_once_one_is_made(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        contest = await make_activity(db, city.county, city.county_admin, **CONTEST)
        result = await make_result(db, contest, city.teacher, city.county_admin)

    async def correct(award: str) -> bool:
        try:
            async with real_pool.transaction() as db:
                await correct_contest_result(
                    db, city.county_admin.actor, result_id=result["id"],
                    new=correction(award=award), now=LATER,
                )  # fmt: skip
        except ResultSuperseded:
            return False
        return True

    assert sorted(await asyncio.gather(correct("first"), correct("third"))) == [False, True]
