"""What the access matrix is played on: things, actors, and the world that holds them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.access.roles import Role
from app.domain.base import Table
from app.domain.people.identity import PersonalDataCipher
from app.sql import Connection, Row, new_id
from tests.make import Person


@dataclass(frozen=True)
class Thing:
    """A thing and what decides who reaches it.

    `path` are the units from the city down to where it lies; `teacher_id` whom it is about, `group_id`
    or `owner_id` (a network, a department, an assignment) whose it is; `audience` to whom it is
    published; `about` are schools from which it is seen besides.
    """

    id: UUID
    path: tuple[UUID, ...]
    teacher_id: UUID | None = None
    group_id: UUID | None = None
    audience: UUID | None = None
    owner_id: UUID | None = None
    about: frozenset[UUID] = frozenset()
    is_over: bool = False
    """Whether it was closed, dissolved, ended: it is seen as before, but in no list of today."""


@dataclass
class Someone:
    """An actor: a role at a place, and what it is granted over besides the unit.

    `schools` are those for which a network or an assignment stands.
    """

    role: Role
    person: Person
    path: tuple[UUID, ...]
    teacher_id: UUID | None = None
    group_id: UUID | None = None
    owner_id: UUID | None = None
    schools: frozenset[UUID] = frozenset()


@dataclass
class World:
    """The things of each place by their kind, the actors, and what a topic needs to add its own."""

    places: dict[str, dict[str, Thing]]
    actors: dict[Role, Someone]
    deleted: UUID
    """The key of a session that was removed from its draft."""
    units: dict[str, tuple[Row, ...]]
    """The units of city, county, school, sibling and far: from the city down to the place's own."""
    teachers: dict[str, Row]
    """A teacher of each school among them."""
    cipher: PersonalDataCipher

    def all_of(self, kind: str) -> list[Thing]:
        """Every thing of a kind."""
        return [things[kind] for things in self.places.values() if kind in things]


def place_of(unit: Row) -> dict[str, Any]:
    """The columns of place of what lies in a unit."""
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


async def add_row(db: Connection, table: type[Table], **columns: Any) -> UUID:
    """Put a row there and return its key."""
    thing_id = new_id()
    await db.insert(table, {"id": thing_id, **columns})
    return thing_id
