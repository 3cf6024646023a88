from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client, make_activity
from tests.make_demonstrations import make_published_case

ADOPT = """mutation ($id: UUID!, $unit: UUID!) { adoptModelCase(caseId: $id, new: { unitId: $unit,
  adoptedOn: "2026-11-01", reportBy: "2099-01-15", plan: "语文、数学两组先行，每月一次。" }) { id } }"""
REPORT = """mutation ($id: UUID!) { reportModelAdoption(adoptionId: $id, said: {
  effect: "两组教师人人上台展示。", measures: [ACTIVITIES_HELD], until: "2026-11-21" }) {
  case { title } unit { name } figures { measure beforeNumerator numerator since until } } }"""


async def test_an_adoption_over_graphql(client: Client, db: Connection, city: City) -> None:
    county, sibling = city.county_admin, city.sibling_admin
    case = (await make_published_case(db, city))["id"]
    adoption = (await answer(client, sibling, ADOPT, id=case, unit=city.sibling["id"]))["id"]
    theirs = await make_activity(db, city.sibling, sibling, state=ActivityState.HELD)
    add = """mutation ($id: UUID!, $activity: UUID!) { addAdoptionActivity(adoptionId: $id, choice: {
      activityId: $activity}) { activities } }"""
    added = await answer(client, sibling, add, id=adoption, activity=theirs["id"])
    assert added == {"activities": 1}
    reported = await answer(client, sibling, REPORT, id=adoption)
    assert reported["figures"] == [
        {"measure": "ACTIVITIES_HELD", "beforeNumerator": 0, "numerator": 1,
         "since": "2026-11-01", "until": "2026-11-21"},
    ]  # fmt: skip
    counts = "query ($unit: UUID!) { modelAdoptionCounts(unitId: $unit) { level units reported } }"
    assert await answer(client, county, counts, unit=city.county["id"]) == [
        {"level": "SCHOOL", "units": 1, "reported": 1}
    ]
    one = "query ($id: UUID!) { modelAdoption(id: $id) { unit { name } case { title } } }"
    assert (await answer(client, county, one, id=adoption))["case"] == {"title": "一课三研"}
    end = 'mutation ($id: UUID!) { endModelAdoption(adoptionId: $id, end: {reason: "并入"}) { endedOn } }'
    assert (await answer(client, sibling, end, id=adoption))["endedOn"]
    listed = await answer(client, county, "{ modelAdoptions(inForce: true) { nodes { id } } }")
    assert listed["nodes"] == []
