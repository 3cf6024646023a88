"""Load and study of trainers over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer


async def test_who_is_never_asked_and_what_is_missing(
    client: Client, db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    path = f"/units/{city.county['id']}/trainer-load"
    answer = await client.get(city.county_admin, f"{path}?since=2026-01-01&until=2026-12-31")
    assert [(row["name"], row["load"], row["hours"]) for row in answer.json()] == [
        ("测试甲", "never", "0.00")
    ]
    wrong = await client.get(city.county_admin, f"{path}?since=2026-12-31&until=2026-01-01")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "trainer_period_unfit")
    study = await client.get(city.teacher_account, f"/trainers/{trainer['id']}/study?year=2026")
    assert (study.json()["required"], study.json()["missing"]) == ("72.00", "72.00")
