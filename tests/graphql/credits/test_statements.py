from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client

ACCOUNT = """
query ($id: UUID!) {
  statement(teacherId: $id, asOf: "2026-11-20") {
    name opening { entries } closing { entries credits } countedCredits verdict
    lines { sequence state counted balanceCredits why { zh } cuts { capId amount } }
  }
}
"""


async def test_a_teacher_reads_the_own_account(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    variables = {"id": str(city.teacher["id"])}
    answer = await client.graphql(city.teacher_account, ACCOUNT, variables)
    assert "errors" not in answer, answer
    told = answer["data"]["statement"]
    assert (told["name"], told["verdict"]) == (city.teacher["name"], "OPEN")
    assert told["closing"] == {"entries": 1, "credits": "10.00"}
    assert [line["state"] for line in told["lines"]] == ["COUNTED"]
    other = await client.graphql(city.colleague_account, ACCOUNT, variables)
    assert other["errors"][0]["extensions"]["code"] == "teacher_not_found"
