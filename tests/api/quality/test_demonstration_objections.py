from datetime import UTC, datetime

from app.domain.access.roles import Role
from app.sql import Connection
from tests.api.quality.test_demonstrations import asked
from tests.make import City, Client, make_account
from tests.make_demonstrations import make_public


async def test_an_objection_is_raised_and_decided(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_public(db, city, now=datetime.now(UTC))
    teacher = city.teacher_account
    bureau = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    said = {"reason": "记载不实"}
    raised = await asked(client, teacher, f"/demonstrations/{row['id']}/objections", said)
    path = f"/demonstration-objections?demonstration_id={row['id']}&open=true"
    assert (await client.get(bureau, path)).json()["items"] == [raised]
    assert (await client.get(teacher, "/me/demonstration-objections")).json() == [raised]
    answer = {"upheld": True, "answer": "查实"}
    path = f"/demonstration-objections/{raised['id']}/decision"
    assert (await asked(client, bureau, path, answer))["upheld"] is True
    again = await client.post(bureau, path, json=answer)
    assert (again.status_code, again.json()["code"]) == (409, "demonstration_objection_decided")
