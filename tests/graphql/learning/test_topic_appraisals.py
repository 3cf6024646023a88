from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import file_step, make_topic

ASK = (
    "mutation ($id: UUID!, $new: TopicExperts!)"
    " { askTopicExperts(stepId: $id, new: $new) { appraisals { id name state } } }"
)
SCORE = (
    "mutation ($id: UUID!, $new: TopicScore!)"
    " { scoreTopic(appraisalId: $id, new: $new) { state score step { kind } } }"
)
DECLINE = (
    "mutation ($id: UUID!, $new: TopicAppraisalDecline!)"
    " { declineTopicAppraisal(appraisalId: $id, new: $new) { state } }"
)


async def test_experts_are_asked_and_answer(client: Client, city: City, db: Connection) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level="county",
    )  # fmt: skip
    step = await file_step(db, city.school_admin, topic)
    given = {"id": str(step["id"]), "new": {"expertIds": [str(city.sibling_teacher["id"])]}}
    asked = await client.graphql(city.county_admin, ASK, given)
    (one,) = asked["data"]["askTopicExperts"]["appraisals"]
    assert (one["name"], one["state"]) == ("测试丙", "ASKED")
    query = (
        "query ($id: UUID!) { topicAppraisal(id: $id) { topicSummary expert { name } }"
        " topicAppraisals { nodes { title } } }"
    )
    read = await client.graphql(city.sibling_teacher_account, query, {"id": one["id"]})
    assert read["data"] == {
        "topicAppraisal": {"topicSummary": topic["summary"], "expert": {"name": "测试丙"}},
        "topicAppraisals": {"nodes": [{"title": topic["title"]}]},
    }
    score = {"id": one["id"], "new": {"score": "90", "opinion": "可行"}}
    scored = await client.graphql(city.sibling_teacher_account, SCORE, score)
    assert scored["data"]["scoreTopic"] == {
        "state": "SCORED", "score": "90.00", "step": {"kind": "APPLICATION"},
    }  # fmt: skip
    late = await client.graphql(
        city.sibling_teacher_account, DECLINE, {"id": one["id"], "new": {"reason": "有合作"}}
    )
    assert late["errors"][0]["extensions"]["code"] == "topic_appraisal_answered"


async def test_an_expert_is_waited_for_no_longer(
    client: Client, city: City, db: Connection
) -> None:
    topic = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"],
        level="county",
    )  # fmt: skip
    step = await file_step(db, city.school_admin, topic)
    given = {"id": str(step["id"]), "new": {"expertIds": [str(city.sibling_teacher["id"])]}}
    asked = await client.graphql(city.county_admin, ASK, given)
    (one,) = asked["data"]["askTopicExperts"]["appraisals"]
    release = (
        "mutation ($id: UUID!, $new: TopicExpertRelease!)"
        " { releaseTopicExpert(appraisalId: $id, new: $new) { state opinion } }"
    )
    why = {"id": one["id"], "new": {"reason": "长期病假"}}
    released = await client.graphql(city.county_admin, release, why)
    assert released["data"]["releaseTopicExpert"] == {"state": "RELEASED", "opinion": "长期病假"}
    again = await client.graphql(city.county_admin, release, why)
    assert again["errors"][0]["extensions"]["code"] == "topic_appraisal_answered"
