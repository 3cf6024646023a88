"""Small documents that would do a great deal are refused before anything is done, with the reason."""

from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    visit,
)
from graphql import Visitor as Walk

from app.graphql.execution import cost
from app.graphql.limits import LIMITS, MOST_TOKENS
from app.graphql.schema import schema
from tests.conftest import SharedPool
from tests.make import City, Client

GRAPH: Any = schema._schema
NOBODY = "00000000-0000-7000-8000-000000000000"
UNIT = f'unit(id: "{NOBODY}")'


def fragments(number: int, body: str, last: str = "name") -> str:
    """Fragments on a unit, each of which has the next in it; `body` names that one `$`."""
    each = [f"fragment f{n} on Unit {{ {body.replace('$', f'f{n + 1}')} }}" for n in range(number)]
    return " ".join(
        [f"{{ {UNIT} {{ ...f0 }} }}", *each, f"fragment f{number} on Unit {{ {last} }}"]
    )


def nested(field: str, depth: int, inner: str = "name") -> str:
    return f"{field} {{ " * depth + inner + " }" * depth


TWICE = fragments(60, "name ...$ ...$")
"""Two to the power of sixty fields, if fragments are read wherever they stand."""
THREE_WAYS = fragments(4, "parent { ...$ } counties { ...$ } schools { ...$ }")
"""A hundred reads by a few words."""

TOO_EXPENSIVE: dict[str, tuple[str, str]] = {
    "sixty fragments, each with the next in it twice": (TWICE, "cost"),
    "sixty fragments, each one level deeper": (fragments(60, "parent { ...$ } ...$"), "depth"),
    "fragments that go on in three ways": (THREE_WAYS, "branches"),
    "nesting": (f"{{ {UNIT} {{ {nested('parent', 40)} }} }}", "depth"),
    "nesting in inline fragments": (
        f"{{ {UNIT} {{ {nested('... on Unit { parent', 15, 'name').replace('}', '} }')} }} }}",
        "depth",
    ),
    "aliases": ("{ " + " ".join(f"a{n}: profile {{ name }}" for n in range(150)) + " }", "aliases"),
    "aliases in fragments": (fragments(8, "a: name ...$ ...$"), "aliases"),
    "the same thing again and again": (f"{{ {'profile { name } ' * 240} }}", "branches"),
    "pages of pages": (
        (
            "{ units(first: 100) { nodes { teachers(first: 100) { nodes { school {"
            " teachers(first: 100) { nodes { name } } } } } } } }"
        ),
        "cost",
    ),
    "a page without end": (
        (
            "{ units(first: 999999999999999999) { nodes { teachers(first: 9999999999) {"
            " nodes { creditEntries(first: 100) { nodes { id } } } } } } }"
        ),
        "cost",
    ),
}

INVALID: dict[str, str] = {
    "a thousand aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(1000)) + " }",
    "a field again and again": f"{{ profile {{ {'name ' * (MOST_TOKENS - 10)}}} }}",
    "tokens": f"{{ profile {{ {'name ' * MOST_TOKENS}}} }}",
    "directives": f"{{ profile {{ name {'@skip(if: false) ' * 150}}} }}",
    "directives that there are not": f"{{ profile {{ name {'@a ' * 450}}} }}",
    "directives that stand there once only": f"{{ profile {{ name {'@skip(if: true) ' * 100}}} }}",
    "a circle of fragments": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "a fragment in itself": "{ ...a } fragment a on Query { profile { name } ...a }",
    "fragments that nobody uses": f"{{ profile {{ name }} }} {TWICE[TWICE.index('fragment') :]}",
    "a name without end": f"{{ {'x' * 60_000} }}",
    "a text without end": f'{{ unit(id: "{"x" * 60_000}") {{ name }} }}',
    "a number without end": f"{{ units(first: {'9' * 60_000}) {{ nodes {{ id }} }} }}",
    "braces": "{" * 5000 + "}" * 5000,
    "a list in lists": f"{{ unit(id: {'[' * 300 + ']' * 300}) {{ name }} }}",
    "an object in objects": f"{{ unit(id: {'{a:' * 200 + '1' + '}' * 200}) {{ name }} }}",
    "introspection of introspection": (
        f"{{ __schema {{ types {{ {nested('fields { type', 4).replace('}', '} }')} }} }} }}"
    ),
    "variables": f"query ({' '.join(f'$v{n}: Int' for n in range(240))}) {{ profile {{ name }} }}",
    "operations": " ".join(f"query q{n} {{ profile {{ name }} }}" for n in range(160)),
}  # fmt: skip


async def refusal(client: Client, city: City, **body: Any) -> dict[str, Any]:
    """The first error; the answer is short and repeats nothing that was sent."""
    answer = await client.http.post("/graphql", json=body, headers=client.headers(city.city_admin))
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    assert "x" * 100 not in answer.text
    content = answer.json()
    assert content["data"] is None
    error: dict[str, Any] = content["errors"][0]
    return error


@pytest.mark.parametrize("bomb", TOO_EXPENSIVE)
async def test_what_costs_too_much_is_refused_with_cost_limit_and_dearest_path(
    bomb: str, client: Client, city: City, pool: SharedPool
) -> None:
    text, what = TOO_EXPENSIVE[bomb]
    before = pool.statements
    error = await refusal(client, city, query=text)
    assert pool.statements == before
    assert error["extensions"]["code"] == "too_expensive"
    details = error["extensions"]["details"]
    limits = {
        "depth": LIMITS.deepest,
        "aliases": LIMITS.most_aliases,
        "branches": LIMITS.most_branches,
        "cost": LIMITS.dearest,
    }
    assert details["what"] == what
    assert details["limit"] == limits[what] < details["found"]
    assert details["dearest"].split(".")[0] in text
    assert all(str(details[each]) in error["message"] for each in ("found", "limit", "dearest"))


@pytest.mark.parametrize("bomb", INVALID)
async def test_what_is_overloaded_otherwise_is_not_valid(
    bomb: str, client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    error = await refusal(client, city, query=INVALID[bomb])
    assert pool.statements == before
    assert error["extensions"]["code"] == "graphql_invalid"
    assert error["extensions"]["status"] == 400


async def test_sizes_in_variables_are_no_way_around(
    client: Client, city: City, pool: SharedPool
) -> None:
    text = """
        query ($n: Int! = 1) {
          units(first: $n) { nodes { teachers(first: $n) { nodes {
            creditEntries(first: $n) { nodes { id } }
          } } } }
        }
    """
    before = pool.statements
    for size in (100, 2**31 - 1):
        error = await refusal(client, city, query=text, variables={"n": size})
        assert error["extensions"]["details"]["what"] == "cost"
    assert pool.statements == before


async def test_a_body_that_is_too_large_is_not_read(client: Client, city: City) -> None:
    for body in (
        {"query": "{ profile { name } } #" + "x" * 65_536},
        {"query": "{ profile { name } }", "variables": {"x": "x" * 65_536}},
        {"query": "{ profile { name } }", "operationName": "x" * 65_536},
    ):
        answer = await client.http.post(
            "/graphql", json=body, headers=client.headers(city.city_admin)
        )
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"


# How much work a refusal is.


class Counting(cost._Measure):
    """Counts the selections that are measured."""

    measured = 0

    def selection(
        self, selection: SelectionSetNode | None, parent: Any, size: int | None = None
    ) -> cost.Cost:
        Counting.measured += 1
        return super().selection(selection, parent, size)


def selections(document: DocumentNode) -> int:
    """How many selections a document has as it is written."""
    found: list[SelectionSetNode] = []

    class Finding(Walk):
        def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
            found.append(node)

    visit(document, Finding())
    return len(found)


def measured(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many selections a document has, and how many are looked at to measure it."""
    monkeypatch.setattr(cost, "_Measure", Counting)
    Counting.measured = 0
    document = parse(text)
    operation, *others = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    by_name = {each.name.value: each for each in others if isinstance(each, FragmentDefinitionNode)}
    cost.measure(GRAPH, operation, by_name, LIMITS)
    return selections(document), Counting.measured


@pytest.mark.parametrize("bomb", TOO_EXPENSIVE)
def test_each_selection_is_measured_once_wherever_it_is_spread(
    bomb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_are, looked_at = measured(TOO_EXPENSIVE[bomb][0], monkeypatch)
    assert looked_at <= there_are


def test_the_count_would_show_fragments_that_are_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forget(self: Any, name: str, size: int | None) -> cost.Cost:
        self._measured.clear()
        return remembering(self, name, size)

    remembering = Counting._fragment
    monkeypatch.setattr(Counting, "_fragment", forget)
    there_are, looked_at = measured(fragments(8, "name ...$ ...$"), monkeypatch)
    assert looked_at > 10 * there_are
