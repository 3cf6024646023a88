"""Every role at every place with every operation of both faces, and what becomes of it."""

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import pytest

from app.sql import new_id
from tests.conftest import KeptConnection
from tests.faces.asking import ask_graphql, ask_rest, parameters
from tests.faces.matrix import MATRIX
from tests.faces.operations import WITHOUT_GRAPHQL, rest_operations
from tests.faces.rule import Listing, Open, Outcome, Row, expected, holds_somewhere, listed
from tests.faces.state import state
from tests.faces.world import Someone, Thing, World
from tests.make import Client

ROWS = [name for name, row in MATRIX.items() if isinstance(row, Row)]
LISTINGS = [name for name, row in MATRIX.items() if isinstance(row, Listing)]
OUTCOMES = {403: Outcome.NOT_ALLOWED, 404: Outcome.NOT_FOUND}
FACES = {"rest": ask_rest, "graphql": ask_graphql}


def test_every_operation_has_its_row() -> None:
    signed_in = {each.name for each in rest_operations().values() if each.needs_token}
    assert signed_in - MATRIX.keys() - {"post_graphql"} == set()
    assert MATRIX.keys() - signed_in == set()


class Cell(NamedTuple):
    """An actor before a target; `other` is a further thing of the same place."""

    actor: Someone
    place: str
    thing: Thing
    other: UUID | None


def cells(row: Row, world: World) -> list[Cell]:
    """Every actor with every target of a row."""
    return [
        Cell(actor, place, things[row.about], things[row.also].id if row.also else None)
        for actor in world.actors.values()
        for place, things in world.places.items()
        if row.about in things and (row.also is None or row.also in things)
    ]


def sent(row: Row, name: str, key: UUID, other: UUID | None) -> tuple[dict[str, UUID], Any]:
    """The keys of the address and the body, for a target with this key."""
    named = [] if row.in_body else [key]
    if other is not None:
        named.append(other)
    keys = dict(zip(parameters(rest_operations()[name]), named, strict=False))
    return keys, None if row.body is None else row.body(other or key)


@pytest.fixture(scope="module")
async def before(lasting_world: World, kept: KeptConnection) -> dict[str, Any]:
    """The state from which every test of the module begins: what the one before did is gone."""
    return await state(await kept.opened())


@pytest.mark.parametrize("name", ROWS)
async def test_what_becomes_of_it_follows_from_role_and_place(
    name: str, client: Client, world: World, driver: asyncpg.Connection, before: dict[str, Any]
) -> None:
    row = MATRIX[name]
    assert isinstance(row, Row)
    refused: list[Cell] = []
    allowed: list[Cell] = []
    for cell in cells(row, world):
        chosen = allowed if expected(row, cell.actor, cell.thing) is Outcome.ALLOWED else refused
        chosen.append(cell)
    wrong = [
        *[found for cell in refused async for found in deviations(name, cell, client, driver)],
        *([] if await state(driver) == before else ["a refusal has changed something"]),
        *await untraced(name, [expected(row, cell.actor, cell.thing) for cell in refused], driver),
    ]
    for cell in allowed:
        wrong += [found async for found in deviations(name, cell, client, driver)]
    assert wrong == []


async def untraced(
    name: str, refused: list[Outcome], driver: asyncpg.Connection
) -> list[tuple[str, int]]:
    """Refusals without their trace: each is recorded, and each has been asked for once per face.

    What was not found has been asked for twice, the second time as what there is not.
    """
    faces = len(FACES) - (name in WITHOUT_GRAPHQL)
    asked = sum(faces * (2 if wanted is Outcome.NOT_FOUND else 1) for wanted in refused)
    recorded = await refusals_of(name, driver)
    return [] if recorded == asked else [("refused but not recorded", asked - recorded)]


async def refusals_of(name: str, driver: asyncpg.Connection) -> int:
    """How many refusals of an operation are in the audit trail."""
    query = "SELECT count(*) FROM audit_act WHERE operation = $1 AND refusal IS NOT NULL"
    return int(await driver.fetchval(query, name))


async def deviations(
    name: str, cell: Cell, client: Client, driver: asyncpg.Connection
) -> AsyncIterator[tuple[Any, ...]]:
    """What is not as the rule says, of one actor and one target, over both faces."""
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Row)
    wanted = expected(row, cell.actor, cell.thing)
    for face, ask in FACES.items():
        if face == "graphql" and name in WITHOUT_GRAPHQL:
            continue
        savepoint = driver.transaction()
        await savepoint.start()
        status, answer = await ask(
            client, cell.actor.person, operation, *sent(row, name, cell.thing.id, cell.other)
        )
        if wanted is Outcome.ALLOWED:
            await savepoint.rollback()
        else:
            await savepoint.commit()
        outcome = OUTCOMES.get(status, Outcome.ALLOWED if status < 500 else None)
        if row.absent is not None and row.absent.encode() in answer:
            outcome = Outcome.ALLOWED
        if outcome is not wanted:
            yield face, cell.actor.role.value, cell.place, wanted.value, status, answer.decode()
        elif wanted is Outcome.NOT_FOUND:
            # What lies elsewhere is told as what there is not: the same bytes.
            nowhere = sent(row, name, new_id(), cell.other)
            _, other = await ask(client, cell.actor.person, operation, *nowhere)
            if answer != other:
                yield face, cell.actor.role.value, cell.place, answer.decode(), other.decode()


@pytest.mark.parametrize("name", ROWS)
async def test_what_there_is_not_is_found_by_nobody(
    name: str, client: Client, world: World, driver: asyncpg.Connection, before: dict[str, Any]
) -> None:
    """Neither by a key of nothing nor by that of what was deleted, whatever the role permits."""
    row, wrong = MATRIX[name], []
    assert isinstance(row, Row)
    other = world.places["school"][row.also].id if row.also in world.places["school"] else None
    for actor in world.actors.values():
        allowed = {404} if holds_somewhere(actor, row.needs) else {403, 404}
        for face, ask in FACES.items():
            if face == "graphql" and name in WITHOUT_GRAPHQL:
                continue
            asked = [
                await ask(
                    client, actor.person, rest_operations()[name], *sent(row, name, key, other)
                )
                for key in (new_id(), world.deleted)
            ]
            if asked[0] != asked[1] or asked[0][0] not in allowed:
                wrong.append((face, actor.role.value, *asked))
    assert wrong == []
    assert await state(driver) == before


@pytest.mark.parametrize("name", LISTINGS)
async def test_a_list_shows_what_lies_within_and_nothing_else(
    name: str, client: Client, world: World, driver: asyncpg.Connection
) -> None:
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Listing)
    known = {thing.id for kind in row.about for thing in world.all_of(kind)}
    refused = 0
    for actor in world.actors.values():
        wanted = listed(row, actor, world)
        for face, ask in FACES.items():
            status, answer = await ask(client, actor.person, operation, {}, None)
            if wanted is None:
                assert status == 403, (face, actor.role, answer)
                refused += 1
                continue
            assert status == 200, (face, actor.role, answer)
            shown = {UUID(item["id"]) for item in items_of(json.loads(answer), operation.field)}
            assert shown & known == wanted, (face, actor.role)
    assert await refusals_of(name, driver) == refused


def items_of(answer: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """The things of a list, whichever face answered."""
    if "data" not in answer:
        items: list[dict[str, Any]] = answer["items"]
        return items
    nodes: list[dict[str, Any]] = answer["data"][field].get("nodes", [])
    return nodes


@pytest.mark.parametrize(
    "name", [name for name, row in MATRIX.items() if not isinstance(row, Open)]
)
async def test_nobody_may_do_it_without_a_token(name: str, client: Client) -> None:
    operation = rest_operations()[name]
    keys = {each: new_id() for each in parameters(operation)}
    row = MATRIX[name]
    body = row.body(new_id()) if isinstance(row, Row) and row.body else None
    status, _ = await ask_rest(client, None, operation, keys, body)
    assert status == 401
