from datetime import timedelta
from typing import Any

from app.domain.training.surveys import SurveyState
from app.request import now
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_link, make_responses, make_survey

QUESTIONS = [
    {
        "code": "form", "kind": "SINGLE_CHOICE", "text": "最需要哪种研修？",
        "options": [{"code": "lecture", "text": "讲座"}, {"code": "lesson", "text": "观课"}],
    },
]  # fmt: skip
CREATE = (
    "mutation ($new: NewSurvey!) { createSurvey(new: $new)"
    " { id state unit { name } questions { code kind text options { code text } } } }"
)
DO = "mutation ($id: UUID!) { %s(surveyId: $id) { state } }"


def window() -> dict[str, str]:
    return {
        "opensAt": (now() - timedelta(hours=1)).isoformat(),
        "closesAt": (now() + timedelta(days=7)).isoformat(),
    }


def new_survey(city: City) -> dict[str, Any]:
    return {
        "purpose": "NEEDS", "title": "需求调查", "questions": QUESTIONS,
        "unitId": str(city.school["id"]), **window(),
    }  # fmt: skip


async def test_a_survey_is_drafted_and_changed(client: Client, city: City) -> None:
    made = await client.graphql(city.school_admin, CREATE, {"new": new_survey(city)})
    survey = made["data"]["createSurvey"]
    assert (survey["state"], survey["unit"]) == ("DRAFT", {"name": "甲县第一小学"})
    assert survey["questions"] == QUESTIONS
    one = {"id": survey["id"]}
    renamed = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $changes: SurveyChanges!)"
        " { updateSurvey(surveyId: $id, changes: $changes) { title strata } }",
        {**one, "changes": {"title": "改名", "strata": ["CLASS_HEAD"]}},
    )
    assert renamed["data"]["updateSurvey"] == {"title": "改名", "strata": ["CLASS_HEAD"]}


async def test_a_survey_is_answered_closed_published_and_held_again(
    client: Client, city: City
) -> None:
    made = await client.graphql(city.school_admin, CREATE, {"new": new_survey(city)})
    one = {"id": made["data"]["createSurvey"]["id"]}
    await client.graphql(city.school_admin, DO % "openSurvey", one)
    answered = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!, $given: SurveyAnswers!)"
        " { answerSurvey(surveyId: $id, given: $given) { surveyId answeredOn } }",
        {**one, "given": {"answers": [{"question": "form", "choices": ["lesson"]}]}},
    )
    assert answered["data"]["answerSurvey"]["surveyId"] == one["id"]
    offered = await client.graphql(
        city.teacher_account, "{ offeredSurveys(state: OPEN) { nodes { id } } }"
    )
    assert offered["data"]["offeredSurveys"]["nodes"] == [one]
    early = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { surveyResults(surveyId: $id) { responses } }",
        one,
    )
    assert early["errors"][0]["extensions"]["code"] == "survey_still_open"
    for verb, state in (("closeSurvey", "CLOSED"), ("publishSurvey", "PUBLISHED")):
        done = await client.graphql(city.school_admin, DO % verb, one)
        assert done["data"][verb] == {"state": state}
    copied = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: SurveyRepetition!)"
        " { copySurvey(surveyId: $id, new: $new) { previous { id } } }",
        {**one, "new": {"title": "第二期", **window()}},
    )
    assert copied["data"]["copySurvey"] == {"previous": one}


async def test_results_and_their_comparison(client: Client, city: City, db: Connection) -> None:
    first = await make_survey(db, city.school, city.school_admin, state=SurveyState.CLOSED)
    second = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, previous_id=first["id"],
        breakdowns=["rank"],
    )  # fmt: skip
    await make_responses(db, first, 5, "lecture")
    await make_responses(db, second, 6, "lesson", rank=["senior"])
    found = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { surveyResults(surveyId: $id, scope: WHOLE) { scope responses fewest"
        " questions { code base hidden options { value count share } }"
        " breakdowns { by hiddenGroups groups { group responses questions { base } } } }"
        " surveyComparison(surveyId: $id) { questions { code before { base } after { base } } } }",
        {"id": str(second["id"])},
    )
    results = found["data"]["surveyResults"]
    assert (results["scope"], results["responses"], results["fewest"]) == ("WHOLE", 6, 5)
    assert results["questions"][0]["options"] == [
        {"value": "lecture", "count": 0, "share": "0.0000"},
        {"value": "lesson", "count": 6, "share": "1.0000"},
    ]
    assert results["breakdowns"] == [
        {
            "by": "RANK", "hiddenGroups": 0,
            "groups": [{"group": "senior", "responses": 6, "questions": [{"base": 6}]}],
        }
    ]  # fmt: skip
    assert found["data"]["surveyComparison"]["questions"][0] == {
        "code": "form", "before": {"base": 5}, "after": {"base": 6},
    }  # fmt: skip


async def test_the_links_of_all_surveys_are_one_statement(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    for _ in range(2):
        survey = await make_survey(db, city.school, city.school_admin)
        await make_link(db, survey, city.school, city.school_admin, f"token-{survey['id']}")
    before = pool.statements
    shown = await client.graphql(
        city.school_admin,
        "{ surveys { nodes { links { nodes { kind school { name } } } } } }",
    )
    link = {"links": {"nodes": [{"kind": "SINGLE", "school": {"name": "甲县第一小学"}}]}}
    assert shown["data"]["surveys"]["nodes"] == [link, link]
    assert pool.statements - before == 3
