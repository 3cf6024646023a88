"""What the database writes of a list by itself is, byte for byte, what our own writers make of its rows."""

from contextlib import suppress
from typing import Any

import pytest

from app.domain.access.actors import Actor
from app.domain.access.roles import Role
from app.domain.errors import DomainError
from app.domain.exchange.exports import LISTS, Wanted
from app.sql import Connection
from app.tabular import TabularFormat
from tests.faces.world import World
from tests.make import NOW


def asked_of(world: World, name: str) -> list[tuple[str, str]] | None:
    """Arguments that a list cannot do without, of things in the world; None where it has none such."""
    given = []
    for parameter in LISTS[name].required:
        things = world.all_of(parameter.removesuffix("_id"))
        if not things:
            return None
        given.append((parameter, str(things[0].id)))
    return given


async def written(db: Connection, actor: Actor, wanted: Wanted) -> tuple[bytes, int]:
    """The file, and how many rows are said to be in it."""
    pieces = [piece async for piece in wanted.pieces(db, actor, now=NOW)]
    return b"".join(piece for piece, _ in pieces), sum(rows for _, rows in pieces)


async def never(*_: Any) -> None:
    """In place of what has the database write."""


@pytest.mark.parametrize("kind", [TabularFormat.CSV, TabularFormat.JSONL])
async def test_every_list_is_the_same_whoever_writes_it(
    db: Connection, world: World, kind: TabularFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = (Role.CITY_ADMIN, Role.INTEGRATION, Role.SCHOOL_ADMIN)
    actors = [world.actors[role].person.actor for role in roles]
    copied, full = set[str](), set[str]()
    copy = Connection.copied

    def noting(*arguments: Any, **more: Any) -> Any:
        copied.add(name)
        return copy(*arguments, **more)

    monkeypatch.setattr(Connection, "copied", noting)
    for name in LISTS:
        given = asked_of(world, name)
        if given is None:
            continue
        wanted = Wanted.of(name, given, columns=None, sort=None, format=kind)
        for actor in actors:
            with suppress(DomainError):
                theirs = await written(db, actor, wanted)
                with monkeypatch.context() as patched:
                    patched.setattr(Wanted, "_unread", never)
                    assert await written(db, actor, wanted) == theirs, name
                if theirs[1] and name in copied:
                    full.add(name)
    assert len(copied) > 80, sorted(LISTS.keys() - copied)
    assert len(full) > 40, sorted(copied - full)
