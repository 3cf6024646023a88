"""Reports of the funds over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import YEAR, make_open


async def test_reports_of_a_county(client: Client, db: Connection, city: City) -> None:
    await make_open(
        db, city.school_admin, city.county_admin, city.school,
        {"title": "上级拨款", "source": "superior"},
    )  # fmt: skip
    path = f"/units/{city.county['id']}"
    (row,) = (await client.get(city.auditor, f"{path}/fund-execution?year={YEAR}")).json()
    assert (row["level"], row["planned"], row["share"]) == ("school", "10000.00", "0.0000")
    (row,) = (await client.get(city.auditor, f"{path}/fund-guarantees?year={YEAR}")).json()
    assert (row["promised"], row["paid"], row["missing"]) == ("10000.00", "0.00", "10000.00")
    found = (await client.get(city.auditor, f"{path}/fund-efficiency?year={YEAR}")).json()
    assert found["per_person"] == {"spent": "0.00", "persons": 0, "yuan": None}
    for query in ("", "?year=1800", "?year=x"):
        answer = await client.get(city.auditor, f"{path}/fund-efficiency{query}")
        assert answer.status_code == 422
        assert ("budget_year_unfit" in answer.text) == (query == "?year=1800")
