"""Proposing a transfer, and what both sides say to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, Uuid, bindparam, exists, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import UNITS, Level
from app.domain.people.facts.engagement import Employment
from app.domain.people.identity import PersonalDataCipher, check_id_number
from app.domain.people.teachers import TEACHERS, NotASchool, Teacher
from app.domain.people.transfers.steps import (
    hold_sides,
    hold_transfer,
    require_side,
    require_state,
)
from app.domain.people.transfers.transfer import (
    TRANSFERS,
    NewTransfer,
    Transfer,
    TransferAnswer,
    TransferFields,
    TransferKind,
    TransferSide,
    TransferState,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What can be refused.


class TransferPersonUnknown(NotFound):
    """Nobody in the city is registered with this number: who comes for the first time is registered."""

    code = "transfer_person_unknown"
    zh = "本市没有登记该证件号码的教师；首次来本市任教的，请直接登记。"
    en = "Nobody in the city is registered with this ID number: who is new here is registered instead."


class TransferOpen(Conflict):
    """The person is being transferred already."""

    code = "transfer_open"
    zh = "该教师已有办理中的调动。"
    en = "A transfer of this teacher is under way already."


class TransferToSameSchool(Conflict):
    """The relation is with that school already."""

    code = "transfer_to_same_school"
    zh = "该教师的人事关系已在此学校。"
    en = "The teacher's personnel relation is with this school already."


class WithoutRelation(Conflict):
    """Who has no personnel relation any more has none to leave."""

    code = "transfer_without_relation"
    zh = "该教师的人事关系已终止，无须调出。"
    en = "The teacher's personnel relation has ended: there is none to leave."


# What may be done.

_BY_NUMBER = Statement(
    select(func.coalesce(col(Teacher.merged_into_id), col(Teacher.id))).where(
        col(Teacher.id_number_index) == bindparam("number_index", type_=LargeBinary),
        col(Teacher.city_id) == bindparam("city_id", type_=Uuid),
    )
)
_PERSON = Statement(
    select(
        *(col(getattr(Teacher, name)) for name in ("id", "city_id", "county_id", "school_id")),
        exists()
        .where(
            col(Employment.teacher_id) == col(Teacher.id),
            col(Employment.superseded_at).is_(None),
            col(Employment.valid_to).is_(None),
        )
        .correlate(Teacher)
        .label("employed"),
    )
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .with_for_update(key_share=True, of=Teacher)
)


async def propose_transfer(
    db: Connection, actor: Actor, *, new: NewTransfer, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Propose a transfer for the school that lets go, or for the one that takes in.

    Who has no relation any more is let go by nobody: such a transfer is accepted from the start.
    """
    proposer, teacher_id = await _proposer(db, actor, new, cipher, now)
    person = await db.one(_PERSON, teacher_id=teacher_id)
    if person is None:
        raise TransferPersonUnknown
    kind, to_unit_id = _lead(new, person)
    leaving, receiving = await hold_sides(
        db, city_id=person["city_id"], from_unit_id=person["school_id"], to_unit_id=to_unit_id
    )
    if kind is not TransferKind.OUT and receiving["level"] != Level.SCHOOL:
        raise NotASchool
    waits = kind is not TransferKind.RETURN
    transfer_id = new_id()
    row = {
        "id": transfer_id,
        **new.model_dump(include=set(TransferFields.model_fields)),
        "teacher_id": person["id"],
        "kind": kind,
        "city_id": person["city_id"],
        "from_unit_id": leaving["id"],
        "from_county_id": leaving["county_id"],
        "to_unit_id": receiving["id"],
        "to_county_id": receiving["county_id"],
        "proposer": proposer,
        "state": TransferState.PROPOSED if waits else TransferState.ACCEPTED,
        "proposed_at": now,
        "proposed_by": actor.account_id,
        "decided_at": None if waits else now,
    }
    try:
        await db.insert(Transfer, row)
    except UniqueViolationError:
        raise TransferOpen from None
    return await TRANSFERS.get(db, actor, transfer_id)


async def _proposer(
    db: Connection, actor: Actor, new: NewTransfer, cipher: PersonalDataCipher, now: datetime
) -> tuple[TransferSide, UUID]:
    """For which side the actor speaks, and of whom."""
    write = Permission.TRANSFER_WRITE
    if new.teacher_id is not None:
        await TEACHERS.get(db, actor, new.teacher_id, permission=write)
        return TransferSide.LEAVING, new.teacher_id
    if new.to_school_id is None or new.id_number is None or new.id_kind is None:
        raise TransferPersonUnknown
    school = await UNITS.get(db, actor, new.to_school_id, permission=write)
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=civil_date(now))
    teacher_id = await db.value(
        _BY_NUMBER, number_index=cipher.blind_index(number), city_id=school["city_id"]
    )
    if teacher_id is None:
        raise TransferPersonUnknown
    return TransferSide.RECEIVING, teacher_id


def _lead(new: NewTransfer, person: Row) -> tuple[TransferKind, UUID]:
    """Of which kind it is, and which unit takes the person in."""
    if new.to_school_id is None:
        if not person["employed"]:
            raise WithoutRelation
        return TransferKind.OUT, person["county_id"]
    if not person["employed"]:
        return TransferKind.RETURN, new.to_school_id
    if new.to_school_id == person["school_id"]:
        raise TransferToSameSchool
    return TransferKind.WITHIN, new.to_school_id


_DECIDE = Statement(
    update(Transfer)
    .where(col(Transfer.id) == bindparam("transfer_id", type_=Uuid))
    .values(
        state=bindparam("to", type_=text_enum(TransferState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
        opinion=bindparam("answer", type_=String),
    )
)


async def accept_transfer(
    db: Connection, actor: Actor, *, transfer_id: UUID, answer: TransferAnswer, now: datetime
) -> Row:
    """Agree, for the side that did not propose it; nothing has changed for the person yet."""
    return await _answer(db, actor, transfer_id, TransferState.ACCEPTED, answer, now)


async def decline_transfer(
    db: Connection, actor: Actor, *, transfer_id: UUID, answer: TransferAnswer, now: datetime
) -> Row:
    """Disagree, for the side that did not propose it; another may be proposed."""
    return await _answer(db, actor, transfer_id, TransferState.DECLINED, answer, now)


async def _answer(
    db: Connection,
    actor: Actor,
    transfer_id: UUID,
    to: TransferState,
    answer: TransferAnswer,
    now: datetime,
) -> Row:
    held = await hold_transfer(db, actor, transfer_id=transfer_id)
    require_state(held, TransferState.PROPOSED)
    leaves = held["proposer"] == TransferSide.LEAVING
    require_side(actor, held, TransferSide.RECEIVING if leaves else TransferSide.LEAVING)
    await db.run(
        _DECIDE,
        transfer_id=transfer_id, to=to, now=now, by=actor.account_id, answer=answer.opinion,
    )  # fmt: skip
    return await TRANSFERS.get(db, actor, transfer_id)


_WITHDRAW = Statement(
    update(Transfer)
    .where(col(Transfer.id) == bindparam("transfer_id", type_=Uuid))
    .values(
        state=TransferState.WITHDRAWN,
        closed_at=bindparam("now", type_=MOMENT),
        closed_by=bindparam("by", type_=Uuid),
    )
)


async def withdraw_transfer(
    db: Connection, actor: Actor, *, transfer_id: UUID, now: datetime
) -> Row:
    """Take it back before it is completed: its proposer, and once it is accepted either side."""
    held = await hold_transfer(db, actor, transfer_id=transfer_id)
    require_state(held, TransferState.PROPOSED, TransferState.ACCEPTED)
    if held["state"] == TransferState.PROPOSED:
        require_side(actor, held, TransferSide(held["proposer"]))
    await db.run(_WITHDRAW, transfer_id=transfer_id, now=now, by=actor.account_id)
    return await TRANSFERS.get(db, actor, transfer_id)
