"""GraphQL refuses documents and variables that mean nothing, without echo or effect."""

from typing import Any

import asyncpg
import pytest

from app.sql import new_id
from tests.faces.asking import in_graphql, parameters
from tests.faces.operations import Operation, camel
from tests.faces.refusals import MARKER, MUTATIONS, named, schema_of
from tests.faces.state import state
from tests.make import City, Client, Person


@pytest.fixture
def city(lasting_city: City, driver: asyncpg.Connection) -> City:
    """The city of the module, in a savepoint of the test's own."""
    return lasting_city


async def graphql(
    client: Client, person: Person, query: str, variables: Any = None, language: str = "en"
) -> dict[str, Any]:
    """The first error's words and extensions; nothing is repeated."""
    answer = await client.http.post(
        "/graphql",
        json={"query": query, "variables": variables},
        headers=client.headers(person, language),
    )
    assert "Zaubernuss" not in answer.text
    error: dict[str, Any] = answer.json()["errors"][0]
    assert error["extensions"]["request_id"] == answer.headers["x-request-id"]
    return error


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f'{{ profile {{ name }} "{MARKER}"', "a syntax error"),
        ("{ profile { colour } }", "The type Profile has no field colour."),
        ("{ profile }", "Fields must be selected from profile."),
        ("{ unit { name } }", "The argument id of Query.unit is required."),
        (f'{{ unit(id: "{MARKER}") {{ name }} }}', "not valid here"),
        (f'{{ units(level: "{MARKER}") {{ nodes {{ id }} }} }}', "not valid here"),
        (f'{{ units(first: {{a: "{MARKER}"}}) {{ nodes {{ id }} }} }}', "not valid here"),
        (f'{{ units(colour: "{MARKER}") {{ nodes {{ id }} }} }}', "no argument colour"),
        ("{ units(first: $many) { nodes { id } } }", "The variable $many is not declared."),
        ("query ($x: Int) { profile { name } }", "The variable $x is never used."),
        ("{ ...a } fragment a on Query { ...a }", "The fragment a contains itself."),
        ("{ ...b }", "There is no fragment b."),
        ("subscription { x }", "has no field x"),
    ],
)
async def test_a_document_that_is_none_is_refused_in_both_languages(
    query: str, words: str, client: Client, city: City
) -> None:
    error = await graphql(client, city.city_admin, query)
    assert words in error["message"]
    assert error["extensions"]["code"] == "graphql_invalid"
    chinese = await graphql(client, city.city_admin, query, language="zh-CN")
    assert not chinese["message"].isascii()


@pytest.mark.parametrize("operation", MUTATIONS, ids=named)
async def test_variables_of_the_wrong_type_are_told_without_their_values(
    operation: Operation,
    client: Client,
    city: City,
    driver: asyncpg.Connection,
    before: dict[str, Any],
) -> None:
    keys = {name: new_id() for name in parameters(operation)}
    for name in schema_of(operation):
        for value in (MARKER, {"x": MARKER}, [[MARKER]], 10**30, 1.5, "1e999", "\u0000"):
            document, variables = in_graphql(operation, keys, {})
            inputs = [each for each in variables if isinstance(variables[each], dict)]
            for each in inputs:
                variables[each] = {camel(name): value}
            error = await graphql(client, city.city_admin, document, variables)
            assert error["extensions"]["status"] < 500, (name, value, error)
    assert await state(driver) == before


async def test_the_findings_of_a_command_are_told_by_field_in_both_languages(
    client: Client, city: City
) -> None:
    query = "mutation ($new: NewUnit!) { createUnit(new: $new) { id } }"
    new = {"name": "x", "level": "SCHOOL", "stages": [], "parentId": str(city.county["id"])}
    english = await graphql(client, city.city_admin, query, {"new": new})
    chinese = await graphql(client, city.city_admin, query, {"new": new}, "zh-CN")
    assert english["extensions"]["errors"] == [
        {"field": "new.name", "code": "string_too_short", "message": "At least 2 characters."}
    ]
    assert chinese["extensions"]["errors"][0]["message"] == "至少 2 个字符。"
    changing = "mutation ($change: PasswordChange!) { changePassword(change: $change) { name } }"
    short = {"change": {"old": "the old password", "new": "x"}}
    chinese = await graphql(client, city.city_admin, changing, short, "zh-CN")
    assert chinese["extensions"]["errors"][0]["message"] == "至少 10 个字符。"
    whole = {**new, "name": "某小学"}
    english = await graphql(client, city.city_admin, query, {"new": whole})
    chinese = await graphql(client, city.city_admin, query, {"new": whole}, "zh-CN")
    message = english["extensions"]["errors"][0]["message"]
    assert message.startswith("A school has at least one stage")
    assert chinese["extensions"]["errors"][0]["message"].startswith("学校至少有一个学段")
