from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_problem


async def test_a_problem_from_its_statement_to_its_answer(client: Client, city: City) -> None:
    new = {"statement": "学生不会提问", "subject": "chinese", "tags": ["提问"]}
    made = await client.post(city.teacher_account, "/problems", new)
    assert made.status_code == 201
    problem = made.json()
    address = f"/problems/{problem['id']}"
    assert made.headers["Location"] == f"/api/v1{address}"
    taken = await client.post(city.school_admin, f"{address}/take-in")
    assert taken.json()["state"] == "taken_in"
    again = await client.post(city.school_admin, f"{address}/take-in")
    assert (again.status_code, again.json()["code"]) == (409, "problem_decided")
    answered = await client.post(city.county_admin, f"{address}/answer", {"reply": "已列入"})
    assert (answered.json()["state"], answered.json()["reply"]) == ("answered", "已列入")
    read = await client.get(city.teacher_account, address)
    assert read.json() == answered.json()
    assert (await client.get(city.colleague_account, address)).status_code == 404


async def test_problems_are_joined_listed_and_counted(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    first = await make_problem(db, city.school, city.school_admin)
    second = await make_problem(db, city.school, city.school_admin)
    joined = await client.post(
        city.school_admin, f"/problems/{first['id']}/merge", {"into_id": str(second["id"])}
    )
    assert joined.json()["merged_into_id"] == str(second["id"])
    listed = await client.get(city.school_admin, "/problems?state=stated&tag=合作学习")
    assert [row["id"] for row in listed.json()["items"]] == [str(second["id"])]
    before = pool.statements
    counts = await client.get(city.county_admin, f"/units/{city.county['id']}/problem-counts")
    assert [row["problems"] for row in counts.json()] == [1]
    assert pool.statements - before == 2
