from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import make_studied


async def test_targets_are_set_and_research_is_counted(
    client: Client, city: City, db: Connection
) -> None:
    await make_studied(db, city.teacher_account, city.school_admin)
    one = {"id": str(city.school["id"])}
    set_out = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { setTopicTarget(unitId: $id,"
        " new: {year: 2026, level: SCHOOL, topics: 4}) { topics approved } }",
        one,
    )
    assert set_out["data"]["setTopicTarget"] == [{"topics": 4, "approved": 1}]
    read = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { topicTargets(unitId: $id) { year level topics }"
        ' researchTotals(unitId: $id, since: "2026-01-01", until: "2027-01-01")'
        " { name schoolTopics participants } }",
        one,
    )
    assert read["data"] == {
        "topicTargets": [{"year": 2026, "level": "SCHOOL", "topics": 4}],
        "researchTotals": [
            {"name": None, "schoolTopics": 1, "participants": 1},
            {"name": "甲县第一小学", "schoolTopics": 1, "participants": 1},
        ],
    }
