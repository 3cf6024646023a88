from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.learning.bank_questions import BankQuestionRetirement, retire_bank_question
from app.domain.learning.course_tests import (
    CourseTestChanges,
    CourseTestEmpty,
    CourseTestNotFound,
    CourseTestOver,
    CourseTestQuestionUnfit,
    CourseTestTaken,
    CourseTestTimesDisagree,
    CourseTestTooFew,
    CourseTestTooMany,
    CourseTestWrongState,
    NewCourseTest,
    draw_paper,
    get_course_test,
    list_course_tests,
    list_offered_course_tests,
    update_course_test,
    withdraw_course_test,
)
from app.domain.learning.courses import CourseVersionNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests import make_courses
from tests import make_tests as making
from tests.make import NOW, City, make_account, make_activity
from tests.make_organisation import make_network

PAGE = PageRequest(limit=100)


async def change(db: Connection, city: City, test: Row, **values: Any) -> Row:
    changes = CourseTestChanges.model_validate(values)
    return await update_course_test(
        db, city.school_admin.actor, test_id=test["id"], changes=changes
    )


async def draft(db: Connection, city: City, *sections: dict[str, Any], **given: Any) -> Row:
    made = await making.make_class(db, city)
    test = await making.draft(db, city.school_admin, [], activity_id=made["activity_id"], **given)
    return await change(db, city, test, sections=list(sections))


async def test_a_test_is_drafted_changed_published_and_withdrawn(
    db: Connection, city: City
) -> None:
    admin, bank = city.school_admin, await making.make_bank(db, city)
    test = await draft(db, city, {"question_ids": [str(bank[0]["id"])]})
    assert (test["state"], test["pass_percent"], test["attempts"]) == ("draft", 60, 0)
    assert (await change(db, city, test, minutes=30, pass_percent=80))["minutes"] == 30
    with pytest.raises(CourseTestNotFound):
        await get_course_test(db, city.teacher_account.actor, test_id=test["id"])
    before = db.statements
    published = await making.publish(db, admin, test)
    assert db.statements - before == 5
    assert (published["state"], published["published_at"]) == ("published", NOW)
    offered = await list_offered_course_tests(
        db, city.teacher_account.actor, page=PAGE, activity_id=test["activity_id"]
    )
    assert offered.items == [published]
    with pytest.raises(CourseTestWrongState):
        await change(db, city, test, title="改名")
    withdrawn = await withdraw_course_test(db, admin.actor, test_id=test["id"])
    assert (withdrawn["state"], withdrawn["published_at"]) == ("draft", None)
    await making.publish(db, admin, test)
    await making.start(db, city.teacher_account, test)
    with pytest.raises(CourseTestTaken):
        await withdraw_course_test(db, admin.actor, test_id=test["id"])
    assert (await get_course_test(db, admin.actor, test_id=test["id"]))["attempts"] == 1


async def test_questions_are_drawn_by_rule_each_for_one_part(db: Connection, city: City) -> None:
    bank = await making.make_bank(db, city)
    test = await draft(
        db, city, {"question_ids": [str(bank[1]["id"])]}, {"draw": 1, "difficulty": "hard"}
    )
    with pytest.raises(CourseTestTooFew) as refused:
        await making.publish(db, city.school_admin, test)
    assert refused.value.details == {"section": 2, "needed": 1, "found": 0}
    for rule in ({"difficulty": "easy"}, {"content": "instructional_design"}, {"kind": "number"}):
        await change(db, city, test, sections=[{"draw": 1, **rule}])
        await making.publish(db, city.school_admin, test)
        await withdraw_course_test(db, city.school_admin.actor, test_id=test["id"])
    await change(db, city, test, sections=[{"draw": 2, "difficulty": "medium"}])
    await making.publish(db, city.school_admin, test)
    attempt = await making.start(db, city.teacher_account, test)
    assert len(await making.paper_of(db, city.teacher_account, attempt)) == 2


async def test_what_cannot_be_published_is_refused(db: Connection, city: City) -> None:
    bank, admin = await making.make_bank(db, city), city.school_admin
    test = await draft(db, city)
    with pytest.raises(CourseTestEmpty):
        await making.publish(db, admin, test)
    named = {"question_ids": [str(row["id"]) for row in bank[:2]]}
    await change(db, city, test, sections=[named])
    await retire_bank_question(
        db, admin.actor, question_id=bank[0]["id"], now=NOW,
        retirement=BankQuestionRetirement(reason="过时"),
    )  # fmt: skip
    with pytest.raises(CourseTestQuestionUnfit) as refused:
        await making.publish(db, admin, test)
    assert refused.value.details == {"section": 1, "questions": 1}
    [foreign] = await making.add(db, city.sibling_admin, making.SINGLE, unit_id=city.sibling["id"])
    await change(db, city, test, sections=[{"question_ids": [str(foreign["id"])]}])
    with pytest.raises(CourseTestQuestionUnfit):
        await making.publish(db, admin, test)
    rule = {"draw": 200, "owner_id": str(city.sibling["id"])}
    await change(db, city, test, sections=[rule, rule])
    with pytest.raises(CourseTestTooMany):
        await making.publish(db, admin, test)
    # The bank of another school is none to the actor.
    await change(db, city, test, sections=[rule | {"draw": 1}])
    with pytest.raises(CourseTestTooFew):
        await making.publish(db, admin, test)
    await change(
        db, city, test, sections=[{"question_ids": named["question_ids"][1:]}],
        closes_at=NOW - timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(CourseTestOver):
        await making.publish(db, admin, test)
    assert (await get_course_test(db, admin.actor, test_id=test["id"]))["state"] == "draft"


@pytest.mark.parametrize(
    "unfit",
    [
        {"activity_id": None},
        {"course_id": str(new_id())},
        {"course_version": 1},
        {"opens_at": "2026-11-20T08:00:00"},
        {"opens_at": "2026-11-20T08:00:00Z", "closes_at": "2026-11-20T08:00:00Z"},
        {"closes_at": "3500-11-20T08:00:00Z"},
        {"result_shown": "after_close"},
        {"sections": [{}]},
        {"sections": [{"draw": 1, "question_ids": [str(new_id())], "kind": "number"}]},
        {"sections": [{"question_ids": [str(UUID(int=1))] * 2}]},
        {"sections": [{"question_ids": [str(new_id())], "draw": 2}]},
    ],
)
def test_what_cannot_be_meant_is_refused(unfit: dict[str, Any]) -> None:
    said = {"title": "测验", "activity_id": str(new_id())}
    NewCourseTest.model_validate(said)
    with pytest.raises(ValidationError):
        NewCourseTest.model_validate(said | unfit)


async def test_a_network_publishes_what_its_coordinator_finds_questions_for(
    db: Connection, city: City
) -> None:
    """A bank is of no network: whoever coordinates one finds there what their other roles show them."""
    network = await make_network(db, city.county, city.school)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    activity = await make_activity(
        db, city.county, city.county_admin, organiser_network_id=network["id"]
    )
    bank = await making.make_bank(db, city, making.SINGLE)
    test = await making.draft(db, coordinator, bank, activity_id=activity["id"])
    with pytest.raises(CourseTestQuestionUnfit):
        await making.publish(db, coordinator, test)
    assert (await get_course_test(db, coordinator.actor, test_id=test["id"]))["state"] == "draft"
    both = making.with_role_of(coordinator, city.school_admin)
    assert (await making.publish(db, both, test))["state"] == "published"


async def test_a_change_that_does_not_go_with_the_rest_is_refused(
    db: Connection, city: City
) -> None:
    test = await draft(db, city, opens_at=NOW)
    with pytest.raises(CourseTestTimesDisagree):
        await change(db, city, test, closes_at=NOW)
    with pytest.raises(CourseTestTimesDisagree):
        await change(db, city, test, solutions_shown="after_close")
    assert await change(db, city, test) == test


async def test_a_test_of_a_course_is_of_one_of_its_versions(db: Connection, city: City) -> None:
    course, admin = await make_courses.make_school_course(db, city), city.school_admin
    test = await making.draft(db, admin, [], course_id=course["id"])
    assert (test["course_version"], test["activity_id"]) == (1, None)
    with pytest.raises(CourseVersionNotFound):
        await making.draft(db, admin, [], course_id=course["id"], course_version=2)
    run = await make_courses.make_run(db, admin, course)
    made = await make_courses.make_published_class(db, admin, run)
    found = await list_course_tests(db, admin.actor, page=PAGE, activity_id=made["activity_id"])
    assert found.items == [test]
    # It is shown to those to whom a class is published, once it is published itself.
    assert not (await list_offered_course_tests(db, city.teacher_account.actor, page=PAGE)).items
    bank = await making.make_bank(db, city)
    await change(db, city, test, sections=[{"question_ids": [str(bank[0]["id"])]}])
    published = await making.publish(db, admin, test)
    offered = await list_offered_course_tests(db, city.teacher_account.actor, page=PAGE)
    assert offered.items == [published]


def _pool(of_parts: list[int]) -> list[dict[str, Any]]:
    options = [{"code": code, "text": code} for code in "abcd"]
    return [
        {"section": part, "version_id": new_id(), "document": {"options": options}}
        for part, number in enumerate(of_parts)
        for _ in range(number)
    ]


def test_a_paper_is_the_same_for_the_same_seed_and_keeps_the_order_of_parts() -> None:
    sections: list[dict[str, Any]] = [{"draw": 5}, {"draw": None}]
    pool = _pool([20, 20])
    papers = [draw_paper(sections, pool, seed=seed, shuffled=True) for seed in (1, 1, 2)]
    assert papers[0] == papers[1] != papers[2]
    parts = {each["version_id"]: each["section"] for each in pool}
    drawn = [parts[each.version_id] for each in papers[0]]
    assert drawn == [0] * 5 + [1] * 20
    assert len({each.version_id for each in papers[0]}) == 25
    assert any([option["code"] for option in each.options] != [*"abcd"] for each in papers[0])
    plain = draw_paper(sections, pool, seed=1, shuffled=False)
    order = [each["version_id"] for each in pool]
    assert [each.version_id for each in plain] == sorted(
        (each.version_id for each in plain), key=order.index
    )
