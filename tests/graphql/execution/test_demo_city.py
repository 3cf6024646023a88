"""On the demo city every role is answered by the engine what graphql-core answers."""

from dataclasses import replace
from random import Random
from typing import Any

import asyncpg
import pytest

from app.domain.access.roles import Role
from app.graphql.context import Context
from app.graphql.execution import Engine
from app.graphql.schema import schema
from app.sql import prepare_connection
from tests.conftest import SharedPool
from tests.graphql.execution.comparing import LEFT_BEHIND, Executors, same
from tests.graphql.execution.demo import DemoCity
from tests.graphql.execution.documents import Author, Request
from tests.graphql.execution.exploring import Asking
from tests.graphql.execution.library import LIMITS
from tests.graphql.execution.seeds import seeds

GRAPH = schema._schema
ROLES = [
    Role.CITY_ADMIN, Role.COUNTY_ADMIN, Role.SCHOOL_ADMIN, Role.GROUP_LEADER, Role.TEACHER,
    Role.AUDITOR, Role.INTEGRATION,
]  # fmt: skip
executors = Executors(Engine(schema, LIMITS), schema)

pytestmark = LEFT_BEHIND


def draw(seed: int, asking: Asking, operation: str = "query") -> Request:
    """One document; every third begins with a root field whose turn it is, refused or not."""
    root: Any = GRAPH.query_type if operation == "query" else GRAPH.mutation_type
    start = list(root.fields)[seed // 3 % len(root.fields)] if seed % 3 == 0 else None
    widest = 4 if operation == "query" else 2
    author = Author(GRAPH, Random(seed), asking.values, widest=widest, spoilt=0.05, start=start)
    return author.write(operation)


async def ask(which: Any, request: Request, held: Any, asking: Asking) -> Any:
    """The answer of one executor in a request of its own."""
    context = Context(held, asking.actor, "en")
    try:
        return await which(request, context)
    finally:
        await context.close()


@pytest.mark.parametrize("role", ROLES)
async def test_queries_answer_alike(role: Role, demo_city: DemoCity) -> None:
    asking = await demo_city.asking(role)
    answered = 0
    for seed in seeds(40):
        request = draw(seed, asking)
        ours = await ask(executors.ours, request, demo_city.held, asking)
        theirs = await ask(executors.theirs, request, demo_city.held, asking)
        try:
            same(ours, theirs, request)
        except AssertionError as error:
            raise AssertionError(f"YANXUN_SEED={seed} for {role}") from error
        answered += theirs.data is not None
    assert answered * 3 > len(seeds(40)), "most documents are refused, which proves little"


async def undone(
    which: Any, request: Request, demo_city: DemoCity, asking: Asking, driver: asyncpg.Connection
) -> Any:
    """The answer of one executor, of whose effects nothing stays."""
    outer = driver.transaction()
    await outer.start()
    try:
        held = replace(demo_city.held, pool=SharedPool(driver))
        return await ask(which, request, held, asking)
    finally:
        await outer.rollback()


@pytest.mark.parametrize("role", ROLES)
async def test_mutations_answer_alike(role: Role, demo_city: DemoCity) -> None:
    asking = await demo_city.asking(role)
    driver = await asyncpg.connect(demo_city.held.settings.database_url)
    await prepare_connection(driver)
    try:
        for seed in seeds(20):
            request = draw(seed, asking, "mutation")
            ours = await undone(executors.ours, request, demo_city, asking, driver)
            theirs = await undone(executors.theirs, request, demo_city, asking, driver)
            try:
                same(ours, theirs, request, made_anew=True)
            except AssertionError as error:
                raise AssertionError(f"YANXUN_SEED={seed} for {role}") from error
    finally:
        await driver.close()
