from datetime import timedelta

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.training.surveys import (
    GivenAnswer,
    SurveyAlreadyAnswered,
    SurveyAnswers,
    SurveyAudienceOutside,
    SurveyChanges,
    SurveyIsTemplate,
    SurveyNotFound,
    SurveyNotOpen,
    SurveyRepetition,
    SurveyStillOpen,
    SurveyWindowPassed,
    SurveyWindowWrong,
    SurveyWrongState,
    answer_survey,
    close_survey,
    copy_survey,
    create_survey,
    get_survey,
    list_offered_surveys,
    list_surveys,
    open_survey,
    publish_survey,
    update_survey,
)
from app.sql import Connection
from tests.domain.training.surveys.asking import PAGE, a_survey, answer, refused, results
from tests.make import (
    NOW,
    City,
    make_account,
    make_group,
)
from tests.make_needs import make_survey
from tests.make_organisation import make_department, make_network

# The life of a survey.


async def test_a_survey_is_drafted_opened_answered_closed_and_published(
    db: Connection, city: City
) -> None:
    made = await create_survey(db, city.county_admin.actor, new=a_survey(unit_id=city.county["id"]))
    assert (made["state"], made["audience"]) == ("draft", [city.county["id"]])
    survey_id = made["id"]
    await refused(db, SurveyNotFound, answer(db, city.teacher_account, made))
    with pytest.raises(SurveyNotFound):
        await get_survey(db, city.teacher_account.actor, survey_id=survey_id)
    opened = await open_survey(db, city.county_admin.actor, survey_id=survey_id, now=NOW)
    assert opened["state"] == "open"
    page = await list_offered_surveys(db, city.teacher_account.actor, page=PAGE)
    assert [row["id"] for row in page.items] == [survey_id]
    given = SurveyAnswers(answers=[GivenAnswer(question="form", choices=["lesson"])])
    receipt = await answer_survey(
        db, city.teacher_account.actor, survey_id=survey_id, given=given, now=NOW
    )
    assert receipt == {"survey_id": survey_id, "answered_on": NOW.date()}
    assert (await get_survey(db, city.county_admin.actor, survey_id=survey_id))["responses"] == 1
    await refused(db, SurveyStillOpen, results(db, city.county_admin, made))
    closed = await close_survey(db, city.county_admin.actor, survey_id=survey_id, now=NOW)
    assert (closed["state"], closed["closed_at"], closed["responses"]) == ("closed", NOW, 1)
    await refused(db, SurveyNotOpen, answer(db, city.sibling_teacher_account, made))
    published = await publish_survey(db, city.county_admin.actor, survey_id=survey_id, now=NOW)
    assert published["state"] == "published"
    for again in (open_survey, close_survey, publish_survey):
        await refused(
            db, SurveyWrongState, again(db, city.county_admin.actor, survey_id=survey_id, now=NOW)
        )


async def test_who_holds_surveys(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    place = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
    leader = await make_account(db, "leader", Role.GROUP_LEADER, {**place, "id": group["id"]})
    department = await make_department(db, city.county, *Duty)
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department)
    network = await make_network(db, city.county, city.school, city.sibling)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    for person, owner, audience in (
        (city.school_admin, {"unit_id": city.school["id"]}, [city.school["id"]]),
        (leader, {"group_id": group["id"]}, [group["id"]]),
        (officer, {"department_id": department["id"]}, [city.county["id"]]),
        (
            coordinator,
            {"network_id": network["id"]},
            sorted([city.school["id"], city.sibling["id"]]),
        ),
    ):
        made = await create_survey(db, person.actor, new=a_survey(**owner))
        assert made["audience"] == audience
        mine = await list_surveys(db, person.actor, page=PAGE)
        assert made["id"] in {row["id"] for row in mine.items}
    with pytest.raises(NotAllowed):
        await create_survey(db, city.teacher_account.actor, new=a_survey(group_id=group["id"]))
    for owner in ({}, {"unit_id": city.school["id"], "group_id": group["id"]}):
        with pytest.raises(ValidationError):
            a_survey(**owner)


async def test_whom_a_survey_is_for(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    survey = await create_survey(
        db, city.county_admin.actor,
        new=a_survey(unit_id=city.county["id"], audience=[group["id"], city.sibling["id"]]),
    )  # fmt: skip
    survey_id = survey["id"]
    for outside in (city.far_school["id"], city.city["id"], city.teacher["id"]):
        changes = SurveyChanges(audience=[outside])
        await refused(
            db, SurveyAudienceOutside,
            update_survey(db, city.county_admin.actor, survey_id=survey_id, changes=changes),
        )  # fmt: skip
    await open_survey(db, city.county_admin.actor, survey_id=survey_id, now=NOW)
    given = SurveyAnswers(answers=[GivenAnswer(question="form", choices=["lesson"])])
    for person in (city.teacher_account, city.sibling_teacher_account):
        await answer_survey(db, person.actor, survey_id=survey_id, given=given, now=NOW)
    await refused(db, SurveyNotFound, answer(db, city.colleague_account, survey))
    await refused(db, NotAllowed, answer(db, city.school_admin, survey))


async def test_a_draft_is_changed_and_what_has_opened_stands(db: Connection, city: City) -> None:
    survey = await create_survey(
        db, city.school_admin.actor, new=a_survey(unit_id=city.school["id"])
    )
    actor, survey_id = city.school_admin.actor, survey["id"]
    changes = SurveyChanges.model_validate(
        {
            "title": "改题",
            "anonymous": False,
            "questions": [{"code": "q", "kind": "text", "text": "新题"}],
        }
    )
    changed = await update_survey(db, actor, survey_id=survey_id, changes=changes)
    assert (changed["title"], changed["anonymous"]) == ("改题", False)
    assert [each["code"] for each in changed["questions"]] == ["q"]
    wrong = SurveyChanges(closes_at=NOW - timedelta(days=9))
    await refused(
        db, SurveyWindowWrong, update_survey(db, actor, survey_id=survey_id, changes=wrong)
    )
    late = NOW + timedelta(days=8)
    await refused(db, SurveyWindowPassed, open_survey(db, actor, survey_id=survey_id, now=late))
    await open_survey(db, actor, survey_id=survey_id, now=NOW)
    await refused(
        db, SurveyWrongState, update_survey(db, actor, survey_id=survey_id, changes=changes)
    )
    for null in ({"title": None}, {"questions": [changes.questions[0]] * 2}):  # type: ignore[index]
        with pytest.raises(ValidationError):
            SurveyChanges.model_validate(null)


async def test_a_template_is_copied_and_not_answered(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    new = a_survey(unit_id=city.city["id"], is_template=True, opens_at=None, closes_at=None)
    template = await create_survey(db, actor, new=new)
    await refused(db, SurveyIsTemplate, open_survey(db, actor, survey_id=template["id"], now=NOW))
    window = {"opens_at": NOW, "closes_at": NOW + timedelta(days=3)}
    again = SurveyRepetition.model_validate({"title": "第一期", **window})
    first = await copy_survey(db, actor, survey_id=template["id"], new=again)
    assert (first["previous_id"], first["is_template"]) == (None, False)
    assert first["questions"] == template["questions"]
    second = await copy_survey(db, actor, survey_id=first["id"], new=again)
    assert (second["previous_id"], second["audience"]) == (first["id"], [city.city["id"]])
    with pytest.raises(ValidationError):
        SurveyRepetition.model_validate({"title": "x", "opens_at": NOW, "closes_at": NOW})
    with pytest.raises(ValidationError):
        a_survey(unit_id=city.city["id"], is_template=True)


async def test_each_answers_once_in_its_time(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.school, city.school_admin)
    await refused(
        db, SurveyNotOpen,
        answer(db, city.teacher_account, survey, now=NOW - timedelta(days=2)),
    )  # fmt: skip
    await answer(db, city.teacher_account, survey)
    await refused(db, SurveyAlreadyAnswered, answer(db, city.teacher_account, survey))
    await answer(db, city.colleague_account, survey)
    await refused(
        db, SurveyNotOpen,
        answer(db, city.sibling_teacher_account, survey | {"id": (
            await make_survey(db, city.sibling, city.sibling_admin)
        )["id"]}, now=NOW + timedelta(days=1)),
    )  # fmt: skip
