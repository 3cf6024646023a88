from app.sql import Connection
from tests.api.quality.test_demonstrations import begun
from tests.make import City, Client


async def test_a_call_and_what_the_register_says_of_its_conditions(
    client: Client, db: Connection, city: City
) -> None:
    school = city.school_admin
    _, call = await begun(client, db, city)
    path = f"/demonstration-calls/{call['id']}/findings?unit_id={city.school['id']}"
    [found] = (await client.get(school, path)).json()
    assert (found["code"], found["numerator"], found["met"]) == ("activities", "1", True)
    assert (await client.get(school, found["rows"].removeprefix("/api/v1"))).status_code == 200
    listed = (await client.get(school, "/demonstration-calls?include=unit")).json()["items"]
    assert [each["unit"]["name"] for each in listed] == ["测试市"]
    one = (await client.get(school, f"/demonstration-calls/{call['id']}")).json()
    assert one["conditions"] == call["conditions"]
    far = f"/demonstration-calls/{call['id']}/findings?unit_id={city.far_school['id']}"
    assert (await client.get(school, far)).status_code == 404
