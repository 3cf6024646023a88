from app.sql import Connection
from tests.make import City, Client
from tests.make_evaluations import make_published


async def test_results_of_a_school_year(client: Client, db: Connection, city: City) -> None:
    row = await make_published(db, city)
    address = f"/units/{city.county['id']}/evaluation-results?school_year"
    [found] = (await client.get(city.county_admin, f"{address}=2026")).json()
    assert (found["evaluation_id"], found["name"]) == (str(row["id"]), city.school["name"])
    assert (found["score"], found["total"], found["rectifications"]) == ("44.00", "100.00", 0)
    for year, status, code in (("1", 422, "school_year_unfit"), ("x", 422, "invalid_request")):
        answer = await client.get(city.county_admin, f"{address}={year}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    refused = await client.get(city.other_county_admin, f"{address}=2026")
    assert refused.status_code == 404
