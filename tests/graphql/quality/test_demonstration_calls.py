from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client
from tests.make_demonstrations import make_application, make_call

FINDINGS = """query ($call: UUID!, $unit: UUID!) { demonstrationFindings(callId: $call, unitId: $unit) {
  code numerator denominator met since until asOf rows } }"""
READ = """query ($id: UUID!) { demonstrationCall(id: $id) { unit { name }
  demonstrations { nodes { state } } } demonstrationCalls { nodes { id } } }"""


async def test_a_call_over_graphql(client: Client, db: Connection, city: City) -> None:
    call, school = await make_call(db, city.city, city.city_admin), city.school_admin
    await make_application(db, call, city.school, school)
    [found] = await answer(client, school, FINDINGS, call=call["id"], unit=city.school["id"])
    assert (found["numerator"], found["met"]) == ("1", True)
    read = (await client.graphql(school, READ, {"id": str(call["id"])}))["data"]
    assert read["demonstrationCall"] == {
        "unit": {"name": "测试市"}, "demonstrations": {"nodes": [{"state": "DRAFT"}]},
    }  # fmt: skip
    assert read["demonstrationCalls"]["nodes"] == [{"id": str(call["id"])}]
