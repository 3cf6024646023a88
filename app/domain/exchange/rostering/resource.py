"""What a collection of OneRoster is: a noun of ours behind its door, each field with the column it shows.

The statements are composed of a declaration once per shape (scope, fields, filter, order) and kept.
Their predicate is the door's own, as it is for things by their keys: what lies in the actor's scope,
and what is published to the actor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
)

from app.domain.access.actors import Shape, within
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.sql import Row, Statement


@dataclass(frozen=True)
class Reference:
    """What a reference leads to: the collection of the address, and the word for one of its things."""

    collection: str
    type: str


@dataclass(frozen=True, eq=False)
class Field:
    """A field of a thing, under its name in the specification, and the column that it shows.

    Of a reference the column has the key; it is filtered and sorted by as `name.sourcedId`. `shown` makes
    of a value what is shown, where that is more than the value. What the specification has as a list,
    and we once, is `in_list`.
    """

    name: str
    column: Any
    reference: Reference | None = None
    in_list: bool = False
    shown: Callable[[Any, str], Any] | None = None

    @property
    def asked_as(self) -> str:
        """How filters and sorts name it."""
        return self.name if self.reference is None else f"{self.name}.sourcedId"

    @property
    def kind(self) -> type[Any]:
        """The Python type of its values."""
        kind: type[Any] = getattr(self.column.type, "impl", self.column.type).python_type
        return kind


@dataclass(frozen=True, eq=False)
class Resource:
    """A collection: the words for many and for one, its fields, and the door behind which its rows lie.

    `only` are conditions that make it a part of its noun, `below` those of what belongs to an owner of
    the address, by the owner's key. Without a door it is a vocabulary: the same for whoever may `read`.
    """

    plural: str
    singular: str
    key: Any
    fields: tuple[Field, ...]
    rows: Any
    read: Permission
    door: Door | None = None
    only: tuple[ColumnElement[bool], ...] = ()
    below: Mapping[str, Callable[[Any], ColumnElement[bool]]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {each.name: each for each in self.fields}

    @cached_property
    def comparable(self) -> Mapping[str, Field]:
        """What may be filtered and sorted by."""
        return {each.asked_as: each for each in self.fields if each.shown is None}

    def seen(self, shape: Shape, *, is_offered: bool) -> ColumnElement[bool]:
        """The predicate of what lies in a scope of this shape, or is published to the actor."""
        if self.door is None:
            return true()
        scope = within(shape, self.door.placed())
        if self.door.audience is None or not is_offered:
            return scope
        return or_(scope, self.door.audience(bindparam("audience", type_=ARRAY(Uuid))))


def compare(each: Field, predicate: str, number: int) -> ColumnElement[bool]:
    """The predicate of one part of a filter; nothing at all differs from every value."""
    value = bindparam(f"value_{number}", type_=each.column.type)
    compared: dict[str, Callable[[], ColumnElement[bool]]] = {
        "=": lambda: each.column == value,
        "!=": lambda: each.column.is_distinct_from(value),
        ">": lambda: each.column > value,
        ">=": lambda: each.column >= value,
        "<": lambda: each.column < value,
        "<=": lambda: each.column <= value,
        "~": lambda: func.strpos(func.lower(each.column), func.lower(cast(value, Text))) > 0,
    }
    return compared[predicate]()


@dataclass(frozen=True)
class Selection:
    """Which things of a collection are asked for, without the values: the shape of its statements."""

    scope: Shape
    parts: tuple[tuple[str, str], ...] = ()
    is_either: bool = False
    below: tuple[str, ...] = ()
    by_key: bool = False
    is_offered: bool = True
    """Whether what is published to the actor is among them."""

    def conditions(self, resource: Resource) -> list[ColumnElement[bool]]:
        """The conditions of a statement over these things."""
        door = resource.door
        compared = [
            compare(resource.comparable[name], predicate, number)
            for number, (name, predicate) in enumerate(self.parts)
        ]
        return [
            resource.seen(self.scope, is_offered=self.is_offered),
            *(() if door is None else door.present),
            *resource.only,
            *([or_(*compared) if self.is_either else and_(*compared)] if compared else ()),
            *(
                resource.below[owner](bindparam(f"below_{owner}", type_=Uuid))
                for owner in self.below
            ),
            *([resource.key == bindparam("key", type_=Uuid)] if self.by_key else ()),
        ]


@lru_cache(maxsize=512)
def part(
    resource: Resource,
    selection: Selection,
    wanted: tuple[str, ...],
    sort: str | None,
    descending: bool,
) -> Statement:
    """Some of the things, in an order that ends in the key."""
    shown = [resource.by_name[name].column.label(name) for name in wanted]
    order = [] if sort is None else [resource.comparable[sort].column]
    query = select(*shown).select_from(resource.rows).where(*selection.conditions(resource))
    query = query.order_by(*(c.desc() if descending else c.asc() for c in [*order, resource.key]))
    return Statement(query.limit(bindparam("limit")).offset(bindparam("offset")))


@lru_cache(maxsize=512)
def count(resource: Resource, selection: Selection) -> Statement:
    """How many things there are in all."""
    query = select(func.count()).select_from(resource.rows)
    return Statement(query.where(*selection.conditions(resource)))


def thing(resource: Resource, row: Row, base: str) -> Row:
    """One thing as it is sent: what there is not is left out, and a reference says where it leads."""
    made: Row = {}
    for name, value in row.items():
        if value is not None:
            made[name] = _shown(resource.by_name[name], value, base)
    return made


def _shown(each: Field, value: Any, base: str) -> Any:
    shown = value
    if each.shown is not None:
        shown = each.shown(value, base)
    elif each.reference is not None:
        shown = refer(each.reference, value, base)
    return [shown] if each.in_list else shown


def refer(reference: Reference, key: Any, base: str) -> Row:
    """A reference to a thing: where it is read, its key and its kind."""
    href = f"{base}/{reference.collection}/{key}"
    return {"href": href, "sourcedId": key, "type": reference.type}
