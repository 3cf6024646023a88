"""Reviews of plans over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_plans import make_plan, make_published

STEP = "mutation ($id: UUID!) {{ {0}(planId: $id) {{ state }} }}"
DECIDE = (
    'mutation ($id: UUID!) {{ {0}(planId: $id, opinion: {{opinion: "同意实施"}}) {{ state }} }}'
)
STEPS = "query ($id: UUID!) { planReviews(planId: $id) { nodes { step by opinion version } } }"


async def test_every_step(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    given = {"id": str(plan["id"])}
    for person, document, name, state in (
        (city.school_admin, STEP, "submitPlan", "SUBMITTED"),
        (city.school_admin, STEP, "withdrawPlan", "WITHDRAWN"),
        (city.school_admin, STEP, "submitPlan", "SUBMITTED"),
        (city.county_admin, DECIDE, "returnPlan", "RETURNED"),
        (city.school_admin, STEP, "submitPlan", "SUBMITTED"),
        (city.county_admin, DECIDE, "approvePlan", "APPROVED"),
        (city.school_admin, STEP, "publishPlan", "PUBLISHED"),
    ):
        done = await client.graphql(person, document.format(name), given)
        assert done["data"] == {name: {"state": state}}, done
    steps = await client.graphql(city.school_admin, STEPS, given)
    assert steps["data"]["planReviews"]["nodes"][5] == {
        "step": "APPROVE", "by": "county.admin", "opinion": "同意实施", "version": 3
    }  # fmt: skip
    late = await client.graphql(city.county_admin, DECIDE.format("approvePlan"), given)
    assert late["errors"][0]["extensions"]["code"] == "plan_wrong_state"


AMEND = """mutation ($id: UUID!, $amendment: PlanAmendment!) {
  amendPlan(planId: $id, amendment: $amendment) { title version inForce amendmentSince }
}"""


async def test_an_agreed_plan_is_amended(client: Client, db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await make_published(db, city.school_admin, city.county_admin, plan)
    item = {
        "content": "教学论坛", "startsOn": "2026-12-01", "endsOn": "2026-12-02",
        "trainerIds": [str(city.teacher["id"])], "trainees": "全体教师", "progress": "第14周",
    }  # fmt: skip
    given = {"id": str(plan["id"]), "amendment": {"title": "修订", "items": [item]}}
    amended = (await client.graphql(city.school_admin, AMEND, given))["data"]["amendPlan"]
    assert (amended["title"], amended["version"], amended["inForce"]) == (plan["title"], 2, 1)
    assert amended["amendmentSince"] is not None
    agreed = await client.graphql(
        city.county_admin, DECIDE.format("approvePlan"), {"id": given["id"]}
    )
    assert agreed["data"] == {"approvePlan": {"state": "PUBLISHED"}}, agreed
    items = "query ($id: UUID!) { planItems(planId: $id) { nodes { content trainerIds } } }"
    seen = await client.graphql(city.teacher_account, items, {"id": str(plan["id"])})
    assert seen["data"]["planItems"]["nodes"] == [
        {"content": "教学论坛", "trainerIds": [str(city.teacher["id"])]}
    ]
