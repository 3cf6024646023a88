"""Whatever document is asked, the engine answers what graphql-core answers."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.types import ExecutionResult

from app.graphql.execution import Engine
from tests.graphql.execution import library
from tests.graphql.execution.comparing import same
from tests.graphql.execution.documents import Author, Request

VALUES: dict[str, list[Any]] = {
    "id": [str(library.number(n)) for n in (1, 1, 2, 2, 3, 11, 11, 12, 13, 14)],
    "first": [0, 1, 2, 5],
    "UUID": [str(library.number(1))],
    "Int": [0, 7, -3],
    "String": ["诗", "", 'a\n"b"'],
    "Decimal": ["1.50", "0"],
    "name": ["李白", "refuse"],
}

# graphql-core leaves what it has begun to resolve when a sibling that must be there is not.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")

engine = Engine(library.schema, library.LIMITS)


async def compare(request: Request) -> None:
    ours_context, theirs_context = library.Context(), library.Context()
    ours = await engine.execute(request.text, request.variables, None, ours_context)
    theirs = await library.schema.execute(
        request.text, variable_values=request.variables, context_value=theirs_context
    )
    assert isinstance(theirs, ExecutionResult), (request, theirs.errors)
    same(ours, theirs, request)
    assert ours_context.renamed == theirs_context.renamed


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
async def test_queries_answer_alike(chance: Random) -> None:
    await compare(Author(library.schema._schema, chance, VALUES).write())


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
async def test_mutations_answer_alike(chance: Random) -> None:
    await compare(Author(library.schema._schema, chance, VALUES, deepest=3).write("mutation"))
