import pytest

from app.domain.access.second_factors import code_at, step_of
from app.request import now
from app.sql import Connection
from tests.make import City, Client, Person
from tests.oauth import PASSWORD, make_person

ENROL = """mutation ($proof: OwnProof!) {
    enrolSecondFactor(proof: $proof) { secret address expiresAt } }"""
CONFIRM = """mutation ($first: SecondFactorCode!) {
    confirmSecondFactor(first: $first) { since recoveryCodesLeft recoveryCodes } }"""
REMOVE = """mutation ($proof: OwnProof!) {
    removeSecondFactor(proof: $proof) { since recoveryCodesLeft } }"""
RESET = """mutation ($id: UUID!) { resetSecondFactor(accountId: $id) { secondFactorSince } }"""
PROOF = {"password": PASSWORD}


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


async def test_it_is_enrolled_confirmed_shown_and_removed(client: Client, person: Person) -> None:
    begun = (await client.graphql(person, ENROL, {"proof": PROOF}))["data"]["enrolSecondFactor"]
    assert begun["secret"] in begun["address"]
    code = code_at(begun["secret"], step_of(now()))
    done = await client.graphql(person, CONFIRM, {"first": {"code": code}})
    codes = done["data"]["confirmSecondFactor"]["recoveryCodes"]
    assert len(codes) == done["data"]["confirmSecondFactor"]["recoveryCodesLeft"] == 10
    asked = "{ profile { secondFactor { since recoveryCodesLeft } mustEnrolSecondFactor } }"
    profile = (await client.graphql(person, asked))["data"]["profile"]
    assert profile["secondFactor"]["recoveryCodesLeft"] == 10
    refused = await client.graphql(person, REMOVE, {"proof": PROOF})
    assert refused["errors"][0]["extensions"]["code"] == "second_factor_needed"
    removed = await client.graphql(person, REMOVE, {"proof": PROOF | {"code": codes[0]}})
    assert removed["data"]["removeSecondFactor"] == {"since": None, "recoveryCodesLeft": 0}


async def test_a_superior_takes_it_away(client: Client, person: Person, city: City) -> None:
    begun = (await client.graphql(person, ENROL, {"proof": PROOF}))["data"]["enrolSecondFactor"]
    code = code_at(begun["secret"], step_of(now()))
    await client.graphql(person, CONFIRM, {"first": {"code": code}})
    variables = {"id": str(person.actor.account_id)}
    refused = await client.graphql(city.auditor, RESET, variables)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    answer = await client.graphql(city.county_admin, RESET, variables)
    assert answer["data"]["resetSecondFactor"] == {"secondFactorSince": None}


@pytest.mark.parametrize(
    ("proof", "code"),
    [({"password": "a wrong guess"}, "wrong_password"), ({}, "graphql_invalid")],
)
async def test_a_refusal_repeats_no_password(
    client: Client, person: Person, proof: dict[str, str], code: str
) -> None:
    answer = await client.graphql(person, ENROL, {"proof": proof})
    assert answer["errors"][0]["extensions"]["code"] == code
    assert "a wrong guess" not in str(answer)
