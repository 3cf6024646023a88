from app.sql import Connection
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_ledger_and_its_edges(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for hours in ("1.00", "2.50"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    answer = await client.graphql(
        city.county_admin,
        """
        query ($id: UUID!) {
          entries(teacherId: $id, first: 1, sort: "-sequence") {
            nodes { id sequence kind credits content teacher { name } }
            pageInfo { hasNextPage }
          }
        }
        """,
        {"id": str(city.teacher["id"])},
    )
    assert "errors" not in answer, answer
    (node,) = answer["data"]["entries"]["nodes"]
    entry_id = node.pop("id")
    assert node == {
        "sequence": 2,
        "kind": "EARN",
        "credits": "2.50",
        "content": ["ethics", "teaching_methods"],
        "teacher": {"name": "测试甲"},
    }
    assert answer["data"]["entries"]["pageInfo"]["hasNextPage"]
    query = "query ($id: UUID!) { entry(id: $id) { sequence } }"
    own = await client.graphql(city.teacher_account, query, {"id": entry_id})
    assert own["data"]["entry"] == {"sequence": 2}
    other = await client.graphql(city.sibling_teacher_account, query, {"id": entry_id})
    assert other["errors"][0]["extensions"]["code"] == "credit_entry_not_found"


async def test_a_school_with_the_entries_of_its_teachers_is_three_statements(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    await make_pack(db, city.city)
    for _ in range(3):
        people = [city.teacher, city.colleague]
        await make_recognised(db, city.school, city.county_admin, people)
    before = pool.statements
    answer = await client.graphql(
        city.school_admin,
        """
        query ($id: UUID!) {
          unit(id: $id) { teachers(first: 40) { nodes { creditEntries(first: 2) { nodes { sequence } } } } }
        }
        """,
        {"id": str(city.school["id"])},
    )
    assert "errors" not in answer, answer
    assert (
        answer["data"]["unit"]["teachers"]["nodes"]
        == [{"creditEntries": {"nodes": [{"sequence": 3}, {"sequence": 2}]}}] * 2
    )
    assert pool.statements - before == 3


async def test_the_ledgers_of_all_are_one_connection(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    people = [city.teacher, city.sibling_teacher]
    await make_recognised(db, city.county, city.county_admin, people)
    query = """
    { creditEntries(kind: EARN, earnedFrom: "2020-01-01") { totalCount nodes { teacher { name } } } }
    """
    answer = await client.graphql(city.county_admin, query)
    assert "errors" not in answer, answer
    names = {node["teacher"]["name"] for node in answer["data"]["creditEntries"]["nodes"]}
    assert names == {each["name"] for each in people}
    assert answer["data"]["creditEntries"]["totalCount"] == 2
    own = await client.graphql(city.teacher_account, query)
    assert own["data"]["creditEntries"]["totalCount"] == 1
