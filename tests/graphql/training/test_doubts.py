from datetime import timedelta

from app.domain.training.doubts import find_doubts
from app.sql import Connection
from tests.make import NOW, City, Client, make_activity, make_attendance

LIST = (
    "{ doubts(kind: OVERLAP, state: OPEN) { nodes { id kind people figures activity { title } } } }"
)
DECIDE = (
    'mutation ($id: UUID!) { %s(doubtId: $id, decision: {opinion: "场次改期，已核实"})'
    " { state opinion } }"
)


async def test_doubts_are_listed_and_decided(client: Client, db: Connection, city: City) -> None:
    first = await make_activity(db, city.county, city.county_admin)
    second = await make_activity(
        db, city.county, city.county_admin, begins=NOW + timedelta(hours=1)
    )
    for activity in (first, second):
        session = activity["sessions"][0]
        await make_attendance(db, session, city.county_admin, city.teacher, city.colleague)
    await find_doubts(db, activity_id=second["id"], now=NOW)
    answer = await client.graphql(city.county_admin, LIST)
    assert "errors" not in answer, answer
    one, other = answer["data"]["doubts"]["nodes"]
    assert {each["people"][0] for each in (one, other)} == {
        str(city.teacher["id"]), str(city.colleague["id"]),
    }  # fmt: skip
    assert one["figures"]["minutes"] == 60
    assert one["activity"] == {"title": "测试研修活动"}
    refused = await client.graphql(city.auditor, DECIDE % "dismissDoubt", {"id": one["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    for act, doubt, state in (
        ("dismissDoubt", one, "DISMISSED"), ("confirmDoubt", other, "CONFIRMED"),
    ):  # fmt: skip
        told = await client.graphql(city.county_admin, DECIDE % act, {"id": doubt["id"]})
        assert told["data"][act] == {"state": state, "opinion": "场次改期，已核实"}
    told = await client.graphql(
        city.auditor, "query ($id: UUID!) { doubt(id: $id) { state } }", {"id": one["id"]}
    )
    assert told["data"]["doubt"] == {"state": "DISMISSED"}
