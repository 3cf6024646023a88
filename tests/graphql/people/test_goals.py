"""Goals over GraphQL."""

from tests.make import City, Client

SET = """mutation ($new: NewGoal!) { setGoal(new: $new) { id title teacher { name } } }"""
REPORT = """mutation ($id: UUID!) {
    reportGoal(goalId: $id, report: {result: REACHED, remark: "已上展示课"}) { result }
}"""
APPRAISE = """mutation ($id: UUID!) {
    appraiseGoal(goalId: $id, appraisal: {opinion: "达成"}) { opinion }
}"""
LIST = "{ goals(reported: true) { nodes { title result opinion } } }"


async def test_a_goal_from_both_sides(client: Client, city: City) -> None:
    new = {"title": "上好展示课", "measure": "校级展示课一节", "dueOn": "2099-06-30"}
    made = await client.graphql(city.teacher_account, SET, {"new": new})
    goal = made["data"]["setGoal"]
    assert goal["teacher"] == {"name": "测试甲"}
    refused = await client.graphql(city.school_admin, REPORT, {"id": goal["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    await client.graphql(city.teacher_account, REPORT, {"id": goal["id"]})
    done = await client.graphql(city.school_admin, APPRAISE, {"id": goal["id"]})
    assert done["data"]["appraiseGoal"] == {"opinion": "达成"}
    seen = await client.graphql(city.school_admin, LIST)
    assert seen["data"]["goals"]["nodes"] == [
        {"title": "上好展示课", "result": "REACHED", "opinion": "达成"}
    ]
    one = "query ($id: UUID!) { goal(id: $id) { title } }"
    other = await client.graphql(city.colleague_account, one, {"id": goal["id"]})
    assert other["errors"][0]["extensions"]["code"] == "goal_not_found"
