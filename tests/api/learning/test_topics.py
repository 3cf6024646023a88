from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_needs import make_problem
from tests.make_topics import TOPIC, make_topic


async def test_a_problem_becomes_a_topic(client: Client, city: City, db: Connection) -> None:
    problem = await make_problem(db, city.school, city.school_admin)
    new = TOPIC | {
        "unit_id": str(city.school["id"]), "leader_id": str(city.teacher["id"]),
        "problem_ids": [str(problem["id"])],
    }  # fmt: skip
    made = await client.post(city.school_admin, "/topics", new)
    assert made.status_code == 201, made.text
    topic = made.json()
    address = f"/topics/{topic['id']}"
    assert made.headers["Location"] == f"/api/v1{address}"
    assert (topic["problem_ids"], topic["leader_name"]) == ([str(problem["id"])], "测试甲")
    read = await client.get(city.teacher_account, address)
    assert read.json() == topic
    tag = {"If-Match": read.headers["ETag"]}
    changed = await client.request(
        city.teacher_account, "PATCH", address, json={"title": "改名"}, headers=tag
    )
    assert (changed.status_code, changed.json()["title"]) == (200, "改名")
    late = await client.request(
        city.teacher_account, "PATCH", address, json={"title": "又改"}, headers=tag
    )
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    wrong = await client.post(city.school_admin, "/topics", new | {"due_on": "2026-01-01"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "topic_out_of_order")
    assert (await client.get(city.sibling_admin, address)).status_code == 404


async def test_topics_are_listed_by_what_they_are(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    first = await make_topic(db, city.teacher_account)
    await make_topic(db, city.teacher_account, level="county", title="县级课题")
    before = pool.statements
    listed = await client.get(
        city.county_admin, "/topics?level=school&state=draft&due_before=2029-01-01&fields=id,title"
    )
    assert pool.statements - before == 1
    assert listed.json()["items"] == [{"id": str(first["id"]), "title": first["title"]}]
