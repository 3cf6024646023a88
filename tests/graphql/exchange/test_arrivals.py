from app.sql import Connection
from tests.make import City, Client
from tests.make_province import make_province

HAND_IN = "mutation ($new: NewArrival!) { handInArrival(new: $new) { id state teacherId } }"
SETTLE = """mutation ($id: UUID!, $decision: ArrivalDecision!) {
  settleArrival(arrivalId: $id, decision: $decision) { state opinion }
}"""
SHOW = "query ($id: UUID!) { arrival(id: $id) { name } arrivals(state: WAITING) { nodes { id } } }"


async def test_the_province_hands_in_and_the_bureau_settles(
    client: Client, db: Connection, city: City
) -> None:
    province = await make_province(db, city)
    new = {
        "cityId": str(city.city["id"]), "kind": "ROSTER", "number": "S-1", "name": "测试乙",
        "teacherId": str(city.teacher["id"]), "idNumber": "11010519491231002X",
    }  # fmt: skip
    made = (await client.graphql(province, HAND_IN, {"new": new}))["data"]["handInArrival"]
    assert (made["state"], made["teacherId"]) == ("WAITING", str(city.teacher["id"]))
    shown = (await client.graphql(city.county_admin, SHOW, {"id": made["id"]}))["data"]
    assert shown == {"arrival": {"name": "测试乙"}, "arrivals": {"nodes": [{"id": made["id"]}]}}
    decision = {"take": True, "opinion": "已按省平台更正姓名"}
    variables = {"id": made["id"], "decision": decision}
    settled = await client.graphql(city.county_admin, SETTLE, variables)
    assert settled["data"]["settleArrival"] == {"state": "TAKEN", "opinion": "已按省平台更正姓名"}
    again = await client.graphql(city.county_admin, SETTLE, variables)
    assert again["errors"][0]["extensions"]["code"] == "arrival_settled"
