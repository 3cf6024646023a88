from tests.make import City, Client


async def test_targets_are_set_and_stages_told(client: Client, city: City) -> None:
    unit = {"id": str(city.school["id"])}
    target = {
        "unitId": unit["id"], "stage": "ONE_YEAR", "title": "一年入门", "criteria": "能独立上课",
    }  # fmt: skip
    setting = "mutation ($new: NewGrowthTarget!) { setGrowthTarget(new: $new) { title } }"
    refused = await client.graphql(city.teacher_account, setting, {"new": target})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    made = await client.graphql(city.school_admin, setting, {"new": target})
    assert made["data"]["setGrowthTarget"] == {"title": "一年入门"}
    answer = await client.graphql(
        city.school_admin,
        """
        query ($id: UUID!, $teacher: UUID!) {
          growthTargets(unitId: $id) { stage criteria }
          dueGrowth(unitId: $id, dueFrom: "2021-01-01", dueTo: "2021-12-31") {
            nodes { name stage dueOn }
          }
          growth(teacherId: $teacher) { stage title dueOn finding }
        }
        """,
        unit | {"teacher": str(city.teacher["id"])},
    )
    data = answer["data"]
    assert data["growthTargets"] == [{"stage": "ONE_YEAR", "criteria": "能独立上课"}]
    assert {node["name"] for node in data["dueGrowth"]["nodes"]} == {"测试甲", "测试乙"}
    assert data["growth"][0] == {
        "stage": "ONE_YEAR", "title": "一年入门", "dueOn": "2021-09-01", "finding": None,
    }  # fmt: skip
