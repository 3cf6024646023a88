from datetime import date

from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_summary_and_a_compliance_list(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    today = date.today()  # noqa: DTZ011  summaries are of the database's today
    people = [city.teacher, city.sibling_teacher]
    await make_recognised(db, city.school, city.county_admin, people, hours="8.00", on=today)
    county = city.county["id"]
    summary = await client.get(city.county_admin, f"/units/{county}/credit-summary")
    assert summary.json() == {
        "unit_id": str(county),
        "teachers": 3,
        "with_credit": 2,
        "met": 0,
        "entries": 2,
        "earned_hours": "16.00",
        "earned_credits": "16.00",
        "counted_hours": "16.00",
        "counted_credits": "16.00",
    }
    page = (await client.get(city.county_admin, f"/units/{county}/compliance?limit=1")).json()
    assert [row["name"] for row in page["items"]] == ["甲县第一小学"]
    path = f"/units/{county}/compliance?limit=1&cursor={page['next']}"
    rest = (await client.get(city.county_admin, path)).json()
    assert [(row["name"], row["with_credit"]) for row in rest["items"]] == [("甲县第二小学", 1)]
    assert rest["next"] is None


async def test_a_school_does_not_read_its_countys(client: Client, city: City) -> None:
    for path in ("credit-summary", "compliance"):
        above = await client.get(city.school_admin, f"/units/{city.county['id']}/{path}")
        assert (above.status_code, above.json()["code"]) == (403, "not_allowed")
        beside = await client.get(city.school_admin, f"/units/{city.sibling['id']}/{path}")
        assert (beside.status_code, beside.json()["code"]) == (404, "unit_not_found")
