from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client, make_activity

TEXT = 'summary: "一节课三次备、上、评。", mode: "先独立备课，再集体修改，后展示。", activityIds: [$activity]'
CREATE = f"""mutation ($unit: UUID!, $activity: UUID!) {{ createModelCase(new: {{
  unitId: $unit, title: "一课三研", {TEXT}}}) {{ id version }} }}"""
WRITE = f"""mutation ($id: UUID!, $activity: UUID!) {{ writeModelCase(caseId: $id, new: {{ {TEXT} }}) {{
  version }} }}"""
READ = """query ($id: UUID!) {
  modelCase(id: $id) { title version unitName adoptions { nodes { id } } }
  modelCaseVersions(caseId: $id) { nodes { number state activityIds } }
  publishedModelCases { nodes { id } } modelCases { nodes { id } } }"""


async def test_a_case_and_its_adoption_over_graphql(
    client: Client, db: Connection, city: City
) -> None:
    school, county, sibling = city.school_admin, city.county_admin, city.sibling_admin
    held = await make_activity(db, city.school, school, state=ActivityState.HELD)
    given = {"unit": city.school["id"], "activity": held["id"]}
    case = (await answer(client, school, CREATE, **given))["id"]
    written = await answer(client, school, WRITE, id=case, activity=held["id"])
    assert written == {"version": 1}
    submit = "mutation ($id: UUID!) { submitModelCase(caseId: $id) { version } }"
    await answer(client, school, submit, id=case)
    back = 'mutation ($id: UUID!) { returnModelCase(caseId: $id, said: {opinion: "补充"}) { id } }'
    await answer(client, county, back, id=case)
    await answer(client, school, submit, id=case)
    publish = """mutation ($id: UUID!, $unit: UUID!) { publishModelCase(caseId: $id, new: {
      unitId: $unit, opinion: "值得推广"}) { publishedVersion } }"""
    published = await answer(client, county, publish, id=case, unit=city.county["id"])
    assert published == {"publishedVersion": 1}
    read = (await client.graphql(sibling, READ, {"id": case}))["data"]
    assert read["modelCase"] == {
        "title": "一课三研", "version": None, "unitName": "甲县第一小学",
        "adoptions": {"nodes": []},
    }  # fmt: skip
    assert read["modelCaseVersions"]["nodes"][0]["activityIds"] == [str(held["id"])]
    assert (read["publishedModelCases"]["nodes"], read["modelCases"]["nodes"]) == (
        [{"id": case}], [],
    )  # fmt: skip
    withdraw = """mutation ($id: UUID!) { withdrawModelCase(caseId: $id, said: {reason: "过时"}) {
      withdrawnBecause } }"""
    assert (await answer(client, county, withdraw, id=case))["withdrawnBecause"] == "过时"
