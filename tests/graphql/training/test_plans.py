"""Plans over GraphQL."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_plans import cite, make_plan, make_published, make_scheme, submit

CREATE = """mutation ($new: NewPlan!) {
    createPlan(new: $new) { id state unit { name } derivedFrom { title } }
}"""
UPDATE = """mutation ($id: UUID!) { updatePlan(planId: $id, changes: {aims: "新目标"}) { aims } }"""
SUM = """mutation ($id: UUID!) {
    summarisePlan(planId: $id, summary: {summary: "全学期共举办讲座三十四场次。"}) { summary }
}"""
ONE = """query ($id: UUID!) {
    plan(id: $id) {
        version planItems { nodes { content plan { id } } } reviews { nodes { step by } }
        citations { nodes { kind plan { id } } } derived { nodes { title } }
    }
}"""
READ = """query ($id: UUID!) {
    planCoverage(planId: $id) { name planId state }
    planVersions(planId: $id) { nodes { number submitter } }
    planComparison(planId: $id, older: 1, newer: 1) { fieldDifferences { field } itemDifferences { content } }
}"""
LISTS = "{ plans { nodes { title } } publishedPlans { nodes { title } } }"


async def test_a_plan_with_all_that_hangs_on_it(client: Client, db: Connection, city: City) -> None:
    scheme = await make_scheme(db, city.county_admin, city.county)
    await make_published(db, city.county_admin, city.city_admin, scheme)
    new: dict[str, Any] = {
        "kind": "SEMESTER", "title": "学期计划", "startsOn": "2026-09-01", "endsOn": "2027-01-31",
        "unitId": str(city.school["id"]), "derivedFromId": str(scheme["id"]),
    }  # fmt: skip
    made = (await client.graphql(city.school_admin, CREATE, {"new": new}))["data"]["createPlan"]
    assert (made["state"], made["unit"]) == ("DRAFT", {"name": "甲县第一小学"})
    assert made["derivedFrom"] == {"title": scheme["title"]}
    changed = await client.graphql(city.school_admin, UPDATE, {"id": made["id"]})
    assert changed["data"]["updatePlan"] == {"aims": "新目标"}
    above = await client.graphql(city.county_admin, ONE, {"id": str(scheme["id"])})
    assert above["data"]["plan"]["derived"] == {"nodes": [{"title": "学期计划"}]}
    assert [each["step"] for each in above["data"]["plan"]["reviews"]["nodes"]] == [
        "SUBMIT", "APPROVE", "PUBLISH",
    ]  # fmt: skip
    read = (await client.graphql(city.county_admin, READ, {"id": str(scheme["id"])}))["data"]
    assert read["planCoverage"][0] == {
        "name": "甲县第一小学", "planId": made["id"], "state": "DRAFT"
    }  # fmt: skip
    assert read["planVersions"]["nodes"] == [{"number": 1, "submitter": "county.admin"}]
    assert read["planComparison"] == {"fieldDifferences": [], "itemDifferences": []}
    lists = (await client.graphql(city.school_admin, LISTS))["data"]
    assert lists["plans"]["nodes"] == [{"title": "学期计划"}]
    assert lists["publishedPlans"]["nodes"] == [{"title": scheme["title"]}]
    summed = await client.graphql(city.county_admin, SUM, {"id": str(scheme["id"])})
    assert summed["data"]["summarisePlan"] == {"summary": "全学期共举办讲座三十四场次。"}
    early = await client.graphql(city.school_admin, SUM, {"id": made["id"]})
    assert early["errors"][0]["extensions"]["code"] == "plan_wrong_state"


async def test_what_a_plan_answers_and_its_items(
    client: Client, db: Connection, city: City
) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    await cite(db, city.school_admin, plan, "plan", plan)
    await submit(db, city.school_admin, plan)
    one = await client.graphql(city.school_admin, ONE, {"id": str(plan["id"])})
    assert one["data"]["plan"]["citations"]["nodes"] == [
        {"kind": "PLAN", "plan": {"id": str(plan["id"])}}
    ]
    assert one["data"]["plan"]["planItems"]["nodes"][0]["plan"] == {"id": str(plan["id"])}
