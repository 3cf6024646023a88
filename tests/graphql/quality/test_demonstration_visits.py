from datetime import date

from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client
from tests.make_demonstrations import make_under_review
from tests.make_organisation import make_visit


async def test_a_visit_over_graphql(client: Client, db: Connection, city: City) -> None:
    row = await make_under_review(db, city)
    bureau, key = city.city_admin, str(row["id"])
    visit = await make_visit(db, city.school, bureau, city.city, visited_on=date(2099, 1, 1))
    query = """mutation ($id: UUID!, $visit: UUID!) { addDemonstrationVisit(
      demonstrationId: $id, choice: {visitId: $visit}) { visitors } }"""
    await answer(client, bureau, query, id=key, visit=visit["id"])
    read = "query ($id: UUID!) { demonstrationVisits(demonstrationId: $id) { visitors } }"
    assert await answer(client, bureau, read, id=key) == [{"visitors": visit["visitors"]}]
