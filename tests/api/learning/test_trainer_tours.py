"""Tours of trainers over REST."""

from datetime import date

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_tour, make_trainer


async def test_a_trainer_is_lent(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin, city.teacher)
    new = {
        "to_county_id": str(city.other_county["id"]), "purpose": "巡回示教",
        "valid_from": "2026-09-01", "valid_to": "2999-07-01",
    }  # fmt: skip
    path = f"/trainers/{trainer['id']}/tours"
    made = await client.post(city.city_admin, path, new)
    assert made.status_code == 201, made.text
    again = await client.post(city.city_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "trainer_tour_overlaps")
    tour = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.other_county_admin, tour)).json() == made.json()
    over = await client.post(city.city_admin, f"{tour}/end", {"reason": "原校工作需要"})
    assert over.json()["ended_because"] == "原校工作需要"
    page = await client.get(city.teacher_account, "/trainer-tours")
    assert page.json()["items"] == [over.json()]


async def test_a_tour_that_is_over_is_not_ended(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.city, city.city_admin)
    past = {"valid_from": date(2001, 9, 1), "valid_to": date(2002, 7, 1)}
    tour = await make_tour(db, trainer, city.city_admin, city.county, city.zone, **past)
    answer = await client.post(
        city.city_admin, f"/trainer-tours/{tour['id']}/end", {"reason": "已经到期"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "trainer_tour_over")
