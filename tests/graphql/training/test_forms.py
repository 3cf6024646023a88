from typing import Any

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_forms import STEPS, make_form

NEW: dict[str, Any] = {
    "code": "five_steps", "nameZh": "五步备课", "nameEn": "Planning in five steps",
    "kind": "COLLECTIVE_PLANNING", "steps": STEPS, "roles": ["SPEAKER"],
    "evidence": [{"kind": "LESSON_PLAN", "per": "ACTIVITY", "step": "problem"}],
    "sources": [{"document": "测试文件", "article": "第一条"}],
}  # fmt: skip
PUBLISH = (
    "mutation ($new: NewForm!) { publishForm(new: $new) { id version roles"
    " steps { code required } evidence { kind atLeast step } sources { article quote } } }"
)


async def test_a_form_is_published_and_retired(client: Client, city: City) -> None:
    new = NEW | {"unitId": str(city.city["id"])}
    answer = await client.graphql(city.city_admin, PUBLISH, {"new": new})
    assert "errors" not in answer, answer
    made = answer["data"]["publishForm"]
    assert made == {
        "id": made["id"],
        "version": 1,
        "roles": ["SPEAKER"],
        "steps": [{"code": step["code"], "required": step.get("required", True)} for step in STEPS],
        "evidence": [{"kind": "LESSON_PLAN", "atLeast": 1, "step": "problem"}],
        "sources": [{"article": "第一条", "quote": None}],
    }
    key = {"id": made["id"]}
    retired = await client.graphql(
        city.city_admin, "mutation ($id: UUID!) { retireForm(formId: $id) { endedAt } }", key
    )
    assert retired["data"]["retireForm"]["endedAt"] is not None
    shown = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { form(id: $id) { nameZh } }", key
    )
    assert shown["data"]["form"] == {"nameZh": "五步备课"}
    wrong = new | {"steps": [STEPS[0], STEPS[0]]}
    refused = await client.graphql(city.city_admin, PUBLISH, {"new": wrong})
    assert refused["errors"][0]["extensions"]["code"] == "invalid_request"


async def test_forms_lead_to_their_activities_and_back(
    client: Client, db: Connection, city: City
) -> None:
    form = await make_form(db, city.city)
    for title in ("甲", "乙"):
        await make_activity(db, city.school, city.school_admin, form_id=form["id"], title=title)
    answer = await client.graphql(
        city.school_admin,
        "{ forms(inForce: true, kind: SEMINAR) { nodes { code activities(first: 5) { nodes"
        ' { form { version } } } } } activities(formCode: "test_form") { nodes { title } } }',
    )
    (found,) = answer["data"]["forms"]["nodes"]
    assert found["activities"]["nodes"] == [{"form": {"version": 1}}] * 2
    assert {each["title"] for each in answer["data"]["activities"]["nodes"]} == {"甲", "乙"}
