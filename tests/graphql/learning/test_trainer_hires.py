"""Hires of trainers over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

HIRE = """mutation ($id: UUID!) {
    hireTrainer(trainerId: $id, new: {
        topic: "课堂评析", heldOn: "2026-11-20", fee: "800", fundsLine: "教师培训费"
    }) { id fee trainer { worksAt } }
}"""
ONE = "query ($id: UUID!) { trainerHire(id: $id) { topic fundsLine } }"


async def test_a_hire_of_an_expert(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    made = await client.graphql(city.county_admin, HIRE, {"id": str(trainer["id"])})
    hire = made["data"]["hireTrainer"]
    assert (hire["fee"], hire["trainer"]["worksAt"]) == ("800.00", "测试师范大学")
    read = await client.graphql(city.auditor, ONE, {"id": hire["id"]})
    assert read["data"]["trainerHire"] == {"topic": "课堂评析", "fundsLine": "教师培训费"}
    page = await client.graphql(city.city_admin, "{ trainerHires { nodes { name } } }")
    assert page["data"]["trainerHires"]["nodes"] == [{"name": "李教授"}]
