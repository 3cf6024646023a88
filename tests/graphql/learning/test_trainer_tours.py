"""Tours of trainers over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

LEND = """mutation ($id: UUID!, $new: NewTrainerTour!) {
    lendTrainer(trainerId: $id, new: $new) { id fromCountyId trainer { name } }
}"""
END = """mutation ($id: UUID!) {
    endTrainerTour(tourId: $id, end: {reason: "原校工作需要"}) { endedBecause }
}"""
ONE = "query ($id: UUID!) { trainerTour(id: $id) { purpose appearances } }"


async def test_a_tour_from_county_to_county(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin, city.teacher)
    new = {
        "toCountyId": str(city.other_county["id"]), "purpose": "巡回示教",
        "validFrom": "2026-09-01", "validTo": "2999-07-01",
    }  # fmt: skip
    asked = {"id": str(trainer["id"]), "new": new}
    refused = await client.graphql(city.county_admin, LEND, asked)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    made = await client.graphql(city.city_admin, LEND, asked)
    tour = made["data"]["lendTrainer"]
    assert tour["fromCountyId"] == str(city.county["id"])
    read = await client.graphql(city.other_county_admin, ONE, {"id": tour["id"]})
    assert read["data"]["trainerTour"] == {"purpose": "巡回示教", "appearances": 0}
    over = await client.graphql(city.city_admin, END, {"id": tour["id"]})
    assert over["data"]["endTrainerTour"] == {"endedBecause": "原校工作需要"}
    page = await client.graphql(city.city_admin, "{ trainerTours { nodes { name } } }")
    assert page["data"]["trainerTours"]["nodes"] == [{"name": "测试甲"}]
