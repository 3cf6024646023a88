"""Whatever document is asked, the engine answers what graphql-core answers.

The library has everything that a schema can have, and everything that can go wrong in it; the demo
city has a test of its own.
"""

from random import Random
from typing import Any

import pytest

from app.graphql.execution import Engine
from tests.graphql.execution import library
from tests.graphql.execution.comparing import LEFT_BEHIND, Executors, same
from tests.graphql.execution.documents import Author, Request
from tests.graphql.execution.seeds import seeds

VALUES: dict[str, list[Any]] = {
    "id": [str(library.number(n)) for n in (1, 1, 2, 2, 3, 11, 11, 12, 13, 14)],
    "first": [0, 1, 2, 5],
    "UUID": [str(library.number(1))],
    "Int": [0, 7, -3],
    "String": ["诗", "", 'a\n"b"'],
    "Decimal": ["1.50", "0"],
    "name": ["李白", "refuse"],
}

pytestmark = LEFT_BEHIND

executors = Executors(Engine(library.schema, library.LIMITS), library.schema)


async def compare(request: Request) -> None:
    ours_context, theirs_context = library.Context(), library.Context()
    ours = await executors.ours(request, ours_context)
    theirs = await executors.theirs(request, theirs_context)
    same(ours, theirs, request)
    assert ours_context.renamed == theirs_context.renamed


@pytest.mark.parametrize(("operation", "usual"), [("query", 200), ("mutation", 100)])
async def test_documents_are_answered_alike(operation: str, usual: int) -> None:
    for seed in seeds(usual):
        deepest = 5 if operation == "query" else 3
        author = Author(library.schema._schema, Random(seed), VALUES, deepest=deepest, spoilt=0.1)
        try:
            await compare(author.write(operation))
        except AssertionError as error:
            raise AssertionError(f"YANXUN_SEED={seed}") from error
