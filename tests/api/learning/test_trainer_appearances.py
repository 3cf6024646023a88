"""Appearances of trainers over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_appearance, make_trainer


async def test_what_an_expert_carried(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    given = await make_appearance(db, city.school, city.school_admin, trainer)
    path = f"/trainers/{trainer['id']}/appearances"
    page = await client.get(city.county_admin, path)
    [row] = page.json()["items"]
    assert (row["id"], row["role"], row["hours"]) == (str(given["id"]), "speaker", "2.00")
    later = await client.get(city.county_admin, f"{path}?since=2027-01-01")
    assert later.json()["items"] == []
    hidden = await client.get(city.school_admin, path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "trainer_not_found")
