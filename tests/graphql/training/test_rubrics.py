from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_rubric

PUBLISH = """
mutation ($unit: UUID!, $weight: Int!) { publishRubric(new: {
  unitId: $unit, code: "ours", name: "本校量表", source: "本校制度第 1 条",
  dimensions: [{code: "all", name: "整体", weight: $weight,
                levels: [{score: 90, meaning: "优秀"}]}]
}) { code version dimensions { code weight levels { score meaning } } } }
"""


async def test_a_rubric_is_published_and_read(client: Client, db: Connection, city: City) -> None:
    key = {"unit": str(city.school["id"])}
    wrong = await client.graphql(city.school_admin, PUBLISH, key | {"weight": 40})
    assert wrong["errors"][0]["extensions"]["code"] == "invalid_request"
    made = await client.graphql(city.school_admin, PUBLISH, key | {"weight": 100})
    level = {"score": 90, "meaning": "优秀"}
    rubric = {"code": "ours", "version": 1}
    assert made["data"]["publishRubric"] == rubric | {
        "dimensions": [{"code": "all", "weight": 100, "levels": [level]}]
    }
    of_county = await make_rubric(db, city.county, city.county_admin, code="county")
    listed = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { rubrics { nodes { code version } } rubric(id: $id) { code }"
        " standardRubric { assumed dimensions { weight } } }",
        {"id": str(of_county["id"])},
    )
    assert listed["data"] == {
        "rubrics": {"nodes": [rubric, {"code": "county", "version": 1}]},
        "rubric": {"code": "county"},
        "standardRubric": {"assumed": True, "dimensions": [{"weight": 25}] * 4},
    }
