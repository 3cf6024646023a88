"""Load and study of trainers over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

LOAD = """query ($unit: UUID!) {
    trainerLoad(unitId: $unit, since: "2026-01-01", until: "2026-12-31") { name load }
}"""
STUDY = "query ($id: UUID!) { trainerStudy(trainerId: $id, year: 2026) { required missing } }"


async def test_load_and_study(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    load = await client.graphql(city.county_admin, LOAD, {"unit": str(city.county["id"])})
    assert load["data"]["trainerLoad"] == [{"name": "李教授", "load": "NEVER"}]
    study = await client.graphql(city.county_admin, STUDY, {"id": str(trainer["id"])})
    assert study["data"]["trainerStudy"] == {"required": "0.00", "missing": "0.00"}
