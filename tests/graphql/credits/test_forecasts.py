from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client

AHEAD = """
query ($id: UUID!) {
  forecast(teacherId: $id) {
    cycleEnd requirements { id missingThen willBeMet } enrolled { title }
    plan { method hours complete activities { activityId counted } }
  }
}
"""


async def test_a_teacher_reads_the_own_forecast(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    variables = {"id": str(city.teacher["id"])}
    answer = await client.graphql(city.teacher_account, AHEAD, variables)
    assert "errors" not in answer, answer
    told = answer["data"]["forecast"]
    assert told["plan"] == {
        "method": "NOTHING_HELPS", "hours": "0.00", "complete": False, "activities": [],
    }  # fmt: skip
    other = await client.graphql(city.colleague_account, AHEAD, variables)
    assert other["errors"][0]["extensions"]["code"] == "teacher_not_found"
