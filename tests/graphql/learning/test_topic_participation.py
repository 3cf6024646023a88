from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_studied

QUERY = """
query ($unit: UUID!) {
  topicParticipation(unitId: $unit, since: "2026-01-01", until: "2027-01-01") {
    name teachers participants leaders share
  }
}
"""


async def test_a_school_sees_how_many_of_its_teachers_take_part(
    client: Client, city: City, db: Connection
) -> None:
    await make_studied(db, city.teacher_account, city.school_admin)
    answer = await client.graphql(city.school_admin, QUERY, {"unit": str(city.school["id"])})
    figures = {"teachers": 2, "participants": 1, "leaders": 1, "share": "50.00"}
    assert answer["data"]["topicParticipation"] == [
        {"name": None, **figures}, {"name": "甲县第一小学", **figures},
    ]  # fmt: skip
