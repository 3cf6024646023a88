from app.domain.training.activities import ActivityKind
from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_results_are_entered_seen_and_corrected(
    client: Client, db: Connection, city: City
) -> None:
    contest = await make_activity(db, city.county, city.county_admin, kind=ActivityKind.COMPETITION)
    path = f"/activities/{contest['id']}/results"
    result = {
        "teacher_id": str(city.teacher["id"]), "work_title": "优秀课件", "award": "first",
        "rank": 1, "points": "95.50",
    }  # fmt: skip
    entered = await client.post(city.county_admin, path, {"results": [result]})
    assert entered.status_code == 201, entered.text
    assert entered.json() == {"activity_id": str(contest["id"]), "entered": 1}
    again = await client.post(city.county_admin, path, {"results": [result]})
    assert (again.status_code, again.json()["code"]) == (409, "contest_result_exists")
    (listed,) = (await client.get(city.county_admin, f"{path}?standing=true")).json()["items"]
    assert (listed["name"], listed["points"]) == ("测试甲", "95.50")
    own = f"/teachers/{city.teacher['id']}/contest-results"
    (seen,) = (await client.get(city.teacher_account, own)).json()["items"]
    assert (seen["award"], seen["id"]) == ("first", listed["id"])
    change = {"work_title": "优秀课件", "award": "second", "reason": "评委复核"}
    corrected = await client.post(
        city.county_admin, f"/contest-results/{listed['id']}/correct", change
    )
    assert (corrected.json()["award"], corrected.json()["corrects_id"]) == ("second", listed["id"])
    strike = f"/contest-results/{corrected.json()['id']}/strike"
    unexplained = await client.post(city.county_admin, strike, {})
    assert unexplained.status_code == 422
    struck = await client.post(city.county_admin, strike, {"reason": "登记错人"})
    assert struck.json()["reason"] == "登记错人"
    assert (await client.get(city.county_admin, f"{path}?standing=true")).json()["items"] == []
