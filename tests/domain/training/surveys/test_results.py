from decimal import Decimal
from uuid import UUID

import pytest

from app.domain.errors import NotAllowed
from app.domain.training.surveys import (
    NoPreviousSurvey,
    ResultScope,
    SurveyAnswers,
    SurveyNotFound,
    SurveyState,
    answer_survey,
    close_survey,
    get_survey_comparison,
    list_offered_surveys,
    publish_survey,
)
from app.sql import Connection, Row
from tests.domain.training.surveys.asking import PAGE, TWO, answer, question, refused, results
from tests.make import (
    NOW,
    City,
    make_activity,
    make_attendance,
    make_group,
)
from tests.make_needs import CHOICE, make_responses, make_survey

# Results.


def figures(row: Row, code: str = "form") -> dict[str, int]:
    [found] = [each for each in row["questions"] if each["code"] == code]
    return {each["value"]: each["count"] for each in found["options"]}


async def test_results_have_numerators_bases_and_shares(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.school, city.school_admin, state=SurveyState.CLOSED)
    await make_responses(db, survey, 4, "lecture", words="好")
    await make_responses(db, survey, 2, "lesson", words="再来")
    before = db.statements
    found = await results(db, city.school_admin, survey)
    assert db.statements - before == 2, "the door, and one statement for all questions"
    assert (found["scope"], found["responses"], found["fewest"]) == ("whole", 6, 5)
    first, words = found["questions"]
    assert first["base"] == 6
    assert [(each["count"], each["share"]) for each in first["options"]] == [
        (4, Decimal("0.6667")), (2, Decimal("0.3333")),
    ]  # fmt: skip
    assert words["texts"] == ["再来", "再来", "好", "好", "好", "好"]
    above = await results(db, city.county_admin, survey)
    assert figures(above) == {"lecture": 4, "lesson": 2}
    assert (above["questions"][1]["texts"], above["questions"][1]["hidden"]) == ([], True)


async def test_scales_numbers_and_rankings(db: Connection, city: City) -> None:
    questions = [
        question(code="s", kind="scale", minimum=1, maximum=3).model_dump(mode="json"),
        question(code="n", kind="number").model_dump(mode="json"),
        question(code="r", kind="ranking", options=TWO).model_dump(mode="json"),
        question(code="m", kind="multiple_choice", options=TWO).model_dump(mode="json"),
    ]
    survey = await make_survey(db, city.school, city.school_admin, questions=questions)
    given = [
        {"question": "s", "number": "3"}, {"question": "n", "number": "2.5"},
        {"question": "r", "choices": ["b", "a"]}, {"question": "m", "choices": ["a", "b"]},
    ]  # fmt: skip
    group = await make_group(db, city.school)
    assert group
    for person in (city.teacher_account, city.colleague_account):
        await answer_survey(
            db, person.actor, survey_id=survey["id"],
            given=SurveyAnswers.model_validate({"answers": given}), now=NOW,
        )  # fmt: skip
    await close_survey(db, city.school_admin.actor, survey_id=survey["id"], now=NOW)
    few = await results(db, city.school_admin, survey)
    assert few["responses"] is None
    assert [(each["base"], each["hidden"], each["options"]) for each in few["questions"]] == (
        [(None, True, [])] * 4
    )
    copies = "INSERT INTO survey_response SELECT gen_random_uuid(), survey_id, teacher_id,"
    copies += " of_school_id, strata, answers FROM survey_response, generate_series(1, 2)"
    await db._driver.execute(copies)
    scale, number, ranking, several = (await results(db, city.school_admin, survey))["questions"]
    assert (scale["base"], scale["mean"]) == (6, Decimal("3.00"))
    assert [each["count"] for each in scale["options"]] == [0, 0, 6]
    assert (number["mean"], number["options"]) == (Decimal("2.50"), [])
    assert [(each["value"], each["count"], each["mean_place"]) for each in ranking["options"]] == [
        ("a", 0, Decimal("2.00")), ("b", 6, Decimal("1.00")),
    ]  # fmt: skip
    assert [each["count"] for each in several["options"]] == [6, 6]


async def test_small_groups_are_hidden_and_cannot_be_subtracted(db: Connection, city: City) -> None:
    survey = await make_survey(
        db, city.city, city.city_admin, state=SurveyState.CLOSED,
        breakdowns=["county", "school", "rank"],
    )  # fmt: skip
    for school, count in (
        (city.school, 9), (city.sibling, 6), (city.far_school, 5), (city.direct_school, 3),
    ):  # fmt: skip
        await make_responses(db, survey, count, school=school, rank=["senior"])
    before = db.statements
    found = await results(db, city.city_admin, survey)
    assert db.statements - before == 4, "the door, the counts, the names, what lies within what"
    shown = {each["by"]: each for each in found["breakdowns"]}
    counties = {each["name"]: each["responses"] for each in shown["county"]["groups"]}
    assert counties == {"甲县": 15}, "with three hidden, the county of five goes with them"
    assert shown["county"]["hidden_groups"] == 2
    schools = {each["name"]: each["responses"] for each in shown["school"]["groups"]}
    assert schools == {"甲县第一小学": 9, "甲县第二小学": 6}
    assert [each["group"] for each in shown["rank"]["groups"]] == ["senior"]
    assert figures(shown["rank"]["groups"][0]) == {"lecture": 23, "lesson": 0}


async def test_in_each_county_the_schools_hidden_are_no_few(db: Connection, city: City) -> None:
    survey = await make_survey(
        db, city.city, city.city_admin, state=SurveyState.CLOSED, breakdowns=["county", "school"]
    )
    for school, count in (
        (city.school, 9), (city.sibling, 2), (city.far_school, 2), (city.direct_school, 20),
    ):  # fmt: skip
        await make_responses(db, survey, count, school=school)
    found = await results(db, city.city_admin, survey)
    shown = {
        each["by"]: {group["name"] for group in each["groups"]} for each in found["breakdowns"]
    }
    # Two of 乙县 hide 甲县 with them; a school of 甲县 beside the others would tell them.
    assert shown == {"county": {"测试市"}, "school": {"市直第一中学"}}


async def test_two_breakdowns_do_not_tell_of_a_few_together(db: Connection, city: City) -> None:
    survey = await make_survey(
        db, city.city, city.city_admin, state=SurveyState.CLOSED, breakdowns=["school", "stage"]
    )
    for school, count, stage in (
        (city.school, 10, "primary"), (city.sibling, 2, "primary"), (city.far_school, 3, "primary"),
        (city.far_school, 3, "junior"), (city.direct_school, 82, "junior"),
    ):  # fmt: skip
        await make_responses(db, survey, count, school=school, stage=[stage])
    found = await results(db, city.city_admin, survey)
    shown = {
        each["by"]: {
            group["name"] or group["group"]: group["responses"] for group in each["groups"]
        }
        for each in found["breakdowns"]
    }
    # 85 answered of the junior stage: 82 from one school would leave three of another.
    assert shown == {"school": {"甲县第一小学": 10}, "stage": {"junior": 85, "primary": 15}}


async def test_a_school_sees_its_own_share_and_everybody_the_published_whole(
    db: Connection, city: City
) -> None:
    survey = await make_survey(
        db, city.county, city.county_admin, city.school, city.sibling, state=SurveyState.CLOSED,
        breakdowns=["school", "stage"],
    )  # fmt: skip
    await make_responses(db, survey, 7, school=city.school, stage=["primary"], words="保密")
    await make_responses(db, survey, 8, "lesson", school=city.sibling, stage=["primary"])
    share = await results(db, city.school_admin, survey)
    assert (share["scope"], share["responses"]) == ("share", 7)
    assert figures(share) == {"lecture": 7, "lesson": 0}
    assert "保密" not in str(share)
    with pytest.raises(NotAllowed):
        await results(db, city.teacher_account, survey)
    with pytest.raises(SurveyNotFound):
        await results(db, city.other_county_admin, survey)
    await publish_survey(db, city.county_admin.actor, survey_id=survey["id"], now=NOW)
    for person, scope in ((city.teacher_account, None), (city.school_admin, ResultScope.WHOLE)):
        whole = await results(db, person, survey, scope)
        assert (whole["scope"], whole["breakdowns"]) == ("whole", [])
        assert figures(whole) == {"lecture": 7, "lesson": 8}
        assert "保密" not in str(whole)


async def test_a_share_that_leaves_a_few_others_is_not_shown(db: Connection, city: City) -> None:
    survey = await make_survey(
        db, city.county, city.county_admin, state=SurveyState.CLOSED, breakdowns=["school"]
    )
    await make_responses(db, survey, 7, school=city.school)
    await make_responses(db, survey, 3, "lesson", school=city.sibling)
    share = await results(db, city.school_admin, survey)
    assert (share["responses"], share["questions"][0]["options"]) == (None, [])


async def test_a_survey_of_names_is_shown_in_full_to_its_owner(db: Connection, city: City) -> None:
    survey = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, anonymous=False
    )
    await make_responses(db, survey, 2)
    assert figures(await results(db, city.school_admin, survey)) == {"lecture": 2, "lesson": 0}
    assert figures(await results(db, city.county_admin, survey)) == {}


async def test_a_survey_is_compared_with_the_one_before(db: Connection, city: City) -> None:
    before = await make_survey(db, city.school, city.school_admin, state=SurveyState.CLOSED)
    other = CHOICE | {"code": "else", "kind": "single_choice"}
    after = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, previous_id=before["id"],
        questions=[CHOICE, other],
    )  # fmt: skip
    await make_responses(db, before, 6, "lecture")
    await make_responses(db, after, 5, "lesson")
    ran = db.statements
    found = await get_survey_comparison(db, city.school_admin.actor, survey_id=after["id"])
    assert db.statements - ran == 3
    [compared] = found["questions"]
    assert compared["code"] == "form"
    assert [each["count"] for each in compared["before"]["options"]] == [6, 0]
    assert [each["count"] for each in compared["after"]["options"]] == [0, 5]
    with pytest.raises(NoPreviousSurvey):
        await get_survey_comparison(db, city.school_admin.actor, survey_id=before["id"])
    with pytest.raises(NotAllowed):
        await get_survey_comparison(db, city.teacher_account.actor, survey_id=after["id"])


async def test_who_took_part_evaluates_and_nobody_else(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    survey = await make_survey(db, city.school, city.school_admin, activity_id=activity["id"])
    await answer(db, city.teacher_account, survey)
    await refused(db, SurveyNotFound, answer(db, city.colleague_account, survey))
    offered = await list_offered_surveys(db, city.teacher_account.actor, page=PAGE)
    assert [row["id"] for row in offered.items] == [survey["id"]]
    assert isinstance(survey["id"], UUID)
