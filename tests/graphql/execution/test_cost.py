"""What a page of a list costs, however it is asked for."""

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse

from app.graphql.execution import Cost, Limits
from app.graphql.execution.cost import measure

LIMITS = Limits(deepest=9, most_aliases=9, dearest=9_999, largest_page=100, usual_list=5)
SCHEMA = build_schema(
    """
    type Query { books(first: Int): Books! }
    type Books { nodes: [Book!]! edges: [Edge!]! pageInfo: PageInfo! totalCount: Int }
    type Edge { node: Book! cursor: String! }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Book { id: ID! authors: [Book!]! others(first: Int): Books! }
    """
)


def cost_of(text: str, **variables: Any) -> Cost:
    document = parse(text)
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    (operation,) = (
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    )
    return measure(SCHEMA, operation, fragments, LIMITS, variables)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("pageInfo { endCursor hasNextPage } totalCount", 3 + 1),
        ("nodes { id }", 1 + 10),
        ("nodes { id } pageInfo { endCursor }", 11 + 2),
        ("edges { cursor node { id } }", 1 + 10 * (1 + 2)),
        ("nodes { authors { id } }", 1 + 10 * (1 + 5)),
        (
            "nodes { others(first: 5) { nodes { id } pageInfo { endCursor } } }",
            1 + 10 * (1 + 6 + 2),
        ),
        ("... on Books { nodes { id } }", 11),
    ],
)
def test_the_things_of_a_page_are_many_and_the_page_is_one(asked: str, fields: int) -> None:
    assert cost_of(f"{{ books(first: 10) {{ {asked} }} }}").fields == 1 + fields
    assert (
        cost_of(f"query($n: Int) {{ books(first: $n) {{ {asked} }} }}", n=10).fields == 1 + fields
    )


def test_a_fragment_costs_what_it_costs_in_a_page_of_each_size() -> None:
    cost = cost_of(
        "{ books(first: 10) { nodes { others(first: 5) { ...Page } } ...Page } }"
        " fragment Page on Books { nodes { id } pageInfo { endCursor } }"
    )
    assert cost.fields == 1 + (1 + 10 * (1 + 6 + 2)) + (11 + 2)
    assert cost.dearest == ("books", "nodes", "others", "nodes", "id")
