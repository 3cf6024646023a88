"""Rewards and penalties over REST."""

from app.domain.base import civil_date
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_incentives import PENALTY, REWARD, make_given, make_rule, make_second

SAID = {"happened_on": "2026-10-11", "reason": "示范课", "evidence": "评课意见"}


async def test_a_reward_is_proposed_decided_and_shown(
    client: Client, db: Connection, city: City
) -> None:
    rule = await make_rule(db, city.school_admin, city.school, REWARD)
    path = f"/teachers/{city.teacher['id']}/incentives"
    said = SAID | {"rule_id": str(rule["id"])}
    made = (await client.post(city.school_admin, path, said)).json()
    assert (made["state"], made["form"], made["in_force"]) == ("proposed", "honour", False)
    one = f"/incentives/{made['id']}"
    assert (await client.get(city.teacher_account, one)).json() == made
    yes = {"approve": True, "opinion": "属实"}
    own = await client.post(city.school_admin, f"{one}/decide", yes)
    assert (own.status_code, own.json()["code"]) == (409, "incentive_decided_by_party")
    decided = (await client.post(city.county_admin, f"{one}/decide", yes)).json()
    assert decided["state"] == "published"
    [shown] = (await client.get(city.colleague_account, "/published-incentives")).json()["items"]
    assert (shown["name"], "reason" in shown) == ("测**", False)
    early = await client.post(city.county_admin, f"{one}/give")
    assert (early.status_code, early.json()["code"]) == (409, "incentive_publicity_open")
    listed = await client.get(city.school_admin, "/incentives?kind=reward&state=published")
    assert [each["id"] for each in listed.json()["items"]] == [made["id"]]


async def test_a_penalty_is_heard_appealed_against_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    rule = await make_rule(db, city.school_admin, city.school, PENALTY)
    second = await make_second(db, city)
    path = f"/teachers/{city.teacher['id']}/incentives"
    made = (await client.post(second, path, SAID | {"rule_id": str(rule["id"])})).json()
    one = f"/incentives/{made['id']}"
    yes = {"approve": True, "opinion": "属实"}
    early = await client.post(city.school_admin, f"{one}/decide", yes)
    assert (early.status_code, early.json()["code"]) == (409, "penalty_not_heard")
    spoken = {"statement": "因病"}
    assert (await client.post(city.school_admin, f"{one}/statement", spoken)).status_code == 403
    assert (await client.post(city.teacher_account, f"{one}/statement", spoken)).status_code == 200
    assert (await client.post(city.school_admin, f"{one}/decide", yes)).json()["in_force"]
    appealed = await client.post(city.teacher_account, f"{one}/appeal", {"appeal": "有假条"})
    assert appealed.json()["appeal_unit_id"] == str(city.county["id"])
    no = {"upheld": False, "answer": "维持"}
    answered = await client.post(city.county_admin, f"{one}/appeal/decide", no)
    assert answered.json()["appeal_upheld"] is False
    revoked = await client.post(city.county_admin, f"{one}/revoke", {"reason": "重新核实"})
    assert revoked.json()["state"] == "revoked"
    assert (await client.get(city.auditor, one)).status_code == 403
    assert (await client.get(city.colleague_account, one)).status_code == 404


async def test_a_proposal_is_withdrawn_and_a_reward_given(
    client: Client, db: Connection, city: City
) -> None:
    given = await make_given(db, city)
    one = (await client.get(city.teacher_account, f"/incentives/{given['id']}")).json()
    assert one["given_on"] == civil_date(NOW).isoformat()
    path = f"/teachers/{city.colleague['id']}/incentives"
    said = SAID | {"rule_id": str(given["rule_id"])}
    made = (await client.post(city.school_admin, path, said)).json()
    gone = await client.post(city.school_admin, f"/incentives/{made['id']}/withdraw")
    assert gone.json()["state"] == "withdrawn"
