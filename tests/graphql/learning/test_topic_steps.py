from app.domain.training.files import FileSharing
from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file
from tests.make_topics import make_topic

FILE = (
    "mutation ($id: UUID!, $new: NewTopicStep!)"
    " { fileTopicStep(topicId: $id, new: $new) { id state topic { state } } }"
)
BACK = "mutation ($id: UUID!) { takeBackTopicStep(stepId: $id) { state } }"
DECIDE = (
    "mutation ($id: UUID!, $decision: TopicStepDecision!)"
    " { decideTopicStep(stepId: $id, decision: $decision) { state topic { state number } } }"
)


async def test_a_step_is_filed_taken_back_and_decided(
    client: Client, city: City, db: Connection
) -> None:
    file = await make_file(db, city.school, city.school_admin, sharing=FileSharing.CITY)
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    new = {"kind": "APPLICATION", "summary": "申请立项", "fileId": str(file["id"])}
    given = {"id": str(topic["id"]), "new": new}
    filed = (await client.graphql(city.school_admin, FILE, given))["data"]["fileTopicStep"]
    assert (filed["state"], filed["topic"]) == ("FILED", {"state": "SUBMITTED"})
    back = await client.graphql(city.school_admin, BACK, {"id": filed["id"]})
    assert back["data"]["takeBackTopicStep"] == {"state": "TAKEN_BACK"}
    filed = (await client.graphql(city.school_admin, FILE, given))["data"]["fileTopicStep"]
    link = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { createTopicStepLink(stepId: $id, new: {}) { url } }",
        {"id": filed["id"]},
    )
    assert str(file["id"]) in link["data"]["createTopicStepLink"]["url"]
    decision = {"verdict": "PASSED", "opinion": "同意", "number": "1"}
    decided = await client.graphql(
        city.county_admin, DECIDE, {"id": filed["id"], "decision": decision}
    )
    assert decided["data"]["decideTopicStep"] == {
        "state": "PASSED", "topic": {"state": "APPROVED", "number": "1"},
    }  # fmt: skip
    read = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { topicStep(id: $id) { opinion appraisals { score } }"
        " topicSteps(state: PASSED) { nodes { kind } } }",
        {"id": filed["id"]},
    )
    assert read["data"] == {
        "topicStep": {"opinion": "同意", "appraisals": []},
        "topicSteps": {"nodes": [{"kind": "APPLICATION"}]},
    }
