"""Appearances of trainers over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_appearance, make_trainer

LIST = """query ($id: UUID!) {
    trainerAppearances(trainerId: $id) { totalCount nodes { role hours title } }
}"""


async def test_what_a_teacher_carried(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    await make_appearance(db, city.school, city.school_admin, trainer)
    seen = await client.graphql(city.teacher_account, LIST, {"id": str(trainer["id"])})
    assert seen["data"]["trainerAppearances"] == {
        "totalCount": 1,
        "nodes": [{"role": "SPEAKER", "hours": "2.00", "title": "测试研修活动"}],
    }
