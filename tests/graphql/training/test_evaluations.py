from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity

PLAN = (
    "mutation ($id: UUID!, $plan: EvaluationPlan!)"
    " { planEvaluation(activityId: $id, plan: $plan) { id windowDays survey { id } } }"
)


async def test_an_activity_is_closed_evaluated_and_summed_up(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    one = {"id": str(activity["id"])}
    planned = await client.graphql(city.school_admin, PLAN, {**one, "plan": {"windowDays": 3}})
    evaluation = planned["data"]["planEvaluation"]
    assert (evaluation["windowDays"], evaluation["survey"]) == (3, None)
    await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { closeActivity(activityId: $id) { state } }",
        one,
    )
    done = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $new: NewSummary!)"
        " { summariseActivity(activityId: $id, new: $new) { summary activity { state } } }",
        {**one, "new": {"summary": "圆满结束"}},
    )
    assert done["data"]["summariseActivity"] == {
        "summary": "圆满结束", "activity": {"state": "CLOSED"},
    }  # fmt: skip
    before = pool.statements
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { evaluation(id: $id) { survey { state } }"
        " evaluations(summarised: true) { nodes { title } } }",
        {"id": evaluation["id"]},
    )
    assert read["data"] == {
        "evaluation": {"survey": {"state": "OPEN"}},
        "evaluations": {"nodes": [{"title": "测试研修活动"}]},
    }
    assert pool.statements - before == 3
    early = await client.graphql(city.school_admin, PLAN, {**one, "plan": {}})
    assert early["errors"][0]["extensions"]["code"] == "activity_wrong_state"
