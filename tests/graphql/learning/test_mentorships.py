"""Mentorships over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_mentorships import (
    CONCLUDED,
    make_expert_mentor,
    make_judgement,
    make_mentoring_record,
    make_mentorship,
    make_proposed,
)
from tests.make_trainers import make_trainer

PROPOSE = """mutation ($new: NewMentorship!) {
    proposeMentorship(new: $new) { id state apprentice { name } namedMentors { role name } }
}"""
SIGN = "mutation ($id: UUID!) { signMentorship(mentorshipId: $id) { state } }"
END = """mutation ($id: UUID!) {
    endMentorship(mentorshipId: $id, end: {kind: MOVED, reason: "导师调离"}) { state }
}"""
JUDGE = """mutation ($id: UUID!) {
    judgeMentorship(mentorshipId: $id, new: {stage: MID_TERM, grade: GOOD, comment: "进步明显"}) {
        stage
    }
}"""


async def test_a_mentorship_is_proposed_signed_judged_and_ended(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.school["id"]), "teacherId": str(city.colleague["id"]),
        "mentorIds": [str(city.teacher["id"])], "aim": "站稳讲台", "plan": "每周互听一节课，课后评议",
        "validFrom": "2026-09-01", "validTo": "2999-09-01",
    }  # fmt: skip
    made = await client.graphql(city.school_admin, PROPOSE, {"new": new})
    mentorship = made["data"]["proposeMentorship"]
    assert mentorship["namedMentors"] == [{"role": "LEAD", "name": "测试甲"}]
    key = {"id": mentorship["id"]}
    states = [
        (await client.graphql(person, SIGN, key))["data"]["signMentorship"]["state"]
        for person in (city.teacher_account, city.colleague_account)
    ]
    assert states == ["PROPOSED", "ACTIVE"]
    judged = await client.graphql(city.school_admin, JUDGE, key)
    assert judged["data"]["judgeMentorship"] == {"stage": "MID_TERM"}
    refused = await client.graphql(city.teacher_account, END, key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    over = await client.graphql(city.school_admin, END, key)
    assert over["data"]["endMentorship"] == {"state": "ENDED"}


async def test_what_is_proposed_is_declined_and_an_expert_signs_through_others(
    client: Client, db: Connection, city: City
) -> None:
    made = await make_proposed(db, city.school, city.school_admin, city.colleague, city.teacher)
    expert = await make_trainer(db, city.school, city.school_admin)
    mentor = await make_expert_mentor(db, made, expert)
    sign = "mutation ($id: UUID!) { signForExpert(mentorId: $id) { state } }"
    answer = await client.graphql(city.school_admin, sign, {"id": str(mentor["id"])})
    assert answer["data"]["signForExpert"] == {"state": "PROPOSED"}
    no = """mutation ($id: UUID!) {
        declineMentorship(mentorshipId: $id, refusal: {reason: "任务过重"}) { endReason }
    }"""
    answer = await client.graphql(city.teacher_account, no, {"id": str(made["id"])})
    assert answer["data"]["declineMentorship"] == {"endReason": "任务过重"}


async def test_all_of_a_mentorship_in_one_question(
    client: Client, db: Connection, city: City
) -> None:
    over = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **CONCLUDED
    )
    await make_judgement(db, over, city.school_admin, "final")
    await make_mentoring_record(db, over, city.teacher_account)
    asked = """query ($id: UUID!) {
        mentorship(id: $id) { level judgements { grade } records { nodes { hours } } }
        mentors(mentorshipId: $id) { name }
        mentorshipJudgements(mentorshipId: $id) { stage }
        mentorships(state: CONCLUDED) { nodes { name } }
    }"""
    seen = await client.graphql(city.teacher_account, asked, {"id": str(over["id"])})
    assert seen["data"] == {
        "mentorship": {
            "level": "SCHOOL", "judgements": [{"grade": "GOOD"}],
            "records": {"nodes": [{"hours": "2.00"}]},
        },
        "mentors": [{"name": "测试甲"}],
        "mentorshipJudgements": [{"stage": "FINAL"}],
        "mentorships": {"nodes": [{"name": "测试乙"}]},
    }  # fmt: skip
