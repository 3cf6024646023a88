"""Schools compared, over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_reports import HELD, make_titled


async def test_schools_are_compared(client: Client, city: City, db: Connection) -> None:
    by, unit = city.county_admin, f"/units/{city.county['id']}"
    await make_titled(db, by, city.school)
    await make_activity(db, city.school, by, state=HELD)
    path = f"{unit}/school-inequality?measure=activities_held"
    found = (await client.get(by, path)).json()
    assert (found["gini"], found["gini_numerator"], found["gini_denominator"]) == ("0.5000", 1, 2)
    assert (found["top_percent"], found["fifth"], found["without"]) == ("100.00", 1, 1)
    schools = (await client.get(by, found["rows"].removeprefix("/api/v1"))).json()
    assert sum(school["numerator"] for school in schools) == found["total"]
    share = await client.get(by, f"{unit}/school-inequality?measure=attendance_share")
    assert (share.status_code, share.json()["code"]) == (422, "inequality_of_share")
    groups = await client.get(by, f"{unit}/designation-comparison?measure=activities_held")
    assert [(each["group"], each["schools"], each["value"]) for each in groups.json()] == [
        ("designated", 1, "1.00"), ("other", 1, "0.00"),
    ]  # fmt: skip
    assert (await client.get(city.other_county_admin, path)).status_code == 404
    assert (await client.get(city.school_admin, path)).status_code == 403
