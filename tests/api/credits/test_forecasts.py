from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client


async def test_a_teacher_reads_the_own_forecast(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    path = f"/teachers/{city.teacher['id']}/forecast"
    answer = await client.get(city.teacher_account, path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["plan"]["method"], told["enrolled"]) == ("nothing_helps", [])
    total = next(each for each in told["requirements"] if each["id"] == "total")
    assert (total["missing_then"], total["will_be_met"]) == ("360.00", False)
    other = await client.get(city.colleague_account, path)
    assert (other.status_code, other.json()["code"]) == (404, "teacher_not_found")
