"""What a noun declares of itself, and what its statements are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, bindparam, case, func, select

from app.domain.access.actors import Shape, within
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import Table, as_shown, columns_of
from app.domain.errors import DomainError, NotFound
from app.domain.paging import UnknownSort
from app.sql import Statement

PLACE = ("city_id", "county_id", "school_id")

Columns = frozenset[str] | None  # which of a view's columns are wanted; None for all
CURSORS = "_cursors"
"""Among the columns wanted of a page: its cursors, and whether rows follow it."""


def whoever(audience: Any) -> ColumnElement[bool]:
    """The audience of what is read one owner after the other, whose door was passed before: everybody."""
    everybody: ColumnElement[bool] = func.cardinality(audience) >= 0
    return everybody


@dataclass(frozen=True, eq=False)
class Described:
    """One noun as its door knows it.

    `read` is the permission to see it. `places` maps scope columns to the noun's; the table's own
    city_id, county_id and school_id by default. `audience`, where given, makes the predicate of what
    is published to the actor from the bound array of its audience (`Actor.audience`); `for_holders`
    says that it is so only for those who hold `read` somewhere. `beyond` is why it is read beyond the second
    wall, where it is: its predicate is all that protects it then. `filters` and
    `sorts` are allow-lists; every sort ends in the key. `computed` are the view's columns that are
    no columns of the table, `joined` the selectable they need. `shared` maps scope columns to the
    predicates of others with whom a row is shared: by its key they may do `shared_for` with it.
    Where one row may become another, `successor` is the column with the other's key: such a row is in
    no list, and who asks for it by its key is told the other's by the refusal `succeeded`.
    `confided` are the columns of the view that are empty for whoever sees a row only because it is published
    to them. `withheld` makes from the bound accounts of who asks the predicate of what is kept from them
    wherever they have a role: what is said of their own matter.
    """

    table: type[Table]
    view: type[BaseModel]
    read: Permission
    missing: type[NotFound] = NotFound
    places: Mapping[str, Any] = field(default_factory=dict)
    audience: Callable[[Any], ColumnElement[bool]] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    sorts: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    computed: Mapping[str, Any] = field(default_factory=dict)
    joined: Any = None
    shared: Mapping[str, Any] = field(default_factory=dict)
    shared_for: frozenset[Permission] = frozenset()
    successor: Any = None
    succeeded: Callable[[UUID], DomainError] | None = None
    confided: frozenset[str] = frozenset()
    withheld: Callable[[Any], ColumnElement[bool]] | None = None
    for_holders: bool = False
    beyond: Beyond | None = None

    def statement(self, query: Select[Any]) -> Statement:
        """What the door reads, compiled."""
        return Statement(query, beyond=self.beyond)

    @property
    def key(self) -> Any:
        """The key column."""
        return self.table.__table__.c.id  # type: ignore[attr-defined]

    def placed(self) -> Mapping[str, Any]:
        """Scope column to the noun's column or predicate."""
        return self._placed

    @cached_property
    def _placed(self) -> Mapping[str, Any]:
        columns = self.table.__table__.c  # type: ignore[attr-defined]
        return {name: columns[name] for name in PLACE if name in columns} | dict(self.places)

    @property
    def rows(self) -> Any:
        """What the statements select from."""
        return self.table if self.joined is None else self.joined

    @property
    def present(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions that a row has not become another, and is not kept from who asks."""
        became = () if self.successor is None else (self.successor.is_(None),)
        return became + self.open

    @property
    def open(self) -> tuple[ColumnElement[bool], ...]:
        """The condition that a row is not kept from who asks; none where nothing ever is."""
        if self.withheld is None:
            return ()
        return (~self.withheld(bindparam("accounts", type_=ARRAY(Uuid))),)

    def select(
        self, *more: Any, only: Columns = None, within: ColumnElement[bool] | None = None
    ) -> Select[Any]:
        """The view's columns (or `only` these, to be shown), and `more`, from the noun's table.

        Where `within` is given, what is confided is empty in rows that do not lie there.
        """
        shown: list[Any] = columns_of(self.table, self.view, **self.computed)
        if within is not None and self.confided:
            shown = [
                case((within, each)).label(each.key) if each.key in self.confided else each
                for each in shown
            ]
        if only is not None:
            shown = [as_shown(each) for each in shown if each.key in only] or shown[:1]
        chosen = select(*shown, *more)
        return chosen.select_from(self.rows)

    def listed(self, shape: Shape, *, published: bool) -> ColumnElement[bool]:
        """The predicate of a list: what lies in the scope, or what is published to the actor."""
        if published and self.audience is not None:
            return self.audience(bindparam("audience", type_=ARRAY(Uuid)))
        return within(shape, self.placed())

    def condition(self, name: str) -> ColumnElement[bool]:
        """The predicate of one filter: equality, or what the filter's function makes of its value."""
        column = self.filters[name]
        if isinstance(column, Callable):  # type: ignore[arg-type]
            return column(bindparam(f"filter_{name}"))  # type: ignore[no-any-return]
        return column == bindparam(f"filter_{name}", type_=column.type)  # type: ignore[no-any-return]

    def order(self, sort: str) -> list[Any]:
        """The columns of a sort, ending in the key."""
        columns = self.sorts.get(sort.removeprefix("-"))
        if columns is None:
            raise UnknownSort(sort=sort[:40], allowed=", ".join(self.sorts))
        return [*columns, self.key]
