"""Rewards and penalties over GraphQL."""

from datetime import timedelta

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_incentives import PENALTY, make_published, make_rule, make_second

PROPOSE = """mutation ($teacher: UUID!, $rule: UUID!) {
    proposeIncentive(teacherId: $teacher, new: {
        ruleId: $rule, happenedOn: "2026-10-11", reason: "缺席三次", evidence: "考勤"
    }) { id state kind teacher { name } rule { name } unit { name } }
}"""
STATE = """mutation ($id: UUID!) {
    stateOnIncentive(incentiveId: $id, said: {statement: "因病"}) { statement }
}"""
DECIDE = """mutation ($id: UUID!) {
    decideIncentive(incentiveId: $id, decision: {approve: true, opinion: "属实"}) { state inForce }
}"""
APPEAL = """mutation ($id: UUID!) {
    appealIncentive(incentiveId: $id, said: {appeal: "有假条"}) { appeal }
}"""
ANSWER = """mutation ($id: UUID!) {
    decideIncentiveAppeal(incentiveId: $id, decision: {upheld: false, answer: "维持"}) {
        appealUpheld
    }
}"""
REVOKE = """mutation ($id: UUID!) {
    revokeIncentive(incentiveId: $id, revocation: {reason: "重新核实"}) { state }
}"""
WITHDRAW = "mutation ($id: UUID!) { withdrawIncentive(incentiveId: $id) { state } }"
GIVE = "mutation ($id: UUID!) { giveIncentive(incentiveId: $id) { state honourId } }"
READ = """query ($id: UUID!) {
    incentive(incentiveId: $id) { title name }
    incentives(kind: PENALTY) { nodes { id } }
    publishedIncentives { nodes { id name } }
}"""


async def test_a_penalty_goes_its_way(client: Client, db: Connection, city: City) -> None:
    rule = await make_rule(db, city.school_admin, city.school, PENALTY)
    second = await make_second(db, city)
    given = {"teacher": str(city.teacher["id"]), "rule": str(rule["id"])}
    made = (await client.graphql(second, PROPOSE, given))["data"]["proposeIncentive"]
    assert made["teacher"] == {"name": city.teacher["name"]}
    assert (made["rule"], made["unit"]) == ({"name": rule["name"]}, {"name": city.school["name"]})
    one = {"id": made["id"]}
    said = await client.graphql(city.teacher_account, STATE, one)
    assert said["data"]["stateOnIncentive"] == {"statement": "因病"}
    done = await client.graphql(city.school_admin, DECIDE, one)
    assert done["data"]["decideIncentive"] == {"state": "GIVEN", "inForce": True}
    shown = (await client.graphql(city.teacher_account, READ, one))["data"]
    assert shown["incentives"]["nodes"] == [one]
    assert shown["publishedIncentives"]["nodes"] == []
    appealed = await client.graphql(city.teacher_account, APPEAL, one)
    assert appealed["data"]["appealIncentive"] == {"appeal": "有假条"}
    answered = await client.graphql(city.county_admin, ANSWER, one)
    assert answered["data"]["decideIncentiveAppeal"] == {"appealUpheld": False}
    gone = await client.graphql(city.county_admin, REVOKE, one)
    assert gone["data"]["revokeIncentive"] == {"state": "REVOKED"}
    sealed = await client.graphql(city.colleague_account, READ, one)
    assert sealed["errors"][0]["extensions"]["code"] == "incentive_not_found"


async def test_a_reward_is_given_and_a_proposal_withdrawn(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_published(db, city, NOW - timedelta(days=10))
    given = await client.graphql(city.school_admin, GIVE, {"id": str(row["id"])})
    assert given["data"]["giveIncentive"]["honourId"] is not None
    both = {"teacher": str(city.colleague["id"]), "rule": str(row["rule_id"])}
    made = (await client.graphql(city.school_admin, PROPOSE, both))["data"]["proposeIncentive"]
    gone = await client.graphql(city.school_admin, WITHDRAW, {"id": made["id"]})
    assert gone["data"]["withdrawIncentive"] == {"state": "WITHDRAWN"}
