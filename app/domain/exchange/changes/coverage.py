"""What a reader of the feed is told of: units and kinds; and a place in the feed, which remembers them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from app.domain.access.actors import Actor, Grant, Scope
from app.domain.access.roles import Permission, SubjectKind
from app.domain.errors import NotAllowed
from app.domain.exchange.changes.sources import SOURCES, ChangeKind
from app.domain.paging import BadCursor, decode_cursor, encode_cursor

LONGEST_CURSOR = 32_000
"""Characters of a cursor: room for some seven hundred units."""
_MOST = 2**63 - 1  # PostgreSQL's bigint


@dataclass(frozen=True, slots=True)
class Coverage:
    """Units, none within another, and kinds of things in them."""

    units: frozenset[UUID] = frozenset()
    kinds: frozenset[ChangeKind] = frozenset()

    def beyond(self, other: "Coverage") -> "Coverage":
        """What of this the other has not; both new units and new kinds make it everything."""
        units, kinds = self.units - other.units, self.kinds - other.kinds
        if not kinds:
            return Coverage(units, self.kinds if units else frozenset())
        return Coverage(self.units, self.kinds if units else kinds)

    def within(self, other: "Coverage") -> "Coverage":
        """What of this the other has too."""
        return Coverage(self.units & other.units, self.kinds & other.kinds)

    def joined(self, other: "Coverage") -> "Coverage":
        """Both, and what lies between them."""
        return Coverage(self.units | other.units, self.kinds | other.kinds)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is covered."""
        return not (self.units and self.kinds)


def grants_of_feed(actor: Actor) -> list[Grant]:
    """The grants over units by which the actor reads the feed, without those within another."""
    actor.require(Permission.CHANGE_READ)
    given = {
        grant.subject_id: grant
        for grant in actor.grants
        if grant.subject is SubjectKind.UNIT and Permission.CHANGE_READ in grant.permissions
    }

    def is_outermost(grant: Grant) -> bool:
        return not ({grant.city_id, grant.county_id} - {grant.subject_id}) & given.keys()

    return [grant for grant in given.values() if is_outermost(grant)]


def coverage_of(actor: Actor, kinds: Iterable[ChangeKind] | None) -> Coverage:
    """What the actor may be told of: of these kinds, or of all that the actor may read.

    Refused where a kind is asked for by name that the actor may not read in every unit of the feed: not
    every role that reads the feed reads all of its kinds.
    """
    feed = grants_of_feed(actor)
    readable = frozenset(kind for kind in ChangeKind if _is_readable(actor, kind, feed))
    wanted = readable if kinds is None else frozenset(kinds)
    for kind in sorted(wanted - readable):
        raise NotAllowed(SOURCES[kind].door.read.value)
    return Coverage(frozenset(grant.subject_id for grant in feed), wanted)


def _is_readable(actor: Actor, kind: ChangeKind, feed: Iterable[Grant]) -> bool:
    read = SOURCES[kind].door.read
    held = Scope(actor.grants, read)
    return actor.allows(read) and all(held.covers(grant.place) for grant in feed)


def scope_of(actor: Actor, units: frozenset[UUID]) -> Scope:
    """The part of the actor's scope that is these units."""
    grants = [grant for grant in grants_of_feed(actor) if grant.subject_id in units]
    return Scope(grants, Permission.CHANGE_READ)


@dataclass(frozen=True, slots=True)
class Filling:
    """What a reader is yet to be told of what stood before its position: a snapshot, in the order of
    the versions, so far.
    """

    coverage: Coverage
    transaction: int = 0
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the feed: after this sequence of this transaction, in this epoch.

    Everything of `covered` up to there has been told, but for what is in `filling`.
    """

    epoch: int
    transaction: int = 0
    sequence: int = 0
    covered: Coverage = Coverage()
    filling: Filling | None = None

    def cursor(self) -> str:
        """The same, opaque."""
        filling = self.filling or Filling(Coverage())
        values = [
            self.epoch, self.transaction, self.sequence, *_written(self.covered),
            filling.transaction, filling.sequence, *_written(filling.coverage),
        ]  # fmt: skip
        return encode_cursor("changes", values)

    @classmethod
    def read(cls, cursor: str) -> Self:
        """What `cursor` made; raises `BadCursor` for anything else."""
        kinds: list[type] = [int, int, int, str, str, int, int, str, str]
        values = decode_cursor(cursor, "changes", kinds, longest=LONGEST_CURSOR)
        epoch, transaction, sequence, units, names, filled, filled_to, *rest = values
        if not all(0 <= each <= _MOST for each in (transaction, sequence, filled, filled_to)):
            raise BadCursor
        covered, open_ = _read(units, names), _read(*rest)
        if open_.within(covered) != open_:
            raise BadCursor
        filling = None if open_.is_empty else Filling(open_, filled, filled_to)
        return cls(epoch, transaction, sequence, covered, filling)

    def covering(self, wanted: Coverage) -> Self:
        """The same place for a reader who is now told of `wanted`: what is new is to be filled in."""
        if wanted == self.covered:
            return self
        gained = wanted.beyond(self.covered)
        if self.filling is not None:
            left = self.filling.coverage.within(wanted)
            gained = gained if left.is_empty else left.joined(gained)
        filling = None if gained.is_empty else Filling(gained)
        return replace(self, covered=wanted, filling=filling)


def _written(coverage: Coverage) -> list[str]:
    units = b"".join(sorted(unit.bytes for unit in coverage.units))
    return [urlsafe_b64encode(units).decode(), ",".join(sorted(coverage.kinds))]


def _read(units: str, kinds: str) -> Coverage:
    try:
        keys = urlsafe_b64decode(units.encode("ascii"))
        return Coverage(
            frozenset(UUID(bytes=keys[n : n + 16]) for n in range(0, len(keys), 16)),
            frozenset(ChangeKind(name) for name in kinds.split(",") if name),
        )
    except ValueError:  # of base64, of a key and of a kind alike
        raise BadCursor from None
