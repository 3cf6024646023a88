from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance


async def test_the_share_of_ethics_with_numerator_and_denominator(
    client: Client, db: Connection, city: City
) -> None:
    for content in (["ethics"], ["teaching_methods"]):
        activity = await make_activity(db, city.county, city.county_admin, content=content)
        await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    path = f"/units/{city.county['id']}/content-shares?since=2026-09-01&until=2026-12-31"
    answer = await client.get(city.county_admin, path)
    first = answer.json()[0]
    assert first == {
        "unit_id": str(city.county["id"]),
        "unit": "甲县",
        "level": "county",
        "family": "ethics",
        "hours": "2.00",
        "of_hours": "4.00",
        "hours_share": "0.5000",
        "person_times": 1,
        "of_person_times": 2,
        "person_times_share": "0.5000",
        "position": 1,
    }
    assert len(answer.json()) == 3 * 5, "the county and its two schools"
    backwards = path.replace("until=2026-12-31", "until=2026-08-01")
    refused = await client.get(city.county_admin, backwards)
    assert (refused.status_code, refused.json()["code"]) == (422, "content_share_period_unfit")
    unseen = await client.get(city.school_admin, path)
    assert (unseen.status_code, unseen.json()["code"]) == (403, "not_allowed")
