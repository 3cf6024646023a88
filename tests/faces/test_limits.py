"""How much a GraphQL document may ask for."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from app.graphql.execution.cost import measure
from app.graphql.limits import LIMITS, MOST_TOKENS
from app.graphql.schema import schema
from tests.make import City, Client

BUILT: Any = schema._schema


DEEPEST, MOST_ALIASES, DEAREST = LIMITS.deepest, LIMITS.most_aliases, LIMITS.dearest


def found(document: str, variables: Any = None, dearest: int = DEAREST) -> dict[str, Any]:
    """What the limits find: what is too much, and how much it is."""
    return details(parse(document), variables, dearest)


def details(document: Any, variables: Any = None, dearest: int = DEAREST) -> dict[str, Any]:
    """The same for a document that is parsed already."""
    limits = replace(LIMITS, dearest=dearest)
    (operation,) = (
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    )
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    error = limits.error(measure(BUILT, operation, fragments, limits, variables), operation)
    if error is None:
        return {}
    shown: dict[str, Any] = (error.extensions or {})["details"]
    assert shown.pop("dearest") != ""
    return shown


def nested(depth: int) -> str:
    inner = "name"
    for _ in range(depth):
        inner = f"parent {{ {inner} }}"
    return f'{{ unit(id: "00000000-0000-7000-8000-000000000000") {{ {inner} }} }}'


def bomb(fragments: int) -> str:
    """Each fragment spreads the next twice: 2 to the power of their number, read naively."""
    spreads = [
        f"fragment f{n} on Unit {{ name ...f{n + 1} ...f{n + 1} }}" for n in range(fragments)
    ]
    last = f"fragment f{fragments} on Unit {{ name }}"
    start = 'query { unit(id: "00000000-0000-7000-8000-000000000000") { ...f0 } }'
    return " ".join([start, *spreads, last])


def test_depth_is_bounded() -> None:
    assert found(nested(DEEPEST - 2)) == {}
    assert found(nested(DEEPEST - 1)) == {
        "what": "depth", "found": DEEPEST + 1, "limit": DEEPEST,
    }  # fmt: skip


def test_aliases_are_bounded() -> None:
    fields = " ".join(f"a{n}: name" for n in range(MOST_ALIASES))
    assert found(f"{{ profile {{ {fields} }} }}") == {}
    assert found(f"{{ profile {{ {fields} b: name }} }}")["what"] == "aliases"


@pytest.mark.parametrize(
    ("selection", "cost"),
    [
        ("{ profile { name } }", 2),
        ("{ units { nodes { name } } }", 2 + 50),
        ("{ units(first: 10) { nodes { name } } }", 2 + 10),
        (
            "{ units(first: 10) { nodes { name } edges { cursor } pageInfo { endCursor } } }",
            1 + (1 + 10) + (1 + 10) + (1 + 1),
        ),
        ("query ($n: Int!) { units(first: $n) { nodes { name } } }", 2 + 7),
        ("{ units(first: 1) { nodes { schools { name } } } }", 2 + 1 * (1 + 30)),
        (
            "{ units(first: 1) { nodes { schools { teachers { nodes { name } } } } } }",
            2 + 1 * (1 + 30 * (2 + 50)),
        ),
        ("{ units(first: 999999) { nodes { name } } }", 2 + 100),
        ("{ units(first: -5) { nodes { name } } }", 2 + 1),
    ],
)
def test_cost_is_what_a_document_may_reach(selection: str, cost: int) -> None:
    expected = {"what": "cost", "found": cost, "limit": cost - 1}
    assert found(selection, {"n": 7}, cost - 1) == expected
    assert found(selection, {"n": 7}, cost) == {}


def test_everything_of_a_city_is_too_dear_and_its_summaries_are_not() -> None:
    start = '{ unit(id: "00000000-0000-7000-8000-000000000000")'
    entries = "creditEntries { nodes { credits } }"
    teachers = f"teachers(first: 100) {{ nodes {{ name school {{ name }} {entries} }} }}"
    dear = f"{start} {{ counties {{ schools {{ {teachers} }} }} }} }}"
    assert found(dear)["what"] == "cost"
    assert found(dear)["limit"] == DEAREST
    summary = "creditSummary { __typename }"
    assert found(f"{start} {{ counties {{ schools {{ name {summary} }} }} }} }}") == {}


@pytest.mark.parametrize("fragments", [17, 60])
def test_a_bomb_of_fragments_is_too_dear(fragments: int) -> None:
    assert found(bomb(fragments))["what"] == "cost"


def test_a_circle_of_fragments_is_measured_without_end() -> None:
    circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"
    assert found(circle) == {}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_what_is_too_much_is_told_in_both_languages(
    language: str, client: Client, city: City
) -> None:
    for document, code in (
        (bomb(40), "too_expensive"),
        (nested(DEEPEST), "too_expensive"),
        (f"{{ profile {{ {'name ' * MOST_TOKENS} }} }}", "graphql_invalid"),
        ("{" * 200 + "}" * 200, "graphql_invalid"),
    ):
        answer = await client.http.post(
            "/graphql", json={"query": document}, headers=client.headers(city.city_admin, language)
        )
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] == code
        assert error["extensions"]["status"] == 400
        assert error["message"].isascii() == (language == "en")
