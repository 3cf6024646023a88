"""Stored states as the rules count now: what was stored otherwise is folded anew for whoever reads it."""

from collections.abc import Mapping
from uuid import UUID

from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.rules import Pack, State, fits
from app.domain.credits.standings.counting import folded
from app.domain.credits.standings.facts import Person
from app.sql import Connection


async def up_to_date(
    db: Connection, *, stored: Mapping[UUID, tuple[State, Pack]], people: Mapping[UUID, Person]
) -> dict[UUID, State]:
    """One state of each person, which can be judged under the pack beside it.

    One statement for all that do not fit: until they are counted anew, after a release that sums otherwise
    or a county's new numbers.
    """
    others = [key for key, each in stored.items() if not fits(*each)]
    ledgers = await read_ledgers(db, teacher_ids=others) if others else {}
    return {
        key: folded(ledgers[key], pack.for_person(people[key].facts), state.start)
        if key in ledgers
        else state
        for key, (state, pack) in stored.items()
    }
