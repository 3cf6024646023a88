"""The actor: everything a request needs to know of the one who asks, without asking the database.

It is made from the verified token and lives as long as that. A `Scope` is the part of the hierarchy
in which the actor holds a permission, as a shape (which columns decide) and parameters (which
values), so that a statement is compiled once per shape and serves every actor of that shape.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, Uuid, any_, bindparam, literal_column, or_

from app.domain.access.roles import PERMISSIONS, Permission, Role, SubjectKind
from app.domain.errors import NotAllowed

Shape = tuple[str, ...]
"""The columns that decide a scope, sorted: some of city_id, county_id, school_id, group_id, teacher_id."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a subject, with the subject's place.

    For a unit, `column` is the place column of its level and `subject_id` its value there.
    """

    role: Role
    subject: SubjectKind
    subject_id: UUID
    city_id: UUID
    county_id: UUID | None = None
    school_id: UUID | None = None

    @property
    def column(self) -> str:
        """The column in which this grant's subject stands in a placed row."""
        if self.subject is SubjectKind.GROUP:
            return "group_id"
        if self.subject is SubjectKind.SELF:
            return "teacher_id"
        if self.subject_id == self.city_id:
            return "city_id"
        return "county_id" if self.subject_id == self.county_id else "school_id"

    @property
    def place(self) -> dict[str, UUID | None]:
        """The place columns of the subject."""
        return {name: getattr(self, name) for name in ("city_id", "county_id", "school_id")}

    @property
    def ancestors(self) -> tuple[UUID, ...]:
        """The units at and above the subject, for what is published to all below a unit."""
        units = (self.city_id, self.county_id, self.school_id)
        return tuple(unit for unit in units if unit is not None)


class Scope:
    """Where an actor may do something: row columns and the values that they may have."""

    __slots__ = ("shape", "values")

    def __init__(self, grants: Iterable[Grant]) -> None:
        values: dict[str, list[UUID]] = {}
        for grant in grants:
            column = values.setdefault(grant.column, [])
            if grant.subject_id not in column:
                column.append(grant.subject_id)
        self.values = values
        self.shape: Shape = tuple(sorted(values))

    def parameters(self, prefix: str) -> dict[str, list[UUID]]:
        """The arguments of `within(…, prefix=prefix)`."""
        return {f"{prefix}_{column}": ids for column, ids in self.values.items()}

    def covers(self, place: Mapping[str, Any]) -> bool:
        """Whether something at this place (columns by name, as in a row) lies within."""
        return any(place.get(column) in ids for column, ids in self.values.items())


NOWHERE: ColumnElement[bool] = literal_column("false", Boolean)
"""A predicate that nothing meets; unlike `false()` it lets the conditions beside it stand."""


def within(
    shape: Shape, columns: Mapping[str, Any], *, prefix: str = "scope"
) -> ColumnElement[bool]:
    """The predicate of a scope of this shape over a noun's columns.

    `columns` maps a column name of the shape to the noun's column, or to a function that makes a
    predicate from the bound array. What a noun has no column for never matches.
    """
    parts: list[ColumnElement[bool]] = []
    for name in shape:
        if name not in columns:
            continue
        bound = bindparam(f"{prefix}_{name}", type_=ARRAY(Uuid))
        column = columns[name]
        parts.append(column(bound) if callable(column) else column == any_(bound))
    return or_(*parts) if parts else NOWHERE


@dataclass(frozen=True)
class Actor:
    """Who asks: an account with its grants, and the teacher who the account belongs to, if any."""

    account_id: UUID
    grants: tuple[Grant, ...]
    teacher_id: UUID | None = None
    _scopes: dict[Permission, Scope] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def reach(self) -> Scope:
        """Where the actor has any role at all: outside it, nothing exists for the actor."""
        return Scope(self.grants)

    @cached_property
    def ancestors(self) -> list[UUID]:
        """The units at and above every grant."""
        return list({unit for grant in self.grants for unit in grant.ancestors})

    @cached_property
    def audience(self) -> list[UUID]:
        """By what the actor is addressed: units at and above the grants, groups, the teacher."""
        others = [g.subject_id for g in self.grants if g.subject is not SubjectKind.UNIT]
        return [*self.ancestors, *others]

    @property
    def cities(self) -> list[UUID]:
        """The cities in which the actor has a role."""
        return list({grant.city_id for grant in self.grants})

    def scope(self, permission: Permission) -> Scope:
        """Where the actor holds the permission; possibly nowhere."""
        scope = self._scopes.get(permission)
        if scope is None:
            scope = Scope(g for g in self.grants if permission in PERMISSIONS[g.role])
            self._scopes[permission] = scope
        return scope

    def require(self, permission: Permission, place: Mapping[str, Any] | None = None) -> Scope:
        """The scope of the permission; refused where the actor does not hold it (at `place`)."""
        scope = self.scope(permission)
        if not scope.shape or (place is not None and not scope.covers(place)):
            raise NotAllowed(permission.value)
        return scope
