"""Reversals (冲销): an entry is struck by another one, never changed and never removed."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.credits.entries import ENTRIES
from app.domain.credits.entries.ledger import append_entries, lock_heads
from app.domain.credits.entries.table import CreditEntryFields
from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.writing import count_again
from app.domain.errors import Conflict
from app.sql import Connection, Row, new_id

REVERSED_ENTRY = "entry"
"""The source kind of a reversal: its source is the entry that it strikes."""


class NewReversal(Command):
    """Why an entry is struck."""

    reason: str = Field(
        min_length=2, max_length=500, description="冲销理由 / why the entry is reversed"
    )


# What can be refused.


class AlreadyReversed(Conflict):
    """An entry is reversed once."""

    code = "credit_entry_already_reversed"
    zh = "该学分记录已被冲销。"
    en = "This entry is reversed already."


class ReversalOfReversal(Conflict):
    """A reversal stands: what was struck by mistake is recognised again."""

    code = "reversal_of_reversal"
    zh = "冲销记录不能再冲销；如系误冲，请重新认定。"
    en = "A reversal cannot be reversed: recognise the source again instead."


# What may be done.


async def reverse_entry(
    db: Connection, actor: Actor, *, entry_id: UUID, new: NewReversal, now: datetime
) -> Row:
    """Strike an entry, and count the person's cycle again: later entries may fill the room it leaves.

    The permission is asked for at the teacher's present place. Afterwards the same source may be
    recognised anew, as the next attempt.
    """
    struck = await ENTRIES.get(db, actor, entry_id, permission=Permission.CREDIT_REVERSE)
    if struck["kind"] == EntryKind.REVERSE:
        raise ReversalOfReversal
    teacher_id = struck["teacher_id"]
    heads = await lock_heads(db, teacher_ids=[teacher_id])
    # Read again: whoever held the head before may have reversed it.
    struck = await ENTRIES.get(db, actor, entry_id)
    if struck["reversed_by_id"] is not None:
        raise AlreadyReversed
    people = await read_people(db, teacher_ids=[teacher_id])
    packs = await read_packs(db, city_id=people[teacher_id].city_id)
    reversal = {name: struck[name] for name in CreditEntryFields.model_fields} | {
        "id": new_id(),
        "city_id": people[teacher_id].city_id,
        "kind": EntryKind.REVERSE,
        "source_kind": REVERSED_ENTRY,
        "source_id": entry_id,
        "attempt": 1,
        "reverses_id": entry_id,
        "hours": -struck["hours"],
        "credits": -struck["credits"],
        "recorded_at": now,
        "recorded_by": actor.account_id,
        "reason": new.reason,
    }
    await append_entries(db, entries=[reversal], heads=heads)
    await count_again(db, people=people, packs=packs, day=civil_date(now))
    return await ENTRIES.get(db, actor, reversal["id"])
