"""Taking credit of another authority into a ledger, and striking what leaves for there."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.certificates import doubt_certificates
from app.domain.credits.credit_transfers.transfer import (
    CREDIT_TRANSFERS,
    CreditTransfer,
    CreditTransferFields,
    DocumentRegistered,
    EntryNotInForce,
    NewTransferIn,
    NewTransferOut,
    NothingToTransfer,
    TransferDirection,
    TransferFromTheFuture,
    TransferredCredit,
    document_key,
)
from app.domain.credits.entries.chain import Head
from app.domain.credits.entries.ledger import append_entries, lock_heads
from app.domain.credits.entries.table import CreditEntry, CreditEntryFields
from app.domain.credits.packs.parts import LOANS, EntryKind
from app.domain.credits.reversals import ELSEWHERE, GONE, CreditOfOneself, reversal_of, struck_by
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, NoRulePack, read_packs
from app.domain.credits.standings.writing import count_again, enter_entries
from app.domain.people.teachers import TEACHERS, Teacher
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement, new_id

_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_IN_FORCE = Statement(
    select(*(col(getattr(CreditEntry, name)) for name in ("id", *CreditEntryFields.model_fields)))
    .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
    .where(
        col(CreditEntry.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(CreditEntry.reverses_id).is_(None),
        # What is lent is owed here, wherever the person goes.
        ~is_among(col(CreditEntry.kind), LOANS),
        _reversal.c.id.is_(None),
    )
    .order_by(col(CreditEntry.sequence))
)
_teacher_id = bindparam("teacher_id", type_=Uuid)
_REGISTERED = Statement(
    # Of this record, or of one that was merged into it.
    select(col(CreditTransfer.authority), col(CreditTransfer.document_number))
    .join(Teacher, col(Teacher.id) == col(CreditTransfer.teacher_id))
    .where(
        or_(col(Teacher.id) == _teacher_id, col(Teacher.merged_into_id) == _teacher_id),
        col(CreditTransfer.direction) == bindparam("direction"),
    )
)


async def transfer_credit_in(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    new: NewTransferIn,
    now: datetime,
    told_by: UUID | None = None,
) -> Row:
    """Enter what another authority certifies, line by line; it counts under the caps of this city.

    A pack must be in force on each day of earning: what was earned on any other would count nowhere.
    `told_by` is what told of a document of one line, if it was not a person: that is the line's source.
    """
    today = civil_date(now)
    if new.decided_on > today or any(item.earned_on > new.decided_on for item in new.items):
        raise TransferFromTheFuture
    heads, person, packs = await _hold_person(db, actor, teacher_id, Permission.CREDIT_RECOGNISE)
    stamp = {"city_id": person.city_id, "recorded_at": now, "recorded_by": actor.account_id}
    said = f"{new.authority} {new.document_number} 转入 / transferred in"
    more = stamp | {"reason": said}
    if told_by is not None:
        [_] = new.items
        more |= {"source_id": told_by}
    entries = [_arrival(item, person, packs) | more for item in new.items]
    transfer = await _register(db, person, new, TransferDirection.IN, entries, stamp)
    people = {teacher_id: person}
    await enter_entries(db, entries=entries, heads=heads, people=people, packs=packs, day=today)
    return await CREDIT_TRANSFERS.get(db, actor, transfer)


async def transfer_credit_out(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewTransferOut, now: datetime
) -> Row:
    """Strike what counts under another authority from now on, and count the person's cycles again."""
    today = civil_date(now)
    if new.decided_on > today:
        raise TransferFromTheFuture
    heads, person, packs = await _hold_person(db, actor, teacher_id, Permission.CREDIT_REVERSE)
    standing = await db.all(_IN_FORCE, teacher_id=teacher_id)
    leaving = _chosen(standing, new.entry_ids)
    stamp = {"city_id": person.city_id, "recorded_at": now, "recorded_by": actor.account_id}
    transfer = await _register(db, person, new, TransferDirection.OUT, leaving, stamp)
    said = f"转出至 {new.authority} {new.document_number} / transferred out"
    reversals = [reversal_of(row, said) | stamp | {"source_kind": GONE} for row in leaving]
    await append_entries(db, entries=reversals, heads=heads)
    struck = [struck_by(*each) for each in zip(reversals, leaving, strict=True)]
    await doubt_certificates(db, struck=struck, now=now)
    await count_again(db, people={teacher_id: person}, packs=packs, day=today)
    return await CREDIT_TRANSFERS.get(db, actor, transfer)


async def _hold_person(
    db: Connection, actor: Actor, teacher_id: UUID, permission: Permission
) -> tuple[dict[UUID, Head], Person, CityPacks]:
    await TEACHERS.get(db, actor, teacher_id, permission=permission)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise CreditOfOneself
    heads = await lock_heads(db, teacher_ids=[teacher_id])
    # Again, now that the head is held: meanwhile the record may have become another's.
    await TEACHERS.get(db, actor, teacher_id, permission=permission)
    person = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id]
    return heads, person, await read_packs(db, city_id=person.city_id)


def _chosen(standing: Sequence[Row], entry_ids: Sequence[UUID] | None) -> list[Row]:
    if not standing:
        raise NothingToTransfer
    if entry_ids is None:
        return list(standing)
    known = {row["id"] for row in standing}
    for entry_id in entry_ids:
        if entry_id not in known:
            raise EntryNotInForce(entry=str(entry_id))
    return [row for row in standing if row["id"] in set(entry_ids)]


async def _register(
    db: Connection,
    person: Person,
    new: CreditTransferFields,
    direction: TransferDirection,
    moved: Sequence[Row],
    stamp: Row,
) -> UUID:
    """Put the transfer down; refused where the document is registered. The person's head is held."""
    document = {"authority": new.authority, "document_number": new.document_number}
    named = {"teacher_id": person.teacher_id, "direction": direction} | document
    registered = await db.all(_REGISTERED, teacher_id=person.teacher_id, direction=direction)
    if document_key(**document) in {document_key(**row) for row in registered}:
        raise DocumentRegistered(authority=new.authority, number=new.document_number)
    row = named | stamp | {
        "id": new_id(),
        "county_id": person.county_id,
        "school_id": person.school_id,
        "decided_on": new.decided_on,
        "entries": len(moved),
        "hours": sum((each["hours"] for each in moved), Decimal(0)),
        "credits": sum((each["credits"] for each in moved), Decimal(0)),
    }  # fmt: skip
    await db.insert(CreditTransfer, row)
    return UUID(str(row["id"]))


def _arrival(item: TransferredCredit, person: Person, packs: CityPacks) -> Row:
    day = item.earned_on
    pack = packs.on(day, person.county_id)
    if pack is None or day < pack.document.calendar.cycle_start.value:
        raise NoRulePack(day=day.isoformat())
    return item.model_dump() | {
        "id": new_id(),
        "teacher_id": person.teacher_id,
        "kind": EntryKind.TRANSFER_IN,
        "source_kind": ELSEWHERE,
        # Each line is a source of its own: a document moves credit once, and so does each of its lines.
        "source_id": new_id(),
        "attempt": 1,
        "reverses_id": None,
        "role": None,
        "awarded_rank": person.rank_on(day),
        "awarded_posts": list(person.posts_on(day)),
        "awarded_school_id": person.school_id,
        "awarded_county_id": person.county_id,
        "pack_id": pack.document.id,
        "pack_version": pack.document.version,
        "rule_id": None,
    }
