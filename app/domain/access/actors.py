"""The actor: everything a request needs to know of the one who asks, without asking the database.

It is made from the verified token and lives as long as that. A `Scope` is where the actor holds a
permission, as a shape (columns) and parameters (values): statements are compiled once per shape.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, Uuid, any_, bindparam, literal_column, or_

from app.domain.access.roles import (
    NOT_HELD_TO_GRANT,
    SUBJECT,
    Duty,
    Permission,
    Role,
    SubjectKind,
    at_subject,
    beyond_subject,
)
from app.domain.errors import NotAllowed

Shape = tuple[str, ...]
"""The columns that decide a scope, sorted: some of those of a place and of `OWN_COLUMNS`."""

OWN_COLUMNS: dict[SubjectKind, str] = {
    SubjectKind.GROUP: "group_id",
    SubjectKind.SELF: "teacher_id",
    SubjectKind.NETWORK: "network_id",
    SubjectKind.DEPARTMENT: "department_id",
    SubjectKind.ASSIGNMENT: "assignment_id",
}
"""The column in which a subject that is no unit stands in what belongs to it."""

Reach = tuple[str, tuple[UUID, ...], frozenset[Permission]]
"""A column, the values that it may have, and what is permitted where it has one of them."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a subject, with the subject's place.

    For a unit, `column` is the place column of its level and `subject_id` its value there. `schools`
    are those for which a network or an assignment stands today, `duties` a department's.
    """

    role: Role
    subject: SubjectKind
    subject_id: UUID
    city_id: UUID
    county_id: UUID | None = None
    school_id: UUID | None = None
    schools: tuple[UUID, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def column(self) -> str:
        """The column in which this grant's subject stands in a placed row."""
        if self.subject is not SubjectKind.UNIT:
            return OWN_COLUMNS[self.subject]
        if self.subject_id == self.city_id:
            return "city_id"
        return "county_id" if self.subject_id == self.county_id else "school_id"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it permits at its subject."""
        return at_subject(self.role, self.duties)

    @property
    def permissions_beyond(self) -> frozenset[Permission]:
        """What it permits at the schools of its subject, or in the place of its bureau."""
        return beyond_subject(self.role, self.duties)

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """Where it permits something, and what: at its subject, and beyond it if there is a beyond.

        A department of a school reaches nothing beyond itself.
        """
        here: Reach = (self.column, (self.subject_id,), self.permissions)
        column, beyond = "school_id", self.schools
        if self.subject is SubjectKind.DEPARTMENT and self.county_id and not self.school_id:
            column = "city_id" if self.county_id == self.city_id else "county_id"
            beyond = (self.county_id,)
        if not beyond or not self.permissions_beyond:
            return (here,)
        return here, (column, beyond, self.permissions_beyond)

    @property
    def place(self) -> dict[str, UUID | None]:
        """The place columns of the subject."""
        return {name: getattr(self, name) for name in ("city_id", "county_id", "school_id")}

    @property
    def ancestors(self) -> tuple[UUID, ...]:
        """The units at and above the subject, for what is published to all below a unit.

        A network lies beside the school that set it up, not below it: what that school publishes to
        its own people is not for those who coordinate it with its friends.
        """
        school_id = None if self.subject is SubjectKind.NETWORK else self.school_id
        units = (self.city_id, self.county_id, school_id)
        return tuple(unit for unit in units if unit is not None)


class Scope:
    """Where an actor may do something: row columns and the values that they may have."""

    __slots__ = ("shape", "values")

    def __init__(self, grants: Iterable[Grant], permission: Permission | None = None) -> None:
        """Where these grants permit this; without a permission, where they permit anything."""
        values: dict[str, dict[UUID, None]] = {}
        for column, ids, permitted in (reach for grant in grants for reach in grant.reaches):
            if permission is None or permission in permitted:
                values.setdefault(column, {}).update(dict.fromkeys(ids))
        self.values = {column: list(ids) for column, ids in values.items()}
        self.shape: Shape = tuple(sorted(values))

    def parameters(self, columns: Container[str], prefix: str = "scope") -> dict[str, list[UUID]]:
        """The arguments of `within(shape, columns, prefix=prefix)`: none for what has no column there."""
        return {f"{prefix}_{name}": ids for name, ids in self.values.items() if name in columns}

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


class NotInPerson(NotAllowed):
    """An application, or a delegate, asks for what only the person does, signed in to our own tools."""

    code = "not_in_person"
    zh = "此操作只能由本人登录本系统后进行，不能由应用或受托人代办。"
    en = "Only the person may do this, signed in here; nobody may do it for them."


class PasswordChangeDue(NotAllowed):
    """Somebody has signed in with a password that others have seen: they choose another first."""

    code = "password_change_due"
    zh = "请先修改初始密码（POST /api/v1/me/password），然后重新登录。"
    en = "Change the first password (POST /api/v1/me/password), then sign in again."


class SecondFactorDue(NotAllowed):
    """An administrator has no second factor here, where it is demanded: they enrol one first."""

    code = "second_factor_due"
    zh = "管理员须先启用两步验证（POST /api/v1/me/second-factor/enrol），然后重新登录。"
    en = "Enrol a second factor (POST /api/v1/me/second-factor/enrol), then sign in again."


@dataclass(frozen=True)
class Actor:
    """Who asks: an account with its grants, and the teacher who the account belongs to, if any.

    Where an application asks, `client_id` is its key and `scopes` are the ceiling: what is not
    among them the actor does not hold, whatever its grants permit. A delegate has such a ceiling
    too: it acts with the grants of the account `on_behalf_of`, and stays who it is.
    """

    account_id: UUID
    grants: tuple[Grant, ...]
    teacher_id: UUID | None = None
    client_id: UUID | None = None
    scopes: frozenset[Permission] | None = None
    on_behalf_of: UUID | None = None
    sign_in_id: UUID | None = None
    """The sign-in that the token comes from; None for what an application does for itself."""
    security_version: int = 1
    """That of the account, as the token says."""
    must_change_password: bool = False
    must_enrol_second_factor: bool = False
    uses: Counter[Permission] | None = field(default=None, repr=False, compare=False)
    """Of an application: how often it has asked with what, counted until the sums are recorded."""
    _scopes: dict[Permission, Scope] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

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
        """By what the actor is addressed: units at and above the grants, groups, networks, oneself."""
        others = [g.subject_id for g in self.grants if g.subject is not SubjectKind.UNIT]
        return [*self.ancestors, *others]

    @property
    def accounts(self) -> frozenset[UUID]:
        """The account, and that on whose behalf it acts: what either did, the actor does not judge."""
        return frozenset({self.account_id, self.on_behalf_of or self.account_id})

    @property
    def cities(self) -> list[UUID]:
        """The cities in which the actor has a role."""
        return list({grant.city_id for grant in self.grants})

    def scope(self, permission: Permission) -> Scope:
        """Where the actor holds the permission; possibly nowhere."""
        self.require_free(permission.value)
        if self.uses is not None:
            self.uses[permission] += 1
        scope = self._scopes.get(permission)
        if scope is None:
            scope = Scope(self.grants if self.allows(permission) else (), permission)
            self._scopes[permission] = scope
        return scope

    def require_own_password(self, wanted: str = "account:own") -> None:
        """Refuse whoever has signed in with a password that others have seen."""
        if self.must_change_password:
            raise PasswordChangeDue(wanted)

    def require_free(self, wanted: str = "account:own") -> None:
        """Refuse whoever has to change a first password, or to enrol a second factor, before this."""
        self.require_own_password(wanted)
        if self.must_enrol_second_factor:
            raise SecondFactorDue(wanted)

    def allows(self, permission: Permission) -> bool:
        """Whether the ceiling of an application or a delegate leaves room for the permission."""
        return self.scopes is None or permission in self.scopes

    def require_in_person(self) -> None:
        """Refuse applications and delegates: this is for the person, signed in to our own tools."""
        if self.client_id is not None or self.on_behalf_of is not None:
            raise NotInPerson("account:own")

    def require(self, permission: Permission, place: Mapping[str, Any] | None = None) -> Scope:
        """The scope of the permission; refused where the actor does not hold it (at `place`)."""
        scope = self.scope(permission)
        if not scope.shape or (place is not None and not scope.covers(place)):
            raise NotAllowed(permission.value)
        return scope


def is_administrator(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these grants decides anywhere who may do what."""
    return any(Permission.ACCOUNT_WRITE in grant.permissions for grant in grants)


def require_role(actor: Actor, role: Role, place: Mapping[str, Any]) -> None:
    """Refuse an actor who does not administer accounts at a place or lacks what the role permits."""
    actor.require(Permission.ACCOUNT_WRITE, place)
    require_held(actor, role, place)


def require_held(
    actor: Actor, role: Role, place: Mapping[str, Any], duties: Iterable[Duty] = Duty
) -> None:
    """Refuse an actor who lacks what the role permits over a subject at a place, with these duties.

    What it permits beyond its subject one must hold in the whole place of the bureau in charge: another
    school may belong to the network tomorrow. The province's role is given over a whole city alone.
    """
    within = place["school_id"] or place["county_id"] or place["city_id"]
    if role is Role.PROVINCE and within != place["city_id"]:  # Nobody asked answers in its name.
        raise NotAllowed(Permission.PROVINCE_REPORT.value)
    for permission in sorted(at_subject(role, duties) - NOT_HELD_TO_GRANT):
        actor.require(permission, place)
    bureau = {name: place[name] for name in ("city_id", "county_id")}
    if SUBJECT[role] is not SubjectKind.DEPARTMENT or place["school_id"] is None:
        for permission in sorted(beyond_subject(role, duties)):
            actor.require(permission, bureau)
