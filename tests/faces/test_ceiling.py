"""Scopes are a ceiling over every operation, over what is published to somebody, and what is theirs."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest

from app.domain.access.roles import Permission
from app.request.actors import claims_of
from app.sql import Connection, new_id
from tests.faces.asking import ask_graphql, ask_rest
from tests.faces.matrix import MATRIX
from tests.faces.operations import WITHOUT_GRAPHQL, rest_operations
from tests.faces.rule import Listing, Outcome, Row, expected
from tests.faces.test_matrix import LISTINGS, ROWS, cells, items_of, sent
from tests.faces.world import Someone, World
from tests.make import City, Client, Person, make_activity


@pytest.fixture
async def activity(db: Connection, city: City) -> dict[str, Any]:
    """An activity of the city that is published to the teacher's school."""
    return await make_activity(db, city.city, city.city_admin, city.school)


@pytest.fixture
def through(client: Client, city: City) -> Any:
    """The header of a teacher's request through an application with these scopes."""

    def header(*scopes: Permission) -> dict[str, str]:
        actor = replace(city.teacher_account.actor, client_id=new_id(), scopes=frozenset(scopes))
        token = client.keyring.sign(claims_of(actor, security_version=1, client_version=1))
        return {"Authorization": f"Bearer {token}"}

    return header


async def test_what_is_published_takes_its_scope(
    http: httpx2.AsyncClient, through: Any, activity: dict[str, Any]
) -> None:
    paths = (f"/api/v1/activities/{activity['id']}", "/api/v1/offered-activities")
    for scopes, status in (((Permission.ACTIVITY_READ,), 200), ((Permission.UNIT_READ,), 403)):
        for path in paths:
            answer = await http.get(path, headers=through(*scopes))
            assert answer.status_code == status, (path, scopes, answer.text)


async def test_what_is_published_is_no_node_without_its_scope(
    http: httpx2.AsyncClient, through: Any, activity: dict[str, Any]
) -> None:
    query = {"query": f'{{ nodes(ids: ["{activity["id"]}"]) {{ id }} }}'}
    for scopes, shown in (
        ((Permission.ACTIVITY_READ,), [{"id": str(activity["id"])}]),
        ((Permission.UNIT_READ,), [None]),
    ):
        answer = (await http.post("/graphql", json=query, headers=through(*scopes))).json()
        assert answer["data"]["nodes"] == shown


async def test_to_take_part_takes_its_scope(
    http: httpx2.AsyncClient, through: Any, activity: dict[str, Any]
) -> None:
    path = f"/api/v1/activities/{activity['id']}/enrolment"
    reading = through(Permission.ACTIVITY_READ)
    refused = await http.post(path, headers=reading)
    assert (refused.status_code, refused.json()["details"]) == (
        403, {"permission": "activity:participate"},
    )  # fmt: skip
    answer = await http.post(
        path, headers=through(Permission.PARTICIPATE, Permission.ACTIVITY_READ)
    )
    assert answer.status_code in {200, 201}, answer.text


async def test_without_any_scope_nothing_is_held(
    http: httpx2.AsyncClient, through: Any, city: City
) -> None:
    profile = (await http.get("/api/v1/me", headers=through())).json()
    assert [grant["permissions"] for grant in profile["grants"]] == [[]]
    for path in ("/units", "/teachers", "/groups", "/activities"):
        answer = await http.get(f"/api/v1{path}", headers=through())
        assert answer.status_code == 403, path


def without(actor: Someone, *scopes: Permission | None) -> Person:
    """The same person through an application with every scope but these."""
    left = frozenset(Permission) - set(scopes)
    return Person(
        actor=replace(actor.person.actor, client_id=new_id(), scopes=left), name=actor.person.name
    )


@pytest.mark.parametrize("name", ROWS)
async def test_no_operation_is_done_without_its_own_scope(
    name: str, client: Client, world: World
) -> None:
    """All other scopes are given: none of them stands in for the one that is missing."""
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Row)
    asked, tried = [ask_rest, *([] if name in WITHOUT_GRAPHQL else [ask_graphql])], set()
    for cell in cells(row, world):
        if cell.actor.role in tried or expected(row, cell.actor, cell.thing) is not Outcome.ALLOWED:
            continue
        tried.add(cell.actor.role)
        for ask in asked:
            status, answer = await ask(
                client, without(cell.actor, row.needs), operation,
                *sent(row, name, cell.thing.id, cell.other),
            )  # fmt: skip
            found = row.absent is not None and row.absent.encode() in answer
            assert status in {403, 404}, (ask, cell.actor.role, answer)
            assert not found, (ask, cell.actor.role, answer)


@pytest.mark.parametrize("name", LISTINGS)
async def test_no_list_is_shown_without_its_own_scope(
    name: str, client: Client, world: World
) -> None:
    row, operation = MATRIX[name], rest_operations()[name]
    assert isinstance(row, Listing)
    known: set[UUID] = {thing.id for kind in row.about for thing in world.all_of(kind)}
    lost = [row.needs] if row.needs else list(Permission)
    for actor in world.actors.values():
        for ask in (ask_rest, ask_graphql):
            status, answer = await ask(client, without(actor, *lost), operation, {}, None)
            if status == 200:
                shown = {UUID(each["id"]) for each in items_of(json.loads(answer), operation.field)}
                assert shown & known == set(), (ask, actor.role)
            else:
                assert status == 403, (ask, actor.role, answer)
