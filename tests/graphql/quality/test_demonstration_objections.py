from datetime import UTC, datetime

from app.domain.access.roles import Role
from app.sql import Connection
from tests.graphql.quality.test_demonstrations import answer
from tests.make import City, Client, make_account
from tests.make_demonstrations import make_public


async def test_an_objection_over_graphql(client: Client, db: Connection, city: City) -> None:
    key = str((await make_public(db, city, now=datetime.now(UTC)))["id"])
    teacher = city.teacher_account
    bureau = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    shown = await answer(client, teacher, "{ publishedDemonstrations { nodes { id unitName } } }")
    assert shown["nodes"] == [{"id": key, "unitName": "甲县第一小学"}]
    query = """mutation ($id: UUID!) { objectToDemonstration(
      demonstrationId: $id, new: {reason: "记载不实"}) { id } }"""
    raised = await answer(client, teacher, query, id=key)
    [mine] = await answer(client, teacher, "{ ownDemonstrationObjections { id upheld } }")
    assert mine == {"id": raised["id"], "upheld": None}
    query = "{ demonstrationObjections(open: true) { nodes { by demonstration { state } } } }"
    listed = await answer(client, bureau, query)
    assert [each["demonstration"] for each in listed["nodes"]] == [{"state": "PUBLISHED"}]
    query = """mutation ($id: UUID!) { decideDemonstrationObjection(objectionId: $id, decision: {
      upheld: true, answer: "查实"}) { upheld } }"""
    assert await answer(client, bureau, query, id=raised["id"]) == {"upheld": True}
    early = await client.graphql(
        bureau, "mutation ($id: UUID!) { awardDemonstration(demonstrationId: $id) { state } }",
        {"id": key},
    )  # fmt: skip
    assert early["errors"][0]["extensions"]["code"] == "demonstration_wrong_state"
