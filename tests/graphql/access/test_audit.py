"""The audit trail over GraphQL."""

import pytest

from app.domain.access.audit import Provenance, record_act
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client

ACTS = """{ acts { nodes { operation targetId refusal changedRows requestId
changes { nodes { tableName before after } totalCount } } totalCount } }"""


@pytest.fixture(autouse=True)
async def made(db: Connection, city: City) -> None:
    """What the fixtures made is not what the test does."""
    await record_act(db, None, operation="make", target_id=None, provenance=Provenance())


async def test_each_mutation_is_an_act_of_its_own(client: Client, city: City) -> None:
    document = """mutation ($one: NewGroup!, $other: NewGroup!) {
        one: createGroup(new: $one) { id } other: createGroup(new: $other) { id } }"""
    new = {"kind": "PROJECT", "unitId": str(city.school["id"])}
    given = {"one": {"name": "甲组", **new}, "other": {"name": "乙组", **new}}
    made = (await client.graphql(city.school_admin, document, given))["data"]
    nodes = (await client.graphql(city.auditor, ACTS))["data"]["acts"]["nodes"][:2]
    assert [act["targetId"] for act in nodes] == [made["other"]["id"], made["one"]["id"]]
    assert [act["operation"] for act in nodes] == ["create_group"] * 2
    assert [act["changes"]["totalCount"] for act in nodes] == [1, 1]
    assert nodes[0]["requestId"] == nodes[1]["requestId"] is not None
    assert nodes[0]["changes"]["nodes"][0]["after"]["name"] == "乙组"


async def test_a_mutation_that_is_refused_leaves_those_before_it_alone(
    client: Client, city: City
) -> None:
    document = """mutation ($new: NewGroup!, $far: NewGroup!) {
        one: createGroup(new: $new) { id } other: createGroup(new: $far) { id } }"""
    new = {"name": "甲组", "kind": "PROJECT", "unitId": str(city.school["id"])}
    far = {**new, "unitId": str(city.far_school["id"])}
    answer = await client.graphql(city.school_admin, document, {"new": new, "far": far})
    assert answer["errors"][0]["extensions"]["status"] == 404
    nodes = (await client.graphql(city.auditor, ACTS))["data"]["acts"]["nodes"][:2]
    assert [act["refusal"] for act in nodes] == ["unit_not_found", None]


async def test_a_field_that_is_refused_is_recorded_after_what_else_was_read(
    client: Client, city: City
) -> None:
    document = "{ teachers { nodes { id } } accounts { nodes { id } } }"
    answer = await client.graphql(city.teacher_account, document)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["not_allowed"]
    [act] = (await client.graphql(city.auditor, ACTS))["data"]["acts"]["nodes"][:1]
    assert (act["operation"], act["refusal"]) == ("list_accounts", "not_allowed")


async def test_acts_with_their_changes_and_their_numbers_are_four_statements(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    answer = await client.graphql(city.auditor, ACTS)
    assert "errors" not in answer
    assert pool.statements - before == 4


async def test_one_act_and_the_head(client: Client, city: City) -> None:
    path = "query ($id: UUID!) { act(id: $id) { id operation } auditHead { position hash } }"
    listed = await client.graphql(city.auditor, "{ acts(first: 1) { nodes { id operation } } }")
    [act] = listed["data"]["acts"]["nodes"]
    answer = await client.graphql(city.auditor, path, {"id": act["id"]})
    assert answer["data"] == {"act": act, "auditHead": {"position": 0, "hash": "0" * 64}}
