from app.domain.organisation.units import Level
from app.sql import Connection
from tests.make import City, Client, make_unit
from tests.make_province import make_province

FOREVER = "2098-12-01"


async def test_a_doubt_is_raised_answered_and_closed(
    client: Client, db: Connection, city: City
) -> None:
    province = await make_province(db, city)
    new = {
        "subject": "teacher", "subject_id": str(city.teacher["id"]), "reference": "Z-1",
        "question": "任教学校是否有误", "due_on": FOREVER,
    }  # fmt: skip
    answer = await client.post(province, "/province/challenges", new)
    assert answer.status_code == 201
    row = answer.json()
    path = f"/province/challenges/{row['id']}"
    assert answer.headers["location"] == f"/api/v1{path}"
    query = f"/province/challenges?state=raised&teacher_id={city.teacher['id']}"
    assert (await client.get(city.county_admin, query)).json()["items"] == [row]
    found = {"outcome": "upheld", "answer": "经核实无误"}
    answered = await client.post(city.county_admin, f"{path}/answer", found)
    assert answered.json()["state"] == "upheld"
    again = await client.post(city.county_admin, f"{path}/answer", found)
    assert (again.status_code, again.json()["code"]) == (409, "challenge_answered")
    closed = await client.post(province, f"{path}/close")
    assert closed.json()["state"] == "closed"
    assert (await client.get(province, path)).json() == closed.json()


async def test_the_province_acts_in_each_of_its_cities_and_nowhere_else(
    client: Client, db: Connection, city: City
) -> None:
    """One application with the role over two cities; a third is not there for it."""
    others = [await make_unit(db, f"{name}市教育局", Level.CITY) for name in ("乙", "丙")]
    province = await make_province(db, city, others[0])
    for unit, status in ((city.city, 201), (others[0], 201), (others[1], 404)):
        new = {"city_id": str(unit["id"]), "kind": "roster", "number": "R-1", "name": "测试"}
        answer = await client.post(province, "/province/arrivals", new)
        assert answer.status_code == status, answer.text
