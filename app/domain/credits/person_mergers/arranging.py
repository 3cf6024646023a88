"""Proposing a merger of two records, and saying no to one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    String,
    Uuid,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.credits.person_mergers.ledger import Carried
from app.domain.credits.person_mergers.merger import (
    PERSON_MERGERS,
    MergerRefusal,
    MergerSide,
    MergerState,
    NewPersonMerger,
    PersonMerger,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people.identity import PersonalDataCipher, check_id_number
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What can be refused.


class MergerPersonUnknown(NotFound):
    """Nobody else in the city is registered with this number."""

    code = "person_merger_person_unknown"
    zh = "本市没有另一名登记该证件号码的教师。"
    en = "Nobody else in the city is registered with this ID number."


class MergerOpen(Conflict):
    """The record is to be merged already."""

    code = "person_merger_open"
    zh = "该记录已有待答复的合并申请。"
    en = "This record is to be merged already: the other side has not answered yet."


class MergerNotOpen(Conflict):
    """It was answered: what was answered stays."""

    code = "person_merger_not_open"
    zh = "该合并申请已办结（{state}）。"
    en = "The merger has been answered: it is {state}."


class MergerAcrossCities(Invalid):
    """The ledger of a person is one city's."""

    code = "person_merger_across_cities"
    zh = "只能合并本市范围内的记录。"
    en = "Only records of one city are merged."


# What may be done.

_BY_NUMBER = Statement(
    select(func.coalesce(col(Teacher.merged_into_id), col(Teacher.id))).where(
        col(Teacher.id_number_index) == bindparam("number_index", type_=LargeBinary),
        col(Teacher.city_id) == bindparam("city_id", type_=Uuid),
    )
)
_PLACES = Statement(
    select(
        *(
            col(getattr(Teacher, name))
            for name in ("id", "city_id", "county_id", "school_id", "merged_into_id")
        )
    ).where(col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
)


async def propose_person_merger(
    db: Connection, actor: Actor, *, new: NewPersonMerger, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Propose, for one of two records that the actor administers, that they become one."""
    survivor_id, merged_id = await _both(db, actor, new, cipher, now)
    merger_id = new_id()
    row = {
        "id": merger_id,
        "reason": new.reason,
        "survivor_id": survivor_id,
        "merged_id": merged_id,
        "proposed_for": await _spoken_for(db, actor, survivor_id, merged_id),
        "state": MergerState.PROPOSED,
        "proposed_at": now,
        "proposed_by": actor.account_id,
    }
    try:
        await db.insert(PersonMerger, row)
    except UniqueViolationError:
        raise MergerOpen from None
    return await PERSON_MERGERS.get(db, actor, merger_id)


async def _both(
    db: Connection, actor: Actor, new: NewPersonMerger, cipher: PersonalDataCipher, now: datetime
) -> tuple[UUID, UUID]:
    """The keys of both: each that is named is administered by the actor, or at least seen."""
    named = [each for each in (new.survivor_id, new.merged_id) if each is not None]
    write = Permission.TEACHER_WRITE
    first = await TEACHERS.get(db, actor, named[0], permission=write)
    if len(named) > 1:
        await TEACHERS.get(db, actor, named[1], permission=write)
        return named[0], named[1]
    if new.id_kind is None or new.id_number is None:
        raise MergerPersonUnknown
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=civil_date(now))
    index, city_id = cipher.blind_index(number), first["city_id"]
    other = await db.value(_BY_NUMBER, number_index=index, city_id=city_id)
    if other is None or other == named[0]:
        raise MergerPersonUnknown
    return (named[0], other) if new.survivor_id is not None else (other, named[0])


async def _spoken_for(
    db: Connection, actor: Actor, survivor_id: UUID, merged_id: UUID
) -> MergerSide:
    rows = await db.all(_PLACES, teacher_ids=[survivor_id, merged_id])
    if len({row["city_id"] for row in rows}) > 1:
        raise MergerAcrossCities
    scope = actor.scope(Permission.TEACHER_WRITE)
    sides = {row["id"] for row in rows if scope.covers(row)}
    if len(sides) > 1:
        return MergerSide.BOTH
    return MergerSide.SURVIVOR if survivor_id in sides else MergerSide.MERGED


_DECIDE = Statement(
    update(PersonMerger)
    .where(col(PersonMerger.id) == bindparam("merger_id", type_=Uuid))
    .values(
        state=bindparam("to", type_=text_enum(MergerState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
        opinion=bindparam("answer", type_=String),
        carried_over=bindparam("carried", type_=Integer),
        struck=bindparam("alone", type_=Integer),
    )
)


async def decline_person_merger(
    db: Connection, actor: Actor, *, merger_id: UUID, refusal: MergerRefusal, now: datetime
) -> Row:
    """Say no, for either record; whoever proposed it takes it back in the same way."""
    held = await hold_person_merger(db, actor, merger_id=merger_id)
    own = held["proposed_by"] == actor.account_id
    state = MergerState.WITHDRAWN if own else MergerState.DECLINED
    await decide_person_merger(db, actor, merger_id=merger_id, to=state, now=now, answer=refusal)
    return await PERSON_MERGERS.get(db, actor, merger_id)


async def hold_person_merger(db: Connection, actor: Actor, *, merger_id: UUID) -> Row:
    """The open merger, locked, if the actor administers one of its records."""
    permission = Permission.TEACHER_WRITE
    held = await PERSON_MERGERS.get(db, actor, merger_id, permission=permission, lock=True)
    if held["state"] != MergerState.PROPOSED:
        raise MergerNotOpen(state=held["state"])
    return held


async def decide_person_merger(
    db: Connection,
    actor: Actor,
    *,
    merger_id: UUID,
    to: MergerState,
    now: datetime,
    answer: Any,
    carried: Carried | None = None,
) -> None:
    """Write what was answered, and what it did; a part of the two answers, behind their door."""
    said = {"to": to, "now": now, "by": actor.account_id, "answer": answer.opinion}
    counted = (None, None) if carried is None else carried
    await db.run(_DECIDE, merger_id=merger_id, **said, carried=counted[0], alone=counted[1])
