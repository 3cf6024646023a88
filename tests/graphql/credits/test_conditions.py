from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client

OWN = """
query ($id: UUID!) {
  conditions(teacherId: $id, asOf: "2026-11-20") { purpose outcome frame frameStart }
  condition(teacherId: $id, purpose: APPOINTMENT, asOf: "2026-11-20") {
    verdict requirements { id missing } contributions { counted requirements }
    changes { kind requirementId amount missingAfter said { zh } } inputs { name value }
  }
}
"""
LIST = """
query ($id: UUID!, $after: String) {
  prechecks(unitId: $id, purpose: APPOINTMENT, outcome: QUALIFIED, first: 1, after: $after) {
    nodes { name outcome } pageInfo { hasNextPage endCursor } totalCount
  }
}
"""


async def test_a_teacher_reads_the_own_conditions(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="30.00")
    answer = await client.graphql(city.teacher_account, OWN, {"id": str(city.teacher["id"])})
    assert "errors" not in answer, answer
    told = answer["data"]["condition"]
    missing = {each["id"]: each["missing"] for each in told["requirements"]}
    assert (told["verdict"], missing["total"]) == ("OPEN", "330.00")
    assert told["contributions"][0]["counted"] == "30.00"
    assert {each["kind"] for each in told["changes"]} == {"EARN"}
    assert [each["purpose"] for each in answer["data"]["conditions"]][:2] == [
        "REGISTRATION", "APPRAISAL",
    ]  # fmt: skip


async def test_an_empty_page_says_where_the_next_begins(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    after, pages = None, 0
    while True:
        variables = {"id": str(city.school["id"]), "after": after}
        answer = await client.graphql(city.school_admin, LIST, variables)
        assert "errors" not in answer, answer
        found = answer["data"]["prechecks"]
        assert (found["nodes"], found["totalCount"]) == ([], None)
        pages += 1
        if not found["pageInfo"]["hasNextPage"]:
            break
        assert found["pageInfo"]["endCursor"] != after
        after = found["pageInfo"]["endCursor"]
    assert pages > 1
