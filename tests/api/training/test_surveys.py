from datetime import timedelta
from typing import Any

from app.domain.training.surveys import SurveyState
from app.request import now
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_responses, make_survey

QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "form", "kind": "single_choice", "text": "最需要哪种研修？",
        "options": [{"code": "lecture", "text": "讲座"}, {"code": "lesson", "text": "观课"}],
    },
    {"code": "advice", "kind": "text", "text": "建议", "required": False},
]  # fmt: skip


def window() -> dict[str, str]:
    return {
        "opens_at": (now() - timedelta(hours=1)).isoformat(),
        "closes_at": (now() + timedelta(days=7)).isoformat(),
    }


def body(**more: Any) -> dict[str, Any]:
    return {"purpose": "needs", "title": "需求调查", "questions": QUESTIONS} | window() | more


async def test_a_survey_is_drafted_and_changed(client: Client, city: City) -> None:
    made = await client.post(
        city.school_admin, "/surveys", body(unit_id=str(city.school["id"]), breakdowns=["rank"])
        | {"strata": ["class_head", "new_teacher"]},
    )  # fmt: skip
    assert made.status_code == 201
    survey = made.json()
    address = f"/surveys/{survey['id']}"
    assert made.headers["Location"] == f"/api/v1{address}"
    assert [each["code"] for each in survey["questions"]] == ["form", "advice"]
    assert survey["strata"] == ["class_head", "new_teacher"]
    read = await client.get(city.school_admin, address)
    assert read.json() == survey
    changed = await client.request(
        city.school_admin, "PATCH", address, json={"title": "改名"},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["title"]) == (200, "改名")
    stale = await client.request(
        city.school_admin, "PATCH", address, json={"title": "再改"},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    assert (await client.get(city.teacher_account, address)).status_code == 404


async def test_a_survey_is_answered_closed_published_and_held_again(
    client: Client, city: City, db: Connection
) -> None:
    made = await client.post(city.school_admin, "/surveys", body(unit_id=str(city.school["id"])))
    survey = made.json()
    address = f"/surveys/{survey['id']}"
    assert (await client.post(city.school_admin, f"{address}/open")).json()["state"] == "open"
    offered = await client.get(city.teacher_account, "/offered-surveys?state=open")
    assert [row["id"] for row in offered.json()["items"]] == [survey["id"]]
    answers = {"answers": [{"question": "form", "choices": ["lesson"]}]}
    wrong = {"answers": [{"question": "form", "choices": ["salon"]}]}
    refused = await client.post(city.teacher_account, f"{address}/answers", wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "survey_option_unknown")
    for status, code in ((201, None), (409, "survey_already_answered")):
        answered = await client.post(
            city.teacher_account, f"{address}/answers", answers,
            headers={"Idempotency-Key": "abcdefgh-1"},
        )  # fmt: skip
        assert (answered.status_code, answered.json().get("code")) == (status, code)
    kept = "SELECT count(*) FROM idempotent_answer"
    assert await db._driver.fetchval(kept) == 0, (
        "a hash of the answers would stand beside who gave them"
    )
    early = await client.get(city.school_admin, f"{address}/results")
    assert early.json()["code"] == "survey_still_open"
    assert (await client.post(city.school_admin, f"{address}/close")).status_code == 200
    found = (await client.get(city.school_admin, f"{address}/results")).json()
    assert (found["responses"], found["questions"][0]["hidden"]) == (None, True)
    assert (await client.post(city.school_admin, f"{address}/publish")).status_code == 200
    copied = await client.post(
        city.school_admin, f"{address}/copy", {"title": "第二期", **window()}
    )
    assert (copied.status_code, copied.json()["previous_id"]) == (201, survey["id"])
    mine = await client.get(city.school_admin, "/surveys?purpose=needs&sort=title")
    assert len(mine.json()["items"]) == 2


async def test_results_and_their_comparison(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    first = await make_survey(db, city.school, city.school_admin, state=SurveyState.CLOSED)
    second = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, previous_id=first["id"],
        breakdowns=["rank"],
    )  # fmt: skip
    await make_responses(db, first, 5, "lecture")
    await make_responses(db, second, 6, "lesson", rank=["senior"])
    before = pool.statements
    found = await client.get(city.school_admin, f"/surveys/{second['id']}/results")
    assert pool.statements - before == 2
    [option] = [
        each for each in found.json()["questions"][0]["options"] if each["value"] == "lesson"
    ]
    assert (option["count"], option["share"]) == (6, "1.0000")
    [by_rank] = found.json()["breakdowns"]
    assert [(each["group"], each["responses"]) for each in by_rank["groups"]] == [("senior", 6)]
    compared = await client.get(city.school_admin, f"/surveys/{second['id']}/comparison")
    assert [each["code"] for each in compared.json()["questions"]] == ["form", "advice"]
    alone = await client.get(city.school_admin, f"/surveys/{first['id']}/comparison")
    assert (alone.status_code, alone.json()["code"]) == (409, "survey_without_previous")


async def test_what_cannot_be_asked_is_said_in_chinese(client: Client, city: City) -> None:
    wrong = body(unit_id=str(city.school["id"]), questions=[QUESTIONS[0] | {"options": []}])
    refused = await client.post(
        city.school_admin, "/surveys", wrong, headers={"Accept-Language": "zh-CN"}
    )
    assert refused.status_code == 422
    assert "选项" in refused.text
