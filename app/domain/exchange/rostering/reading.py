"""What may be asked: a part of a collection, and one thing; always as far as the actor's doors lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Scope
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.exchange.rostering.asked import (
    Asked,
    BadRosterFilter,
    Filter,
    UnknownRosterField,
    UnknownRosterSort,
    read_filter,
    read_value,
)
from app.domain.exchange.rostering.resource import Resource, Selection, count, part, thing
from app.sql import Connection, Row


@dataclass(frozen=True, slots=True)
class Owner:
    """To what in the address the things of a collection belong: `name` is the owner's among `below`."""

    name: str
    resource: Resource
    key: UUID


@dataclass(frozen=True, slots=True)
class Part:
    """Some things of a collection, and how many there are in all."""

    things: list[Row]
    total: int


def _arguments(
    resource: Resource, actor: Actor, scope: Scope, *, is_offered: bool = True
) -> dict[str, Any]:
    door = resource.door
    if door is None:
        return {}
    found: dict[str, Any] = {**scope.parameters(door.placed())}
    if is_offered and door.audience is not None:
        found["audience"] = actor.audience
    return found


def _wanted(resource: Resource, fields: str | None) -> tuple[str, ...]:
    if fields is None:
        return tuple(resource.by_name)
    names = tuple(dict.fromkeys(each.strip() for each in fields.split(",")))
    if not set(names) <= resource.by_name.keys():
        raise UnknownRosterField(allowed=", ".join(resource.by_name))
    return names


def _filter(resource: Resource, text: str | None) -> Filter:
    read = read_filter(text)
    if read is not None:
        known = all(name in resource.comparable for name, _ in read.parts)
        if known and all(
            resource.comparable[name].kind is str
            for name, predicate in read.parts
            if predicate == "~"
        ):
            return read
    raise BadRosterFilter(allowed=", ".join(resource.comparable))


async def list_roster(
    db: Connection,
    actor: Actor,
    *,
    resource: Resource,
    asked: Asked,
    base: str,
    owners: Sequence[Owner] = (),
) -> Part:
    """A part of a collection, of what belongs to the last of these owners if there are any.

    Each owner must be there, and belong to the one before. One statement for each owner, one for the
    things, and one for their number unless the part itself tells it. `base` is what references begin with.
    """
    scope = actor.require(resource.read)
    wanted, read = _wanted(resource, asked.fields), _filter(resource, asked.filter)
    if asked.sort is not None and asked.sort not in resource.comparable:
        raise UnknownRosterSort(allowed=", ".join(resource.comparable))
    values = {
        f"value_{number}": read_value(name, resource.comparable[name].kind, value)
        for number, ((name, _), value) in enumerate(zip(read.parts, read.values, strict=True))
    }
    # A vocabulary has no door of its own: what of it belongs to an owner is told by the owner's.
    permission = resource.read if resource.door is None else None
    for owner, above in zip(owners, [None, *owners], strict=False):
        await _find(db, actor, owner.resource, owner.key, above=above, permission=permission)
    below = owners[-1:]
    selection = Selection(
        scope.shape, read.parts, read.is_either, tuple(owner.name for owner in below)
    )
    arguments = _arguments(resource, actor, scope) | values
    arguments |= {f"below_{owner.name}": owner.key for owner in below}
    statement = part(resource, selection, wanted, asked.sort, asked.descending)
    rows = await db.all(statement, limit=asked.limit, offset=asked.offset, **arguments)
    total = asked.offset + len(rows)
    if len(rows) == asked.limit or (asked.offset and not rows):
        total = int(await db.value(count(resource, selection), **arguments))
    return Part([thing(resource, row, base) for row in rows], total)


async def get_rostered(
    db: Connection,
    actor: Actor,
    *,
    resource: Resource,
    key: UUID,
    base: str,
    fields: str | None = None,
) -> Row:
    """One thing of a collection; what lies outside the actor's reach is not there."""
    row = await _find(db, actor, resource, key, wanted=_wanted(resource, fields))
    return thing(resource, row, base)


async def _find(
    db: Connection,
    actor: Actor,
    resource: Resource,
    key: UUID,
    *,
    wanted: tuple[str, ...] = ("sourcedId",),
    above: Owner | None = None,
    permission: Permission | None = None,
) -> Row:
    """The thing with this key, below an owner if one is given; one statement where it is there.

    Where it is not, the door says why, as it does to everybody who asks for it.
    """
    needed, door = permission or resource.read, resource.door
    scope = actor.scope(needed)
    if door is None:
        actor.require(needed)
    row = None
    if actor.allows(needed):
        below = () if above is None else (above.name,)
        selection = Selection(scope.shape, below=below, by_key=True, is_offered=permission is None)
        arguments = _arguments(resource, actor, scope, is_offered=permission is None)
        arguments |= {} if above is None else {f"below_{above.name}": above.key}
        statement = part(resource, selection, wanted, None, False)
        row = await db.one(statement, limit=1, offset=0, key=key, **arguments)
    if row is None and door is not None:
        await door.get(db, actor, key, permission=permission)
    if row is None:
        raise NotFound if door is None else door.missing
    return row
