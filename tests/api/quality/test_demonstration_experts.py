from app.sql import Connection
from tests.api.quality.test_demonstrations import asked
from tests.make import City, Client
from tests.make_demonstrations import make_experts, make_under_review


async def test_experts_judge_an_application(client: Client, db: Connection, city: City) -> None:
    row = await make_under_review(db, city)
    address = f"/demonstrations/{row['id']}"
    experts = await make_experts(db, city)
    people = {"account_ids": [str(each.actor.account_id) for each in experts]}
    assert len(await asked(client, city.city_admin, f"{address}/experts", people)) == 2
    points = [{"criterion": "work", "points": "50"}, {"criterion": "effect", "points": "31.5"}]
    judged = {"points": points, "opinion": "基础扎实"}
    assert (await asked(client, experts[0], f"{address}/appraisal", judged))["score"] == "81.50"
    mine = (await client.get(experts[0], "/me/demonstration-appraisals")).json()
    assert [each["score"] for each in mine] == ["81.50"]
    seen = (await client.get(city.city_admin, f"{address}/experts")).json()
    assert [each["score"] for each in seen] == ["81.50", None]
    hidden = await client.get(city.school_admin, f"{address}/experts")
    assert (hidden.status_code, hidden.json()["code"]) == (403, "not_allowed")
