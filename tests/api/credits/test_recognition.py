from app.domain.training.activities import ActivityState
from app.sql import Connection, new_id
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import City, Client


async def test_a_county_recognises_and_a_repeat_enters_nothing(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher, city.colleague])
    path = f"/activities/{activity['id']}/recognition"
    first = await client.post(city.county_admin, path)
    assert first.status_code == 200, first.text
    assert first.json() == {
        "activity_id": str(activity["id"]),
        "entered": 2,
        "already_entered": 0,
        "not_qualified": 0,
        "not_covered": 0,
        "left_out": [],
    }
    again = await client.post(city.county_admin, path)
    assert (again.json()["entered"], again.json()["already_entered"]) == (0, 2)


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_closed_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD
    )
    path = f"/activities/{activity['id']}/recognition"
    for person, status, code in (
        (city.county_admin, 409, "activity_not_closed"),
        (city.school_admin, 403, "not_allowed"),
        (city.sibling_admin, 404, "activity_not_found"),
        (None, 401, "unauthenticated"),
    ):
        answer = await client.post(person, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    missing = await client.post(city.county_admin, f"/activities/{new_id()}/recognition")
    assert missing.status_code == 404
