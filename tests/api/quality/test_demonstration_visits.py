from app.sql import Connection
from tests.api.quality.test_demonstrations import asked
from tests.make import TODAY, City, Client
from tests.make_demonstrations import make_under_review
from tests.make_organisation import make_visit


async def test_a_visit_is_named_for_an_application(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_under_review(db, city)
    visit = await make_visit(db, city.school, city.city_admin, city.city, visited_on=TODAY)
    address = f"/demonstrations/{row['id']}/visits"
    await asked(client, city.city_admin, address, {"visit_id": str(visit["id"])})
    [seen] = (await client.get(city.school_admin, address)).json()
    assert (seen["id"], seen["visitors"]) == (str(visit["id"]), visit["visitors"])
