from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_staff_are_named_shown_and_taken_off(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, title="专题报告")
    path = f"/activities/{activity['id']}/staff"
    speaker = {"role": "speaker", "teacher_id": str(city.teacher["id"])}
    named = await client.post(city.school_admin, path, speaker)
    assert named.status_code == 201, named.text
    assert named.json() == {
        "id": named.json()["id"],
        "activity_id": str(activity["id"]),
        "session_id": None,
        "role": "speaker",
        "name": "测试甲",
        "unit": "甲县第一小学",
    }
    again = await client.post(city.school_admin, path, speaker)
    assert (again.status_code, again.json()["code"]) == (409, "staff_named_already")
    nobody = await client.post(city.school_admin, path, {"role": "host"})
    assert nobody.status_code == 422
    listed = await client.get(city.colleague_account, path)
    assert listed.json() == [named.json()]
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/staff")
    (carried,) = own.json()["items"]
    assert (carried["title"], carried["role"]) == ("专题报告", "speaker")
    removed = await client.request(city.school_admin, "DELETE", f"/staff/{named.json()['id']}")
    assert removed.json() == named.json()
    assert (await client.get(city.school_admin, path)).json() == []
