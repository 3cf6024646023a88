"""Reversals (冲销) and corrections (更正): an entry is struck by another one, never changed or removed.

A correction is a reversal and a new attempt of the same source in one act: the wrong entry stays in
the ledger, struck, and the right one follows it. Each of the two says in its reason which the other is.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.credits.certificates import Struck, doubt_certificates
from app.domain.credits.entries import ENTRIES
from app.domain.credits.entries.chain import Head
from app.domain.credits.entries.ledger import append_entries, lock_heads
from app.domain.credits.entries.table import CreditEntryFields
from app.domain.credits.packs.parts import LOANS, Amount, EntryKind
from app.domain.credits.rules import NoAward, Source, award
from app.domain.credits.school_years import check_year_open
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.writing import count_again
from app.domain.errors import Conflict, Invalid
from app.domain.training.attendance import AttendanceRole
from app.sql import Connection, Row, new_id

REVERSED_ENTRY = "entry"
"""The source kind of a reversal: its source is the entry that it strikes."""
ELSEWHERE = "transfer"
"""The source kind of what was earned under another authority."""
GONE = "transfer_out"
"""The source kind of a reversal by which an entry went to another authority: its source is that entry.

What is gone is not recognised here again.
"""


class NewReversal(Command):
    """Why an entry is struck."""

    reason: str = Field(
        min_length=2, max_length=500, description="冲销理由 / why the entry is reversed"
    )


class NewEntryCorrection(Command):
    """What is right instead: the rules say anew what it earns."""

    hours: Amount = Field(
        le=1000,
        description="应有学时，未乘系数 / the hours that are right, before the factor of a rule",
    )
    role: AttendanceRole | None = Field(
        default=None, description="应有身份 / the role that is right; left out: as it was"
    )
    reason: str = Field(
        min_length=2, max_length=300, description="更正理由 / why the entry is corrected"
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


class CreditOfLoan(Conflict):
    """A loan is undone by repaying it, and what is repaid stays so."""

    code = "credit_of_loan"
    zh = "预借与归还的记录不能冲销或更正；如系误借，请归还该预借。"
    en = "What was lent or repaid is not reversed: repay the loan instead."


class CreditOfOneself(Conflict):
    """Nobody decides about their own credit."""

    code = "credit_of_oneself"
    zh = "不能冲销、更正、转移或预借本人的学分。"
    en = "Nobody reverses, corrects, transfers or lends their own credit."


class CreditOfAnotherAuthority(Conflict):
    """No rule of this city gave it, so that none can give it anew."""

    code = "credit_of_another_authority"
    zh = "该学分由其他主管部门转入，不能更正；请冲销后凭更正的证明重新转入。"
    en = "It was transferred in: reverse it, and transfer it in again by a corrected document."


class CorrectionNotCovered(Invalid):
    """No rule gives anything for what is said to be right: then the entry is reversed, no more."""

    code = "correction_not_covered"
    zh = "按更正后的内容不予认定：{reason_zh}如不应取得学分，请冲销该记录。"
    en = "What is said to be right earns nothing: {reason} Reverse the entry if that is so."


class NothingCorrected(Invalid):
    """What is said to be right is what the entry says."""

    code = "nothing_corrected"
    zh = "更正后的内容与原记录相同。"
    en = "The entry says the same already."


# What may be done.


async def reverse_entry(
    db: Connection, actor: Actor, *, entry_id: UUID, new: NewReversal, now: datetime
) -> Row:
    """Strike an entry, and count the person's cycle again: later entries may fill the room it leaves.

    The permission is asked for at the teacher's present place. Afterwards the same source may be
    recognised anew, as the next attempt.
    """
    struck, heads, person = await _hold_entry(db, actor, entry_id, now)
    packs = await read_packs(db, city_id=person.city_id)
    stamp = _stamp(person, actor, now)
    reversal = reversal_of(struck, new.reason) | stamp
    await append_entries(db, entries=[reversal], heads=heads)
    await doubt_certificates(db, struck=[struck_by(reversal, struck)], now=now)
    await count_again(db, people={person.teacher_id: person}, packs=packs, day=civil_date(now))
    return await ENTRIES.get(db, actor, reversal["id"])


async def correct_entry(
    db: Connection, actor: Actor, *, entry_id: UUID, new: NewEntryCorrection, now: datetime
) -> Row:
    """Strike an entry and enter what is right, as the next attempt of its source; the new entry.

    The pack in force on the day of earning says what that is worth; caps are applied anew to all of
    the person's cycle.
    """
    struck, heads, person = await _hold_entry(db, actor, entry_id, now)
    if struck["source_kind"] == ELSEWHERE:
        raise CreditOfAnotherAuthority
    packs = await read_packs(db, city_id=person.city_id)
    right = _corrected(struck, new, person, packs)
    right_id = new_id()
    of_both = new.reason + " "
    stamp = _stamp(person, actor, now)
    reversal = reversal_of(struck, f"{of_both}更正为记录 {right_id} / corrected by {right_id}")
    entry = right | {
        "id": right_id,
        "reason": f"{of_both}更正记录 {entry_id} / corrects {entry_id}",
    }
    await append_entries(db, entries=[reversal | stamp, entry | stamp], heads=heads)
    await doubt_certificates(db, struck=[struck_by(reversal, struck)], now=now)
    await count_again(db, people={person.teacher_id: person}, packs=packs, day=civil_date(now))
    return await ENTRIES.get(db, actor, right_id)


def reversal_of(struck: Row, reason: str) -> Row:
    """The entry that strikes another one; not yet stamped with who, when and where."""
    return {name: struck[name] for name in CreditEntryFields.model_fields} | {
        "id": new_id(),
        "kind": EntryKind.REVERSE,
        "source_kind": REVERSED_ENTRY,
        "source_id": struck["id"],
        "attempt": 1,
        "reverses_id": struck["id"],
        "hours": -struck["hours"],
        "credits": -struck["credits"],
        "reason": reason,
    }


def struck_by(reversal: Row, struck: Row) -> Struck:
    """What a reversal takes from the certificates that rest on the entry."""
    return Struck(struck["teacher_id"], struck["earned_on"], struck["source_id"], reversal["id"])


def _stamp(person: Person, actor: Actor, now: datetime) -> Row:
    return {"city_id": person.city_id, "recorded_at": now, "recorded_by": actor.account_id}


async def _hold_entry(
    db: Connection, actor: Actor, entry_id: UUID, now: datetime
) -> tuple[Row, dict[UUID, Head], Person]:
    """An entry in force that the actor may reverse, with the person and the head, which is held."""
    struck = await ENTRIES.get(db, actor, entry_id, permission=Permission.CREDIT_REVERSE)
    if struck["kind"] == EntryKind.REVERSE:
        raise ReversalOfReversal
    if struck["kind"] in LOANS:
        raise CreditOfLoan
    teacher_id = struck["teacher_id"]
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise CreditOfOneself
    heads = await lock_heads(db, teacher_ids=[teacher_id])
    # Read again: whoever held the head before may have reversed it.
    struck = await ENTRIES.get(db, actor, entry_id)
    if struck["reversed_by_id"] is not None:
        raise AlreadyReversed
    await check_year_open(db, teacher_id=teacher_id, earned_on=struck["earned_on"], now=now)
    people = await read_people(db, teacher_ids=[teacher_id])
    return struck, heads, people[teacher_id]


def _corrected(struck: Row, new: NewEntryCorrection, person: Person, packs: CityPacks) -> Row:
    """What the rules give for what is right, as the next attempt of the same source."""
    earned_on, role = struck["earned_on"], new.role or struck["role"]
    pack = packs.governing(earned_on, person.county_id)
    # What was carried over from another record of the same person had been earned here.
    is_carried = struck["kind"] == EntryKind.TRANSFER_IN
    told = award(person.facts, _source(struck, new.hours, role, is_carried=is_carried), pack)
    if isinstance(told, NoAward):
        raise CorrectionNotCovered(reason_zh=told.reason.zh, reason=told.reason.en)
    worth: dict[str, Decimal] = {"hours": told.hours, "credits": told.credits}
    if role == struck["role"] and all(struck[name] == worth[name] for name in worth):
        raise NothingCorrected
    return {name: struck[name] for name in CreditEntryFields.model_fields} | worth | {
        "kind": told.kind,
        "attempt": struck["attempt"] + 1,
        "role": role,
        "pack_id": told.pack_id,
        "pack_version": told.pack_version,
        "rule_id": told.rule_id,
    }  # fmt: skip


def _source(struck: Row, hours: Decimal, role: str | None, *, is_carried: bool) -> Source:
    """What an entry came from, with what is right of it; rank and posts as it froze them."""
    names = (
        "earned_on", "level", "activity_kind", "mode", "channel", "source_kind",
    )  # fmt: skip
    return Source(
        **{name: struck[name] for name in names},
        kind=EntryKind.EARN if is_carried else struck["kind"],
        hours=hours,
        role=role,
        content=tuple(struck["content"]),
        rank=struck["awarded_rank"],
        posts=tuple(struck["awarded_posts"]),
    )
