"""What a reader of the feed is told of: units and kinds; and a place in the feed, which remembers them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from app.domain.access.actors import Actor, Grant, Scope
from app.domain.access.roles import Permission, SubjectKind
from app.domain.errors import NotAllowed
from app.domain.exchange.changes.source import ChangeKind
from app.domain.exchange.changes.sources import SOURCES
from app.domain.paging import BadCursor, decode_cursor, encode_cursor

LONGEST_CURSOR = 12_000
"""Characters of a cursor, far less than what the server takes of a request's first line and headers.

Over a hundred units, of which one is filled in, a cursor has 5,840; over fifty thousand, which it names by
their digest, 11,352.
"""
CURSOR = r"^[A-Za-z0-9_=-]*$"
"""What a cursor is made of: nothing that takes more room in an address than it has."""
MOST_NAMED = 100
"""Units that a cursor names by their keys; a greater set it names by its digest, and `unit_sets` keeps it."""
_MOST = 2**63 - 1  # PostgreSQL's bigint


@dataclass(frozen=True)
class Coverage:
    """Units, none within another, and kinds of things in them.

    How it is written is kept with it: each of many changes has a cursor with the same coverage.
    """

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

    @cached_property
    def named(self) -> str:
        """The units as a cursor names them."""
        if len(self.units) > MOST_NAMED:
            return _DIGEST + urlsafe_b64encode(digest_of(self.units)).decode()
        return urlsafe_b64encode(_bytes_of(self.units)).decode()

    def part_of(self, whole: "Coverage") -> str:
        """The same, of a part of what the cursor covers: of many units by a bit for each."""
        if len(whole.units) <= MOST_NAMED:
            return self.named
        return _marked(self.units, whole.units)


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
    if not actor.allows(read):
        return False
    held = {name: frozenset(ids) for name, ids in Scope(actor.grants, read).values.items()}
    return all(
        any(getattr(grant, name, None) in ids for name, ids in held.items()) for grant in feed
    )


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
        """The same, opaque; the units of one that covers many have to be kept (`keep_units`)."""
        filled, open_ = self.filling, (0, 0, "", "")
        if filled is not None:
            part = filled.coverage.part_of(self.covered)
            open_ = (filled.transaction, filled.sequence, part, _listed(filled.coverage.kinds))
        covered = (self.covered.named, _listed(self.covered.kinds))
        values = [self.epoch, self.transaction, self.sequence, *covered, *open_]
        return encode_cursor("changes", values)

    @classmethod
    def read(cls, cursor: str, kept: frozenset[UUID] | None = None) -> Self:
        """What `cursor` made, raising `BadCursor` for anything else.

        `kept` are the units that it names by their digest (`digest_in`), if it does.
        """
        values = _values(cursor)
        epoch, transaction, sequence, units, kinds, filled, filled_to, part, part_kinds = values
        if not all(0 <= each <= _MOST for each in (transaction, sequence, filled, filled_to)):
            raise BadCursor
        try:
            among = kept if kept is not None else frozenset(_keys(units))
            covered = Coverage(among, _kinds(kinds))
            open_ = Coverage(_part_of(part, among), _kinds(part_kinds))
        except ValueError:  # of base64, of a key and of a kind alike
            raise BadCursor from None
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


def digest_in(cursor: str) -> bytes | None:
    """The digest by which a cursor names its units; None where it names each of them."""
    units: str = _values(cursor)[3]
    if not units.startswith(_DIGEST):
        return None
    try:
        return urlsafe_b64decode(units.removeprefix(_DIGEST).encode("ascii"))
    except ValueError:
        raise BadCursor from None


def digest_of(units: frozenset[UUID]) -> bytes:
    """By what a set of units is known, whoever is told of them."""
    return sha256(_bytes_of(units)).digest()


_DIGEST, _MASK = "#", "~"
"""What stands before a digest of units, and before the bits that say which of them are meant."""
_VALUES: list[type] = [int, int, int, str, str, int, int, str, str]


def _values(cursor: str) -> list[Any]:
    return decode_cursor(cursor, "changes", _VALUES, longest=LONGEST_CURSOR)


def _bytes_of(units: frozenset[UUID]) -> bytes:
    return b"".join(sorted(unit.bytes for unit in units))


@lru_cache(maxsize=8)
def _marked(units: frozenset[UUID], whole: frozenset[UUID]) -> str:
    """These of many units; the same for each of many changes, and so worked out once."""
    bits = sum(1 << n for n, unit in enumerate(sorted(whole)) if unit in units)
    packed = bits.to_bytes(-(-bits.bit_length() // 8), "little")
    return _MASK + urlsafe_b64encode(packed).decode()


def _part_of(part: str, whole: frozenset[UUID]) -> frozenset[UUID]:
    if not part.startswith(_MASK):
        return frozenset(_keys(part))
    bits = int.from_bytes(urlsafe_b64decode(part.removeprefix(_MASK).encode("ascii")), "little")
    return frozenset(unit for n, unit in enumerate(sorted(whole)) if bits >> n & 1)


def _keys(units: str) -> Iterable[UUID]:
    keys = urlsafe_b64decode(units.encode("ascii"))
    return (UUID(bytes=keys[n : n + 16]) for n in range(0, len(keys), 16))


def _listed(kinds: frozenset[ChangeKind]) -> str:
    """Kinds as a cursor says them: a bit for each, in the order in which they came to be."""
    return f"{_MASK}{sum(1 << n for n, kind in enumerate(ChangeKind) if kind in kinds):x}"


def _kinds(said: str) -> frozenset[ChangeKind]:
    if not said.startswith(_MASK):  # in the cursors of before they stand by their names
        return frozenset(ChangeKind(name) for name in said.split(",") if name)
    bits = int(said.removeprefix(_MASK), 16)
    if bits >> len(ChangeKind):
        raise ValueError(said)
    return frozenset(kind for n, kind in enumerate(ChangeKind) if bits >> n & 1)
