"""Whatever is done over either face leaves one act; that refusals do, the matrix counts."""

import inspect
import json
from typing import Any

import asyncpg
import pytest
from fastapi.routing import iter_route_contexts
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.domain.access.audit import Provenance, record_act
from app.main import create_application
from app.request import Resources, _transaction
from app.settings import Settings
from app.sql import Connection
from tests.faces.asking import REQUEST_ID, ask_graphql, ask_rest
from tests.faces.matrix import MATRIX
from tests.faces.operations import WITHOUT_GRAPHQL, graphql_root, rest_operations
from tests.faces.places import make_world
from tests.faces.rule import Outcome, Row, expected
from tests.faces.test_matrix import Cell, cells, sent
from tests.faces.world import World
from tests.make import Client

FACES = {"rest": ask_rest, "graphql": ask_graphql}
DONE = [
    "create_account", "suspend_account", "revoke_grant", "create_unit", "create_teacher",
    "create_group", "add_member", "create_activity", "update_activity", "publish_activity",
    "add_session", "remove_session", "enrol_oneself", "record_attendance", "reverse_entry",
]  # fmt: skip
"""Some of the writes that the small world of the matrix allows to succeed."""


@pytest.fixture
async def world(db: Connection, resources: Resources) -> World:
    made = await make_world(db, resources.cipher)
    # What was made so far belongs to an act of its own.
    await record_act(db, None, operation="make", target_id=None, provenance=Provenance())
    return made


async def acts(driver: asyncpg.Connection) -> list[asyncpg.Record]:
    """The acts of the requests so far, those of other operations included."""
    rows: list[asyncpg.Record] = await driver.fetch(
        "SELECT * FROM audit_act WHERE request_id = $1 ORDER BY sequence", REQUEST_ID
    )
    return rows


async def asked(
    name: str, face: str, cell: Cell, client: Client, driver: asyncpg.Connection
) -> tuple[int, list[Any], Any]:
    """What became of a request, and the acts that it left; everything is undone afterwards."""
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Row)
    savepoint = driver.transaction()
    await savepoint.start()
    try:
        status, answer = await FACES[face](
            client, cell.actor.person, operation, *sent(row, name, cell.thing.id, cell.other)
        )
        return status, await acts(driver), answer
    finally:
        await savepoint.rollback()


def faces_of(name: str) -> list[str]:
    return [face for face in FACES if face == "rest" or name not in WITHOUT_GRAPHQL]


@pytest.mark.parametrize("name", DONE)
async def test_what_is_done_leaves_one_act(
    name: str, client: Client, world: World, driver: asyncpg.Connection
) -> None:
    row = MATRIX[name]
    assert isinstance(row, Row)
    done = dict.fromkeys(faces_of(name), False)
    for face in done:
        for cell in cells(row, world):
            if expected(row, cell.actor, cell.thing) is not Outcome.ALLOWED:
                continue
            status, left, answer = await asked(name, face, cell, client, driver)
            if status >= 400:
                # Of what is refused for other reasons only that something is not there is remembered.
                assert [act["refusal"] for act in left] == [code_of(answer)] * (status == 404)
                continue
            assert len(left) == 1, (face, answer)
            act = left[0]
            assert (act["operation"], act["refusal"]) == (name, None)
            assert act["account_id"] == cell.actor.person.actor.account_id
            assert act["target_id"] is not None, "what was named, or what was made"
            done[face] = True
            break
    assert all(done.values()), done


def code_of(answer: bytes) -> str:
    """The code of a refusal, whichever face answered."""
    content: dict[str, Any] = json.loads(answer)
    code: str = content["code"] if "code" in content else content["errors"][0]["extensions"]["code"]
    return code


# How it is made sure that no write can be forgotten.

RECORDED_OTHERWISE: dict[str, str] = {
    "check_in": "Its act is part of its one statement.",
    "create_import": "Its transaction begins when the file has come, in a function of its own.",
}
"""Writes of REST without a transaction at whose end the act is written, with the reason."""


def test_every_write_of_rest_has_the_transaction_that_is_recorded() -> None:
    application = create_application(Settings(_env_file=None))  # type: ignore[call-arg]
    routes: list[Any] = list(iter_route_contexts(application.routes))
    without = {
        route.operation_id
        for route in routes
        if (route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        and route.path.startswith("/api/")
        and _transaction not in dependencies(route.original_route)
        and "begin_transaction(request, actor)" not in inspect.getsource(route.endpoint)
    }
    assert without == RECORDED_OTHERWISE.keys()


def dependencies(route: Any) -> set[Any]:
    """The functions that a route's handler depends on directly."""
    return {each.call for each in route.dependant.dependencies}


def test_every_mutation_has_the_transaction_that_is_recorded() -> None:
    without = []
    for name, field in graphql_root("Mutation").fields.items():
        declared = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if "context.transaction()" not in inspect.getsource(declared.base_resolver.wrapped_func):
            without.append(name)
        assert field.resolve.__qualname__.startswith("_recorded")
    assert without == []
