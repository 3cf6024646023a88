"""The ledger of the demo city: what recognition would have entered, with right chains and standings.

Nothing is counted here. The rules award and fold, the credits wing makes, hashes and judges the rows;
this file puts them in the order in which the activities were recognised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from app.demo.keys import Keys
from app.demo.people import Person
from app.demo.places import RECORDED
from app.demo.rows import Rows
from app.demo.training import Held
from app.domain.credits.entries.chain import Head, chained
from app.domain.credits.entries.ledger import entry_of
from app.domain.credits.entries.table import CreditChain, CreditEntry
from app.domain.credits.packs import shipped_packs
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.credits.recognition import Share, entry_row, offer_of
from app.domain.credits.rules import (
    Award,
    Dated,
    Entry,
    Facts,
    Period,
    award,
    compile_pack,
)
from app.domain.credits.standings.counting import folded, standing_row
from app.domain.credits.standings.facts import Person as Counted
from app.domain.credits.standings.facts import counted_posts
from app.domain.credits.standings.table import Standing
from app.domain.training.attendance.record import AttendanceRole

_PACK_ID = "yueyang-demo-2026"
_PUBLISHED = ("yueyang-2013", _PACK_ID)
"""The city's own pack of 2013, and its synthetic successor under which the demo counts."""

_JUDGED_ON = date(2026, 11, 20)
"""The day on which the standings are judged, after the last recognition."""


@dataclass
class _Account:
    """The ledger of one person while it is being written."""

    person: Counted
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Ledger:
    """Adds entries to the ledgers of a school's teachers, then closes them with their standings."""

    rows: Rows
    keys: Keys
    city_id: UUID
    _heads: dict[UUID, Head] = field(default_factory=dict)
    _open: dict[UUID, _Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pack = compile_pack(shipped_packs()[_PACK_ID])

    def publish_packs(self, account_id: UUID) -> None:
        """Put the city's packs in force, each for its own days."""
        for pack_id in _PUBLISHED:
            row = pack_row(shipped_packs()[pack_id], city_id=self.city_id, published_at=RECORDED)
            row |= {"id": self.keys(), "published_by": account_id}
            self.rows.add(RulePack, **_with_json(row, "document"))

    def begin(self, people: Iterable[Person]) -> None:
        """Open the ledgers of these persons."""
        for person in people:
            self._open[person.id] = _Account(_as_counted(person))

    def recognise(self, activity: Held, people: Iterable[Person]) -> None:
        """Enter what those who qualified for an activity have earned by it."""
        offered = offer_of(activity.described())
        recorded_at = activity.recognised_at
        entered = []
        for person in people:
            counted = self._open[person.id].person
            share = Share(person.id, activity.hours, AttendanceRole.PARTICIPANT.value)
            source = offered.to(counted, share)
            earned = award(counted.facts, source, self._pack)
            if isinstance(earned, Award):
                entry = entry_row(
                    counted, source, earned, source_id=activity.id, recorded_at=recorded_at
                )
                recorded_by = activity.organiser.bureau_account_id
                entered.append(entry | {"id": self.keys(), "recorded_by": recorded_by})
        for row in chained(entered, self._heads):
            self.rows.add(CreditEntry, **row)
            self._open[row["teacher_id"]].entries.append(entry_of(row))

    def close(self, people: Sequence[Person]) -> None:
        """Write where these persons' chains end and how they stand, and forget them."""
        cycle = self._pack.cycle_of(_JUDGED_ON)
        for person in people:
            account = self._open.pop(person.id)
            if not account.entries:
                continue
            head = self._heads.pop(person.id)
            self.rows.add(CreditChain, teacher_id=person.id, sequence=head.sequence, hash=head.hash)
            state = folded(account.entries, self._pack, cycle.start)
            row = standing_row(account.person, state, self._pack, _JUDGED_ON)
            self.rows.add(Standing, **row)


def _as_counted(person: Person) -> Counted:
    """The person as counting knows one."""
    return Counted(
        teacher_id=person.id,
        city_id=person.school.city_id,
        county_id=person.school.county_id,
        school_id=person.school.id,
        version=person.version,
        facts=Facts(
            birth_date=person.birth_date,
            ranks=(Dated(person.rank.value, person.rank_since),),
            posts=tuple(
                Dated(value, since) for post, since in person.posts for value in counted_posts(post)
            ),
            stages=(person.stage.value,),
            service=(Period(person.since),),
        ),
    )


def _with_json(row: dict[str, Any], name: str) -> dict[str, Any]:
    """The row with its JSON as text, which is how COPY takes it."""
    return row | {name: msgspec.json.encode(row[name]).decode()}
