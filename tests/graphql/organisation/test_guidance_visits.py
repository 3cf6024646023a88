from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_organisation import make_visit

RECORD = (
    "mutation ($id: UUID!, $new: NewGuidanceVisit!) { recordGuidanceVisit(unitId: $id, new: $new)"
    " { id unit { name } byUnit { name } assignment { id } committee { id } } }"
)
NEW = {
    "kind": "INSPECT", "visitedOn": "2026-11-03", "visitors": "教研员两人",
    "findings": "个别学校开展次数较少",
}  # fmt: skip


async def test_a_school_is_inspected_and_answers(client: Client, city: City) -> None:
    made = await client.graphql(
        city.county_admin, RECORD, {"id": str(city.school["id"]), "new": NEW}
    )
    visit = made["data"]["recordGuidanceVisit"]
    assert (visit["unit"], visit["byUnit"]) == ({"name": "甲县第一小学"}, {"name": "甲县"})
    assert (visit["assignment"], visit["committee"]) == (None, None)
    itself = await client.graphql(
        city.county_admin, RECORD, {"id": str(city.county["id"]), "new": NEW}
    )
    assert itself["errors"][0]["extensions"]["code"] == "guidance_without_standing"
    answered = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $reply: GuidanceAnswer!)"
        " { answerGuidanceVisit(visitId: $id, reply: $reply) { answer } }",
        {"id": visit["id"], "reply": {"answer": "已增加次数"}},
    )
    assert answered["data"]["answerGuidanceVisit"] == {"answer": "已增加次数"}
    closed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $conclusion: GuidanceConclusion!)"
        " { closeGuidanceVisit(visitId: $id, conclusion: $conclusion) { conclusion } }",
        {"id": visit["id"], "conclusion": {"conclusion": "办结"}},
    )
    assert closed["data"]["closeGuidanceVisit"] == {"conclusion": "办结"}
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { guidanceVisit(id: $id) { byUnit { name } }"
        " guidanceVisits(closed: true) { nodes { answer } } }",
        {"id": visit["id"]},
    )
    assert read["data"] == {
        "guidanceVisit": {"byUnit": {"name": "甲县"}},
        "guidanceVisits": {"nodes": [{"answer": "已增加次数"}]},
    }


async def test_the_guidance_of_all_schools_is_one_statement(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    await make_visit(db, city.school, city.county_admin, city.county)
    before = pool.statements
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { unit(id: $id) { schools { guidanceVisits { nodes { kind } } } } }",
        {"id": str(city.county["id"])},
    )
    assert shown["data"]["unit"]["schools"] == [
        {"guidanceVisits": {"nodes": [{"kind": "GUIDE"}]}}, {"guidanceVisits": {"nodes": []}},
    ]  # fmt: skip
    assert pool.statements - before == 3
