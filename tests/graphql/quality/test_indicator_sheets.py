from tests.make import City, Client

PUBLISH = """
mutation ($unit: UUID!, $weight: Decimal!) { publishIndicatorSheet(new: {
  unitId: $unit, code: "ours", name: "评估指标", evaluated: SCHOOL, source: "第二十六条",
  indicators: [
    {code: "held", name: "活动", kind: PROCESS, weight: $weight, source: COMPUTED,
     measure: ACTIVITIES_HELD, scoring: {kind: STEPS, steps: [{atLeast: "2", share: "100"}]}},
    {code: "effect", name: "效果", kind: PERFORMANCE, weight: "60", source: VERIFIED,
     scoring: {kind: JUDGED, fullAt: "10"}, evidence: ["总结"]}
  ]
}) { code version indicators {
  code kind weight source measure evidence scoring { kind fullAt steps { atLeast share } } } } }
"""


async def test_a_sheet_is_published_and_read(client: Client, city: City) -> None:
    key = {"unit": str(city.county["id"])}
    wrong = await client.graphql(city.county_admin, PUBLISH, key | {"weight": "41"})
    assert wrong["errors"][0]["extensions"]["code"] == "indicator_weights_off"
    made = await client.graphql(city.county_admin, PUBLISH, key | {"weight": "40"})
    sheet = made["data"]["publishIndicatorSheet"]
    held, effect = sheet["indicators"]
    assert held == {
        "code": "held", "kind": "PROCESS", "weight": "40", "source": "COMPUTED",
        "measure": "ACTIVITIES_HELD", "evidence": [],
        "scoring": {"kind": "STEPS", "fullAt": None, "steps": [{"atLeast": "2", "share": "100"}]},
    }  # fmt: skip
    assert effect["scoring"] == {"kind": "JUDGED", "fullAt": "10", "steps": []}
    listed = await client.graphql(
        city.teacher_account, "{ indicatorSheets(evaluated: SCHOOL) { nodes { id code version } } }"
    )
    [node] = listed["data"]["indicatorSheets"]["nodes"]
    assert (node["code"], node["version"]) == ("ours", 1)
    one = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { indicatorSheet(id: $id) { name total } indicatorSheetSchema }",
        {"id": node["id"]},
    )
    assert one["data"]["indicatorSheet"] == {"name": "评估指标", "total": "100.00"}
    assert "properties" in one["data"]["indicatorSheetSchema"]


SHIPPED = "{ shippedIndicatorSheets { code evaluated total indicators { code article } } }"
PUBLISH_SHIPPED = """
mutation ($unit: UUID!) { publishShippedIndicatorSheet(
  choice: {unitId: $unit, code: "yueyang_2013_school"}
) { code version evaluated indicators { code article } } }
"""


async def test_a_shipped_sheet_is_published(client: Client, city: City) -> None:
    found = await client.graphql(city.county_admin, SHIPPED)
    sheets = {each["code"]: each for each in found["data"]["shippedIndicatorSheets"]}
    key = {"unit": str(city.county["id"])}
    made = await client.graphql(city.county_admin, PUBLISH_SHIPPED, key)
    sheet = made["data"]["publishShippedIndicatorSheet"]
    assert (sheet["version"], sheet["evaluated"]) == (1, "SCHOOL")
    assert sheet["indicators"] == sheets["yueyang_2013_school"]["indicators"]
    again = await client.graphql(city.county_admin, PUBLISH_SHIPPED, key)
    assert again["errors"][0]["extensions"]["code"] == "indicator_sheet_published_already"
