from datetime import date

from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_city_its_counties_and_their_schools_are_summed(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    await make_pack(db, city.city)
    today = date.today()  # noqa: DTZ011  summaries are of the database's today
    people = [city.teacher, city.sibling_teacher, city.direct_teacher]
    await make_recognised(db, city.city, city.city_admin, people, hours="8.00", on=today)
    before = pool.statements
    answer = await client.graphql(
        city.city_admin,
        """
        query ($id: UUID!) {
          unit(id: $id) {
            creditSummary { teachers countedCredits }
            counties { name creditSummary { countedCredits }
                       schools { creditSummary { withCredit countedCredits } } }
          }
        }
        """,
        {"id": str(city.city["id"])},
    )
    assert "errors" not in answer, answer
    unit = answer["data"]["unit"]
    assert unit["creditSummary"] == {"teachers": 5, "countedCredits": "24.00"}
    county = next(each for each in unit["counties"] if each["name"] == "甲县")
    assert county["creditSummary"] == {"countedCredits": "16.00"}
    school = {"creditSummary": {"withCredit": 1, "countedCredits": "8.00"}}
    assert county["schools"] == [school, school]
    # Three levels of units, and the summaries of each of them.
    assert pool.statements - before == 6


async def test_a_summary_and_a_compliance_list(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    answer = await client.graphql(
        city.county_admin,
        """
        query ($id: UUID!) {
          creditSummary(unitId: $id) { teachers met }
          compliance(unitId: $id) { nodes { name level teachers } pageInfo { hasNextPage } }
        }
        """,
        {"id": str(city.county["id"])},
    )
    assert "errors" not in answer, answer
    assert answer["data"]["creditSummary"] == {"teachers": 3, "met": 0}
    assert answer["data"]["compliance"]["nodes"] == [
        {"name": "甲县第一小学", "level": "SCHOOL", "teachers": 2},
        {"name": "甲县第二小学", "level": "SCHOOL", "teachers": 1},
    ]
