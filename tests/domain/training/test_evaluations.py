from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training import activities
from app.domain.training.activities import ActivityNotFound, ActivityState, WrongState
from app.domain.training.closing import close_activity
from app.domain.training.evaluations import (
    DEFAULT_QUESTIONS,
    EvaluationNotFound,
    EvaluationPlan,
    NewSummary,
    NoEvaluationTemplate,
    evaluations_by_id,
    get_evaluation,
    list_evaluations,
    plan_evaluation,
    summarise_activity,
)
from app.domain.training.surveys import (
    GivenAnswer,
    SurveyAnswers,
    answer_survey,
    get_survey,
    list_surveys,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_attendance, make_group
from tests.make_needs import QUESTIONS, make_survey, make_template

PAGE = PageRequest(limit=100)
SUMMARY = NewSummary(
    summary="本次活动围绕集体备课展开。", effects="三份共案", problems="时间不足",
    next_steps="下月增加磨课一次",
)  # fmt: skip


async def held(db: Connection, city: City, **more: Any) -> Row:
    return await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD, **more)


async def close(db: Connection, person: Person, activity: Row) -> Row:
    return await close_activity(db, person.actor, activity_id=activity["id"], now=NOW)


async def evaluation_of(db: Connection, person: Person, activity: Row) -> Row:
    page = await list_evaluations(db, person.actor, page=PAGE, activity_id=activity["id"])
    [row] = page.items
    return row


async def survey_of(db: Connection, person: Person, activity: Row) -> Row:
    row = await evaluation_of(db, person, activity)
    return await get_survey(db, person.actor, survey_id=row["survey_id"])


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def test_closing_an_activity_opens_its_evaluation_and_asks_for_a_summary(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    activity = await held(db, city, group=group)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    alone, actor = await held(db, city), city.school_admin.actor
    before = db.statements
    await activities.conclude_activity(db, actor, activity_id=alone["id"], now=NOW)
    needed = db.statements - before
    closed = await close(db, city.school_admin, activity)
    assert closed["state"] == "closed"
    added = db.statements - before - 2 * needed
    assert added == 9, "a search for each kind of doubt; the situation, the survey, its evaluation"
    row = await evaluation_of(db, city.school_admin, activity)
    assert row["title"] == "测试研修活动"
    assert (row["summary_due_on"], row["summary"]) == (date(2026, 12, 4), None)
    survey = await survey_of(db, city.school_admin, activity)
    assert (survey["state"], survey["anonymous"]) == ("open", True)
    assert (survey["group_id"], survey["unit_id"]) == (group["id"], city.school["id"])
    assert survey["closes_at"] == NOW + timedelta(days=7)
    assert [each["code"] for each in survey["questions"]] == [
        question.code for question in DEFAULT_QUESTIONS
    ]
    given = SurveyAnswers(
        answers=[
            GivenAnswer.model_validate({"question": code, "number": "4"})
            for code in ("relevance", "quality", "use")
        ]
    )
    await answer_survey(
        db, city.teacher_account.actor, survey_id=survey["id"], given=given, now=NOW
    )
    assert (await survey_of(db, city.school_admin, activity))["responses"] == 1


async def test_the_citys_template_is_used_unless_the_organiser_names_another(
    db: Connection, city: City
) -> None:
    await make_template(db, city.city, city.city_admin)
    bureaus = await make_group(db, city.city)
    of_a_group = {"group_id": bureaus["id"], "questions": QUESTIONS[1:]}
    await make_template(db, city.city, city.city_admin, **of_a_group)
    own = await make_template(
        db, city.school, city.school_admin, questions=QUESTIONS[:1], breakdowns=["rank"]
    )
    by_default, by_name = await held(db, city), await held(db, city)
    plan = EvaluationPlan(template_id=own["id"], window_days=3, summary_days=5)
    planned = await plan_evaluation(
        db, city.school_admin.actor, activity_id=by_name["id"], plan=plan
    )
    assert (planned["template_id"], planned["survey_id"]) == (own["id"], None)
    for activity in (by_default, by_name):
        await close(db, city.school_admin, activity)
    first = await survey_of(db, city.school_admin, by_default)
    assert [each["code"] for each in first["questions"]] == ["form", "advice"]
    second = await survey_of(db, city.school_admin, by_name)
    assert [each["code"] for each in second["questions"]] == ["form"]
    assert (second["breakdowns"], second["closes_at"]) == (["rank"], NOW + timedelta(days=3))
    row = await evaluation_of(db, city.school_admin, by_name)
    assert row["summary_due_on"] == date(2026, 11, 25)
    assert row["id"] == planned["id"]
    again = plan_evaluation(db, city.school_admin.actor, activity_id=by_name["id"], plan=plan)
    await refused(db, WrongState, again)


async def test_what_is_no_template_evaluates_nothing(db: Connection, city: City) -> None:
    activity = await held(db, city)
    survey = await make_survey(db, city.school, city.school_admin)
    other = await make_template(db, city.school, city.school_admin)
    await db._driver.execute("UPDATE survey SET title = 'x' WHERE id = $1", other["id"])
    plan = EvaluationPlan(template_id=survey["id"])
    await refused(
        db, NoEvaluationTemplate,
        plan_evaluation(db, city.school_admin.actor, activity_id=activity["id"], plan=plan),
    )  # fmt: skip
    plan = EvaluationPlan()
    for person, refusal in (
        (city.teacher_account, NotAllowed),
        (city.sibling_admin, ActivityNotFound),
    ):
        await refused(
            db, refusal, plan_evaluation(db, person.actor, activity_id=activity["id"], plan=plan)
        )


async def test_the_organiser_sums_up_what_is_closed(db: Connection, city: City) -> None:
    activity = await held(db, city)
    actor = city.school_admin.actor
    await refused(
        db, WrongState,
        summarise_activity(db, actor, activity_id=activity["id"], new=SUMMARY, now=NOW),
    )  # fmt: skip
    await close(db, city.school_admin, activity)
    due = await list_evaluations(
        db, city.county_admin.actor, page=PAGE, summarised=False, due_before=date(2026, 12, 5)
    )
    assert [row["activity_id"] for row in due.items] == [activity["id"]]
    row = await summarise_activity(db, actor, activity_id=activity["id"], new=SUMMARY, now=NOW)
    assert (row["summary"], row["next_steps"]) == (SUMMARY.summary, SUMMARY.next_steps)
    assert row["summarised_at"] == NOW
    waiting = await list_evaluations(db, actor, page=PAGE, summarised=False)
    assert waiting.items == []
    found = await evaluations_by_id(db, actor, evaluation_ids=[row["id"]])
    assert found[row["id"]] == row
    for person in (city.sibling_admin, city.teacher_account):
        with pytest.raises((EvaluationNotFound, NotAllowed)):
            await get_evaluation(db, person.actor, evaluation_id=row["id"])
    await refused(
        db, ActivityNotFound,
        summarise_activity(
            db, city.sibling_admin.actor, activity_id=activity["id"], new=SUMMARY, now=NOW
        ),
    )  # fmt: skip


async def test_what_was_closed_before_there_were_evaluations_can_be_summed_up(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)
    row = await summarise_activity(
        db, city.school_admin.actor, activity_id=activity["id"], new=SUMMARY, now=NOW
    )
    assert (row["survey_id"], row["summary_due_on"]) == (None, None)
    assert (await list_surveys(db, city.school_admin.actor, page=PAGE)).items == []
