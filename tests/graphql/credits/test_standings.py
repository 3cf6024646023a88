from datetime import date

from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_standing_in_full(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    answer = await client.graphql(
        city.teacher_account,
        """
        query ($id: UUID!) {
          standing(teacherId: $id, asOf: "2026-11-20") {
            unit countedCredits verdict
            entries { counted cuts { capId amount } }
            requirements { id needed missing verdict windows { verdict } reasons { zh values { name } } }
            caps { id used basis { article } }
            assumptions { path }
          }
        }
        """,
        {"id": str(city.teacher["id"])},
    )
    assert "errors" not in answer, answer
    standing = answer["data"]["standing"]
    assert (standing["unit"], standing["countedCredits"], standing["verdict"]) == (
        "CREDITS", "120.00", "OPEN",
    )  # fmt: skip
    assert standing["entries"][1] == {
        "counted": "20.00",
        "cuts": [{"capId": "school-based-five-years", "amount": "10.00"}],
    }
    total = next(each for each in standing["requirements"] if each["id"] == "total")
    assert (total["needed"], total["missing"], total["verdict"]) == ("360.00", "240.00", "OPEN")


async def test_short_standings_of_a_schools_teachers(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    today = date.today()  # noqa: DTZ011  the short ones are those of the database's today
    await make_recognised(db, city.county, city.county_admin, [city.teacher], on=today)
    answer = await client.graphql(
        city.school_admin,
        """
        query ($id: UUID!) {
          unit(id: $id) { teachers { nodes { name standing { countedCredits verdict missing } } } }
        }
        """,
        {"id": str(city.school["id"])},
    )
    assert "errors" not in answer, answer
    assert answer["data"]["unit"]["teachers"]["nodes"] == [
        {"name": "测试乙", "standing": None},
        {
            "name": "测试甲",
            "standing": {"countedCredits": "10.00", "verdict": "OPEN", "missing": "350.00"},
        },
    ]
