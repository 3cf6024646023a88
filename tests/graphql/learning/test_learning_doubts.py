from datetime import timedelta

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_learning import make_class, make_player, settle, statement, tell

LIST = """{ learningDoubts(kind: OUTSIDE_WINDOW, state: OPEN) {
  nodes { id teacherId records figures }
} }"""
DECIDE = (
    'mutation ($id: UUID!) { %s(doubtId: $id, decision: {opinion: "已与平台核对"})'
    " { state opinion } }"
)


async def test_doubts_are_listed_and_decided(client: Client, db: Connection, city: City) -> None:
    player = await make_player(db, city.county)
    activity = await make_class(db, city, city.teacher, city.colleague)
    both, early = (city.teacher, city.colleague), NOW - timedelta(days=60)
    await tell(db, player, *(statement(each, activity, at=early) for each in both))
    await settle(db)
    answer = await client.graphql(city.county_admin, LIST)
    one, other = answer["data"]["learningDoubts"]["nodes"]
    assert {one["teacherId"], other["teacherId"]} == {str(each["id"]) for each in both}
    assert (len(one["records"]), one["figures"]) == (1, {"records": 1})
    refused = await client.graphql(city.auditor, DECIDE % "dismissLearningDoubt", {"id": one["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    for act, doubt, state in (
        ("dismissLearningDoubt", one, "DISMISSED"), ("confirmLearningDoubt", other, "CONFIRMED"),
    ):  # fmt: skip
        told = await client.graphql(city.county_admin, DECIDE % act, {"id": doubt["id"]})
        assert told["data"][act] == {"state": state, "opinion": "已与平台核对"}
    query = "query ($id: UUID!) { learningDoubt(id: $id) { state } }"
    told = await client.graphql(city.auditor, query, {"id": one["id"]})
    assert told["data"]["learningDoubt"] == {"state": "DISMISSED"}
