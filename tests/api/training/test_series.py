from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_a_series_and_its_activities(client: Client, db: Connection, city: City) -> None:
    body = {"title": "名师讲堂", "organiser_unit_id": str(city.school["id"])}
    made = await client.post(city.school_admin, "/series", body)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    activity = await make_activity(db, city.school, city.school_admin)
    put = await client.request(
        city.school_admin, "PUT", f"/activities/{activity['id']}/series",
        json={"series_id": made.json()["id"]},
    )  # fmt: skip
    assert put.json()["series_id"] == made.json()["id"]
    for where in ("activities", "offered-activities"):
        person = city.school_admin if where == "activities" else city.teacher_account
        listed = await client.get(person, f"/{where}?series_id={made.json()['id']}")
        assert [row["id"] for row in listed.json()["items"]] == [str(activity["id"])]
    changed = await client.request(city.school_admin, "PATCH", path, json={"goal": "提升课堂教学"})
    assert (await client.get(city.teacher_account, path)).json() == changed.json()
    empty = await client.request(city.school_admin, "PATCH", path, json={"title": None})
    assert (empty.status_code, empty.json()["code"]) == (422, "invalid_request")
    listed = await client.get(city.school_admin, "/series?sort=title")
    assert listed.json()["items"] == [changed.json()]
