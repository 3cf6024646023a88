from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.course_reviews import CourseRetirement, publish_course, retire_course
from app.domain.learning.course_runs import (
    CourseRunChanges,
    CourseRunNotFound,
    CourseWithoutApprovedVersion,
    RunClassesOpen,
    RunConclusion,
    RunDaysDisagree,
    RunJudgement,
    RunOfOneself,
    RunWithoutClasses,
    RunWrongState,
    cancel_course_run,
    conclude_course_run,
    course_runs_by_id,
    get_course_run,
    get_course_run_figures,
    judge_course_run,
    list_course_runs,
    list_offered_course_runs,
    runs_of_courses,
    update_course_run,
)
from app.domain.learning.courses import CourseWrongState
from app.domain.paging import PageRequest
from app.domain.people.cohorts import CohortNotFound
from app.domain.people.teachers import Teacher
from app.domain.training.activities import cancel_activity
from app.domain.training.enrolments import enrol_oneself
from app.domain.training.surveys import SurveyPurpose, SurveyResponse, SurveyState
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_attendance
from tests.make_courses import (
    close,
    make_approved,
    make_class,
    make_concluded,
    make_course,
    make_published,
    make_published_class,
    make_run,
    make_school_course,
)
from tests.make_needs import make_survey
from tests.make_programmes import make_cohort, make_programme

PAGE = PageRequest(limit=100)
SAID = RunConclusion(summary="教师学会了设计问题")


async def conclude(db: Connection, person: Person, run: Row) -> Row:
    return await conclude_course_run(db, person.actor, run_id=run["id"], conclusion=SAID, now=NOW)


async def judge(db: Connection, person: Person, run: Row, rating: str = "good") -> Row:
    judgement = RunJudgement.model_validate({"rating": rating, "opinion": "完成了预定目标"})
    return await judge_course_run(db, person.actor, run_id=run["id"], judgement=judgement, now=NOW)


async def change(db: Connection, person: Person, run: Row, **values: Any) -> Row:
    changes = CourseRunChanges.model_validate(values)
    return await update_course_run(db, person.actor, run_id=run["id"], changes=changes)


async def test_only_an_approved_version_is_run(db: Connection, city: City) -> None:
    draft = await make_course(db, city.school_admin, unit_id=city.school["id"])
    with pytest.raises(CourseWithoutApprovedVersion):
        await make_run(db, city.school_admin, draft)
    course = await make_approved(
        db, city.school_admin, city.county_admin, unit_id=city.school["id"]
    )
    run = await make_run(db, city.school_admin, course)
    assert (run["version"], run["state"], run["title"]) == (1, "open", course["title"])
    retirement = CourseRetirement(reason="不再开设")
    await retire_course(
        db, city.school_admin.actor, course_id=course["id"], retirement=retirement, now=NOW
    )
    with pytest.raises(CourseWrongState):
        await make_run(db, city.school_admin, course)
    page = await list_course_runs(db, city.county_admin.actor, page=PAGE, course_id=course["id"])
    assert [row["id"] for row in page.items] == [run["id"]]


async def test_a_school_gives_the_course_of_its_county_and_no_other_s(
    db: Connection, city: City
) -> None:
    county = await make_published(db, city.county_admin, city.city_admin, unit_id=city.county["id"])
    run = await make_run(db, city.school_admin, county, unit_id=city.school["id"])
    assert (run["unit_id"], run["school_id"]) == (city.school["id"], city.school["id"])
    with pytest.raises(NotAllowed):
        await make_run(db, city.school_admin, county)
    with pytest.raises(CourseRunNotFound):
        await get_course_run(db, city.sibling_admin.actor, run_id=run["id"])
    found = await course_runs_by_id(db, city.sibling_admin.actor, run_ids=[run["id"]])
    assert found == {run["id"]: None}
    pages = await runs_of_courses(db, city.city_admin.actor, course_ids=[county["id"]], page=PAGE)
    assert [row["id"] for row in pages[county["id"]].items] == [run["id"]]


async def test_a_run_belongs_to_a_cohort_of_a_project_that_the_actor_runs(
    db: Connection, city: City
) -> None:
    """国培、省培、市级项目的开课: R191."""
    course = await make_school_course(db, city)
    programme = await make_programme(db, city.school)
    cohort = await make_cohort(db, programme)
    run = await make_run(db, city.school_admin, course, cohort_id=cohort["id"])
    page = await list_course_runs(db, city.school_admin.actor, page=PAGE, cohort_id=cohort["id"])
    assert [row["id"] for row in page.items] == [run["id"]]
    elsewhere = await make_cohort(db, await make_programme(db, city.far_school))
    with pytest.raises(CohortNotFound):
        await make_run(db, city.school_admin, course, cohort_id=elsewhere["id"])


async def test_whom_a_class_is_for_sees_the_run(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    run = await make_run(db, city.school_admin, course)
    nothing = await list_offered_course_runs(db, city.teacher_account.actor, page=PAGE)
    assert nothing.items == []
    await make_published_class(db, city.school_admin, run)
    offered = await list_offered_course_runs(db, city.teacher_account.actor, page=PAGE)
    assert [row["id"] for row in offered.items] == [run["id"]]
    other = await list_offered_course_runs(db, city.sibling_teacher_account.actor, page=PAGE)
    assert other.items == []


async def test_an_open_run_is_changed_around_its_classes(db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    await make_class(
        db, city.school_admin, run, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 30)
    )
    changed = await change(
        db, city.school_admin, run, name="冬季班", starts_on=date(2026, 11, 20), semester=None
    )
    assert (changed["name"], changed["semester"]) == ("冬季班", None)
    for wrong in (
        {"starts_on": date(2026, 11, 21)},
        {"ends_on": date(2026, 11, 29)},
        {"ends_on": date(2026, 11, 1)},
    ):
        with pytest.raises(RunDaysDisagree):
            await change(db, city.school_admin, run, **wrong)
    after = await get_course_run(db, city.school_admin.actor, run_id=run["id"])
    assert after == changed


async def test_a_run_is_concluded_when_its_classes_have_ended_and_then_judged(
    db: Connection, city: City
) -> None:
    """过程管理、绩效评估: R93."""
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    with pytest.raises(RunWithoutClasses):
        await conclude(db, city.school_admin, run)
    held = await make_published_class(db, city.school_admin, run)
    dropped = await make_class(db, city.school_admin, run, name="二班")
    with pytest.raises(RunClassesOpen) as refused:
        await conclude(db, city.school_admin, run)
    assert refused.value.details == {"classes": 2}
    actor = city.school_admin.actor
    await cancel_activity(db, actor, activity_id=dropped["activity_id"], now=NOW)
    await close(db, city.school_admin, held["activity_id"])
    with pytest.raises(RunWrongState):
        await judge(db, city.county_admin, run)
    done = await conclude(db, city.school_admin, run)
    assert (done["state"], done["summary"], done["ended_at"]) == ("concluded", SAID.summary, NOW)
    with pytest.raises(RunWrongState):
        await conclude(db, city.school_admin, run)
    with pytest.raises(NotAllowed):
        await judge(db, city.school_admin, run)
    judged = await judge(db, city.county_admin, run)
    assert (judged["rating"], judged["opinion"]) == ("good", "完成了预定目标")
    again = await judge(db, city.city_admin, run, "excellent")
    assert again["rating"] == "excellent"


async def test_nobody_judges_what_they_concluded(db: Connection, city: City) -> None:
    run = await make_concluded(db, city.county_admin, await make_school_course(db, city))
    with pytest.raises(RunOfOneself):
        await judge(db, city.county_admin, run)
    assert (await judge(db, city.city_admin, run))["rating"] == "good"


async def test_what_was_not_given_is_cancelled(db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    made = await make_class(db, city.school_admin, run)
    why = RunConclusion(summary="报名不足")
    actor = city.school_admin.actor
    with pytest.raises(RunClassesOpen):
        await cancel_course_run(db, actor, run_id=run["id"], conclusion=why, now=NOW)
    await cancel_activity(db, actor, activity_id=made["activity_id"], now=NOW)
    gone = await cancel_course_run(db, actor, run_id=run["id"], conclusion=why, now=NOW)
    assert (gone["state"], gone["summary"]) == ("cancelled", "报名不足")
    with pytest.raises(RunWrongState):
        await make_class(db, city.school_admin, run, name="三班")


async def test_the_figures_are_counted_from_what_took_place(db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    made = await make_published_class(db, city.school_admin, run, capacity=30)
    other = await make_class(db, city.school_admin, run, name="二班")
    activity_id = made["activity_id"]
    sessions = [
        {"id": row["id"], "activity_id": activity_id}
        for row in await db._driver.fetch(
            "SELECT id FROM activity_session WHERE activity_id = $1 ORDER BY ordinal", activity_id
        )
    ]
    await make_attendance(db, sessions[0], city.school_admin, city.teacher, city.colleague)
    await make_attendance(db, sessions[1], city.school_admin, city.teacher)
    scale: list[Row] = [
        {"code": code, "kind": "scale", "text": "如何？", "minimum": 1, "maximum": 5,
         "required": True, "options": []}
        for code in ("quality", "use")
    ]  # fmt: skip
    survey = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, questions=scale,
        purpose=SurveyPurpose.ACTIVITY_EVALUATION, activity_id=activity_id,
    )  # fmt: skip
    await _answer(db, survey, 4)
    actor = city.school_admin.actor
    few = await get_course_run_figures(db, actor, run_id=run["id"])
    assert few == {
        "run_id": run["id"], "classes": 2, "closed": 0, "places": None, "enrolled": 0,
        "attended": 2, "attended_whole": 1, "completed": 0, "person_hours": 6, "answers": 0,
        "satisfaction": None,
    }  # fmt: skip
    await _answer(db, survey, 1)
    await cancel_activity(db, actor, activity_id=other["activity_id"], now=NOW)
    before = db.statements
    enough = await get_course_run_figures(db, actor, run_id=run["id"])
    assert db.statements - before == 2
    assert (enough["classes"], enough["places"], enough["answers"]) == (1, 30, 5)
    assert str(enough["satisfaction"]) == "87.50"  # of 5 and 4, on a scale from 1 to 5
    with pytest.raises(NotAllowed):
        await get_course_run_figures(db, city.teacher_account.actor, run_id=run["id"])


async def _answer(db: Connection, survey: Row, count: int) -> None:
    answers = {"quality": ["5"], "use": ["4"]}
    rows = [
        {"id": uuid4(), "survey_id": survey["id"], "teacher_id": None, "of_school_id": None,
         "strata": {}, "answers": answers}
        for _ in range(count)
    ]  # fmt: skip
    await db.insert_all(SurveyResponse, rows)


async def test_how_a_run_went_is_for_who_manages_it(db: Connection, city: City) -> None:
    run = await make_concluded(db, city.school_admin, await make_school_course(db, city))
    await judge(db, city.county_admin, run)
    said = ("summary", "rating", "opinion", "rated_at")
    for person, shown in (
        (city.school_admin, True), (city.county_admin, True), (city.teacher_account, False),
    ):  # fmt: skip
        actor = person.actor
        row = await get_course_run(db, actor, run_id=run["id"])
        found = (await course_runs_by_id(db, actor, run_ids=[run["id"]]))[run["id"]] or {}
        assert {row[name] is not None for name in said} == {shown}
        assert {found[name] is not None for name in said} == {shown}
    offered = await list_offered_course_runs(db, city.teacher_account.actor, page=PAGE)
    assert [[row[name] for name in said] for row in offered.items] == [[None] * 4]


async def test_neither_the_delegate_who_concluded_it_nor_the_granter_judges_a_run(
    db: Connection, city: City
) -> None:
    """The city's own run, which another of the city judges."""
    course = await make_course(db, city.city_admin, unit_id=city.city["id"])
    course = await publish_course(db, city.city_admin.actor, course_id=course["id"], now=NOW)
    run = await make_run(db, city.city_admin, course)
    made = await make_published_class(db, city.city_admin, run)
    await close(db, city.city_admin, made["activity_id"])
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    granter, delegate = city.city_admin.actor, other.actor
    acting = replace(delegate, on_behalf_of=granter.account_id)
    await conclude(db, Person(acting, "delegate"), run)
    for actor in (granter, delegate, acting):
        with pytest.raises(RunOfOneself):
            await judge(db, Person(actor, "own"), run)
    third = await make_account(db, "city.third", Role.CITY_ADMIN, city.city)
    assert (await judge(db, third, run))["rating"] == "good"


async def test_merged_records_take_no_place_in_the_figures(db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    made = await make_published_class(db, city.school_admin, run)
    for person in (city.teacher_account, city.colleague_account):
        await enrol_oneself(db, person.actor, activity_id=made["activity_id"], now=NOW)
    actor = city.school_admin.actor
    assert (await get_course_run_figures(db, actor, run_id=run["id"]))["enrolled"] == 2
    await db.change(Teacher, city.colleague["id"], {"merged_into_id": city.teacher["id"]})
    assert (await get_course_run_figures(db, actor, run_id=run["id"]))["enrolled"] == 1
