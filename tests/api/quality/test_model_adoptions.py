from app.domain.training.activities import ActivityState
from app.sql import Connection
from tests.api.quality.test_model_cases import asked
from tests.make import City, Client, make_activity
from tests.make_demonstrations import make_published_case


async def test_a_case_is_adopted_and_what_came_of_it_told(
    client: Client, db: Connection, city: City
) -> None:
    county, sibling = city.county_admin, city.sibling_admin
    case = await make_published_case(db, city)
    adoption = {
        "unit_id": str(city.sibling["id"]), "adopted_on": "2026-11-01",
        "report_by": "2099-01-15", "plan": "语文、数学两组先行，每月一次。",
    }  # fmt: skip
    adopted = await asked(client, sibling, f"/model-cases/{case['id']}/adoptions", adoption)
    path = f"/model-adoptions/{adopted['id']}"
    theirs = await make_activity(db, city.sibling, sibling, state=ActivityState.HELD)
    choice = {"activity_id": str(theirs["id"])}
    assert (await asked(client, sibling, f"{path}/activities", choice))["activities"] == 1
    report = {
        "effect": "两组教师人人上台展示。", "measures": ["activities_held"], "until": "2026-11-21",
    }  # fmt: skip
    reported = await asked(client, sibling, f"{path}/report", report)
    assert reported["figures"][0]["numerator"] == 1
    counts = await client.get(county, f"/units/{city.county['id']}/model-adoption-counts")
    assert [(each["title"], each["reported"]) for each in counts.json()] == [("一课三研", 1)]
    ended = await asked(client, sibling, f"{path}/end", {"reason": "并入教研计划"})
    assert ended["ended_because"] == "并入教研计划"
    assert (await client.get(county, "/model-adoptions?in_force=true")).json()["items"] == []
