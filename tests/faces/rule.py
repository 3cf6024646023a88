"""The rule of the access matrix: what follows from a role and a place, for each kind of operation.

It knows the role table and nothing of how the application decides.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from app.domain.access.roles import (
    PERMISSIONS,
    SUBJECT,
    Permission,
    SubjectKind,
    at_subject,
    beyond_subject,
)
from tests.faces.world import Someone, Thing, World


class Outcome(Enum):
    """What becomes of a request."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not allowed"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Row:
    """An operation on one thing.

    `needs` is the permission, `about` the target's kind, `body` makes what is sent from a key: the
    target's, or that of the thing of the kind `also` at the same place.
    """

    about: str
    needs: Permission
    _: KW_ONLY
    body: Callable[[UUID], dict[str, Any]] | None = None
    in_body: bool = False
    """Whether the target is named in the body alone."""
    also: str | None = None
    """Of which kind another thing of the same place is named: by the address, or by the body."""
    reads: bool = False
    """Whether `needs` is what the kind is read with, so that to be addressed is enough."""
    lists: bool = False
    """Whether a list is the answer: that needs the permission, if only somewhere."""
    holders: Permission | None = None
    """Who does not hold this anywhere is addressed by nothing of the kind: there is none for them."""
    by_place: bool = False
    """Whether the target is found by its place alone: to be addressed by it does not show it."""
    absent: str | None = None
    """A refusal that says that something else is not there, after the target was found."""


@dataclass(frozen=True)
class Personal(Row):
    """An operation that belongs to the person: a teacher does it with what is published to them."""


@dataclass(frozen=True)
class Listing:
    """An operation that lists everything of a kind within reach, or everything published."""

    about: tuple[str, ...]
    needs: Permission | None
    """The permission; None where whoever is addressed may look."""
    published: bool = False
    today: bool = False
    """Whether it leaves out what was closed, unless that is asked for."""


@dataclass(frozen=True)
class Open:
    """An operation that everybody who is signed in may do; the reason is the value."""

    reason: str


_KEY: dict[SubjectKind, str] = {SubjectKind.SELF: "teacher_id", SubjectKind.GROUP: "group_id"}
"""By which key a thing says that it belongs to a subject; by `owner_id` where none is named."""


def permitted(actor: Someone, thing: Thing) -> frozenset[Permission] | None:
    """What the role permits with a thing, None where it does not lie within the actor's reach.

    A thing lies where it is placed. It is seen at the schools that it is about, too: nothing but reading
    follows from that.
    """
    kind, found = SUBJECT[actor.role], []
    below = thing.path[: len(actor.path)] == actor.path
    if kind is SubjectKind.UNIT:
        if below:
            found.append(PERMISSIONS[actor.role])
        if actor.path[-1] in thing.about:
            found.append(frozenset(each for each in PERMISSIONS[actor.role] if is_read(each)))
    else:
        key = _KEY.get(kind, "owner_id")
        if getattr(thing, key) is not None and getattr(thing, key) == getattr(actor, key):
            found.append(at_subject(actor.role))
        if actor.schools & {*thing.path, *thing.about} or (
            kind is SubjectKind.DEPARTMENT and below
        ):
            found.append(beyond_subject(actor.role))
    return frozenset().union(*found) if found else None


def is_read(permission: Permission) -> bool:
    """Whether a permission only shows."""
    return permission.value.endswith(":read")


def holds_somewhere(actor: Someone, permission: Permission) -> bool:
    """Whether the role permits it anywhere."""
    return permission in at_subject(actor.role) | beyond_subject(actor.role)


def addressed(actor: Someone, thing: Thing) -> bool:
    """Whether a thing is published to the actor: to a unit at or above the actor's."""
    return thing.audience in actor.path


def expected(row: Row, actor: Someone, thing: Thing) -> Outcome:
    """The rule: unseen does not exist; seen without the permission is refused; else it is allowed."""
    holds, here = holds_somewhere(actor, row.needs), permitted(actor, thing)
    if isinstance(row, Personal):
        if not holds:
            return Outcome.NOT_ALLOWED
        return Outcome.ALLOWED if addressed(actor, thing) else Outcome.NOT_FOUND
    if here is not None and row.needs in here:
        return Outcome.ALLOWED
    is_addressed = addressed(actor, thing) and (
        row.holders is None or holds_somewhere(actor, row.holders)
    )
    if here is not None and not (is_addressed and row.reads):
        return Outcome.NOT_ALLOWED
    if is_addressed and not row.by_place:
        suffices = row.reads and (holds or not row.lists)
        return Outcome.ALLOWED if suffices else Outcome.NOT_ALLOWED
    return Outcome.NOT_FOUND


def listed(row: Listing, actor: Someone, world: World) -> set[UUID] | None:
    """The keys that a list shows to an actor; None where it is refused."""
    if row.needs is not None and not holds_somewhere(actor, row.needs):
        return None
    things = [thing for kind in row.about for thing in world.all_of(kind)]
    things = [thing for thing in things if not (row.today and thing.is_over)]
    if row.published:
        return {thing.id for thing in things if addressed(actor, thing)}
    return {thing.id for thing in things if row.needs in (permitted(actor, thing) or ())}
