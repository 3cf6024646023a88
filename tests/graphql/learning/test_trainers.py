"""Trainers over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer, make_trainer_assessment

INVITE = """mutation ($new: NewTrainer!) {
    inviteTrainer(new: $new) { id state isExternal name teacher { name } }
}"""
ANSWER = """mutation ($id: UUID!) {
    answerTrainerInvitation(trainerId: $id, reply: {accepts: true}) { state }
}"""
CHANGE = """mutation ($id: UUID!) {
    updateTrainer(trainerId: $id, changes: {subjects: [HISTORY]}) { subjects }
}"""
REMOVE = """mutation ($id: UUID!) {
    removeTrainer(trainerId: $id, removal: {kind: MOVED, reason: "调离本县"}) { exitKind }
}"""
LIST = "{ trainers(state: ACCEPTED) { nodes { name assessments(first: 5) { nodes { year } } } } }"


async def test_a_trainer_from_invitation_to_exit(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.county["id"]), "teacherId": str(city.teacher["id"]),
        "engagement": "PART_TIME", "stages": ["PRIMARY"], "subjects": ["CHINESE"],
        "qualification": "市级学科带头人",
    }  # fmt: skip
    made = await client.graphql(city.county_admin, INVITE, {"new": new})
    trainer = made["data"]["inviteTrainer"]
    assert (trainer["state"], trainer["teacher"]["name"]) == ("INVITED", "测试甲")
    key = {"id": trainer["id"]}
    yes = await client.graphql(city.teacher_account, ANSWER, key)
    assert yes["data"]["answerTrainerInvitation"]["state"] == "ACCEPTED"
    changed = await client.graphql(city.county_admin, CHANGE, key)
    assert changed["data"]["updateTrainer"]["subjects"] == ["HISTORY"]
    known = await client.graphql(
        city.school_admin, "{ knownTrainers(subject: HISTORY) { nodes { name } } }"
    )
    assert known["data"]["knownTrainers"]["nodes"] == [{"name": "测试甲"}]
    refused = await client.graphql(city.teacher_account, REMOVE, key)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    gone = await client.graphql(city.county_admin, REMOVE, key)
    assert gone["data"]["removeTrainer"] == {"exitKind": "MOVED"}


async def test_an_expert_answers_through_others_and_is_judged(
    client: Client, db: Connection, city: City
) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    await make_trainer_assessment(db, trainer, city.county_admin)
    late = """mutation ($id: UUID!) {
        recordTrainerAnswer(trainerId: $id, reply: {accepts: false}) { state }
    }"""
    answer = await client.graphql(city.county_admin, late, {"id": str(trainer["id"])})
    assert answer["errors"][0]["extensions"]["code"] == "trainer_answered"
    seen = await client.graphql(city.county_admin, LIST)
    assert seen["data"]["trainers"]["nodes"] == [
        {"name": "李教授", "assessments": {"nodes": [{"year": 2026}]}}
    ]
    one = "query ($id: UUID!) { trainer(id: $id) { worksAt } }"
    read = await client.graphql(city.school_admin, one, {"id": str(trainer["id"])})
    assert read["data"]["trainer"] == {"worksAt": "测试师范大学"}
