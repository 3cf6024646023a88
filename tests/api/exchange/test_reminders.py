from app.domain.exchange.tasks import TaskKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_tasks import MAKERS


async def test_a_superior_reminds_over_rest(client: Client, db: Connection, city: City) -> None:
    made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    new = {
        "kind": "correction_to_decide",
        "subject_id": str(made.subject_id),
        "waits_at": str(made.at),
    }
    row = await client.post(city.county_admin, "/reminders", new)
    assert (row.status_code, row.json()["people"]) == (201, 1)
    again = await client.post(city.county_admin, "/reminders", new)
    assert (again.status_code, again.json()["code"]) == (409, "reminder_repeated")
    below = await client.post(city.school_admin, "/reminders", new)
    assert (below.status_code, below.json()["code"]) == (404, "task_not_found")
    assert (await client.get(city.county_admin, "/me/reminders")).json() == [row.json()]
    told = (await client.get(city.school_admin, "/me/deliveries")).json()
    assert [each["kind"] for each in told] == ["reminder"]


async def test_a_unit_says_how_long_ahead(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/reminder-rule"
    assert (await client.get(city.teacher_account, path)).json()["days_before"] == 3
    said = await client.post(city.school_admin, path, {"days_before": 7})
    assert said.json() == {"days_before": 7, "unit_id": str(city.school["id"])}
    assert (await client.get(city.teacher_account, path)).json() == said.json()
    assert (await client.post(city.school_admin, path, {"days_before": 61})).status_code == 422
