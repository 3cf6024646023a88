"""What may be done with careers: a fact is recorded, corrected, ended, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.organisation.facts import FactEnded
from app.domain.people.facts.engagement import EMPLOYMENT, EmploymentByTransfer
from app.domain.people.facts.fact import (
    FactBeforeBirth,
    FactEndsBeforeItBegins,
    FactKind,
    NamedFactView,
    NewFact,
    check_ahead,
)
from app.domain.people.facts.finding import find_fact, read_fact, read_facts
from app.domain.people.facts.writing import (
    Written,
    correct_fact,
    end_succeeded,
    insert_fact,
    insert_facts,
    replace_facts,
    restate_fact,
    retract_facts,
    succeed_fact,
)
from app.domain.people.teachers import (
    TEACHERS,
    Teacher,
    TeacherNotFound,
    check_school,
    touch_teacher,
    touch_teachers,
)
from app.sql import Connection, Row, Statement


class FactEnd(Command):
    """The end of a fact."""

    valid_to: date = Field(
        description="终止日（当日已不再有效） / first day on which it no longer holds"
    )


class FactWithdrawal(Command):
    """Why a fact never was."""

    reason: str = Field(min_length=2, max_length=200, description="撤销理由 / why it was wrong")


# What may be done.

_BORN = Statement(
    select(col(Teacher.birth_date)).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def record_fact(
    db: Connection, actor: Actor, *, kind: FactKind, teacher_id: UUID, new: NewFact, now: datetime
) -> Row:
    """Record a fact about a teacher whom the actor administers.

    Where facts of the kind succeed each other, one without an end ends the one before. With
    `corrects` it takes the place of a fact that was wrong; both stay known.
    """
    teacher = await _open_career(db, actor, teacher_id)
    check_ahead(new.valid_from, today=civil_date(now))
    values = await _values(db, actor, kind=kind, teacher=teacher, new=new)
    if await db.value(_BORN, teacher_id=teacher_id) > new.valid_from:
        raise FactBeforeBirth
    wrong = None
    if new.corrects is not None:
        wrong = await read_fact(db, kind=kind, teacher_id=teacher_id, fact_id=new.corrects)
    if kind is EMPLOYMENT:
        _check_relation(values, wrong)
    if wrong is not None:
        fact_id = await correct_fact(
            db, kind=kind, wrong=wrong, values=values, reason=new.reason or "", now=now
        )
    else:
        write = succeed_fact if kind.succeeds and new.valid_to is None else insert_fact
        fact_id = await write(db, kind=kind, teacher_id=teacher_id, values=values, now=now)
    return await _recorded(db, kind=kind, teacher_id=teacher_id, fact_id=fact_id)


_MANY = Statement(
    select(*(col(getattr(Teacher, name)) for name in ("id", "birth_date", *PLACE)))
    .where(
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(Teacher.merged_into_id).is_(None),
    )
    .order_by(col(Teacher.id))
    .with_for_update(key_share=True)
)


async def record_facts(
    db: Connection,
    actor: Actor,
    *,
    kind: FactKind,
    news: Sequence[tuple[UUID, NewFact]],
    now: datetime,
) -> list[UUID]:
    """Record many facts of one kind, each about a teacher by its key; the keys of the facts, in this order.

    What one of them would be refused for, all are. They are at the teachers' own schools, and what they
    correct began on the same day; of one slot none follows another of them.
    """
    teachers = await _open_careers(db, actor, [teacher_id for teacher_id, _ in news])
    today = civil_date(now)
    facts: list[Written] = []
    for teacher_id, new in news:
        teacher = teachers[teacher_id]
        check_ahead(new.valid_from, today=today)
        if teacher["birth_date"] > new.valid_from:
            raise FactBeforeBirth
        values = {**new.values(), "valid_from": new.valid_from, "valid_to": new.valid_to}
        if kind.at_school:
            values["school_id"] = teacher["school_id"]
        facts.append((teacher_id, values))
    corrections = {at: new for at, (_, new) in enumerate(news) if new.corrects is not None}
    written = await _correct(db, kind=kind, corrections=corrections, facts=facts, now=now)
    added = [at for at in range(len(news)) if at not in corrections]
    if kind.succeeds:
        following = [facts[at] for at in added if facts[at][1]["valid_to"] is None]
        await end_succeeded(db, kind=kind, facts=following, now=now)
    fact_ids = await insert_facts(db, kind=kind, facts=[facts[at] for at in added], now=now)
    written |= dict(zip(added, fact_ids, strict=True))
    if kind.shown:
        await touch_teachers(db, teacher_ids=list(teachers))
    return [written[at] for at in range(len(news))]


async def _correct(
    db: Connection,
    *,
    kind: FactKind,
    corrections: Mapping[int, NewFact],
    facts: Sequence[Written],
    now: datetime,
) -> dict[int, UUID]:
    """Let those of these facts that correct one take its place; the keys of the rows, by the same numbers."""
    if kind is EMPLOYMENT and corrections:
        raise EmploymentByTransfer
    by_reason: dict[str, list[tuple[int, tuple[UUID, UUID]]]] = {}
    for at, new in corrections.items():
        if new.corrects is not None:
            pair = (facts[at][0], new.corrects)
            by_reason.setdefault(new.reason or "", []).append((at, pair))
    written: dict[int, UUID] = {}
    # A file has one reason for all of its corrections.
    for reason, some in by_reason.items():
        wrongs = await read_facts(db, kind=kind, facts=[pair for _, pair in some])
        values = [facts[at][1] for at, _ in some]
        keys = await replace_facts(
            db, kind=kind, wrongs=wrongs, values=values, reason=reason, now=now
        )
        written |= {at: key for (at, _), key in zip(some, keys, strict=True)}
    return written


async def end_fact(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    fact_id: UUID,
    end: FactEnd,
    now: datetime,
) -> Row:
    """End a fact that holds; that it held until then can still be told.

    The present personnel relation ends by a transfer: till then the school has the teacher.
    """
    await _open_career(db, actor, teacher_id)
    kind, fact = await find_fact(db, teacher_id=teacher_id, fact_id=fact_id)
    if fact["valid_to"] is not None:
        raise FactEnded
    if kind is EMPLOYMENT:
        raise EmploymentByTransfer
    if end.valid_to <= fact["valid_from"]:
        raise FactEndsBeforeItBegins(begins=fact["valid_from"].isoformat())
    ended = await restate_fact(db, kind=kind, fact=fact, valid_to=end.valid_to, now=now)
    return _named(kind, await _recorded(db, kind=kind, teacher_id=teacher_id, fact_id=ended))


async def withdraw_fact(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    fact_id: UUID,
    withdrawal: FactWithdrawal,
    now: datetime,
) -> Row:
    """Cease to believe a fact that never was; that it was believed can still be told.

    What it had ended goes on, where facts of the kind succeed each other.
    """
    await _open_career(db, actor, teacher_id)
    kind, fact = await find_fact(db, teacher_id=teacher_id, fact_id=fact_id)
    if kind is EMPLOYMENT and fact["valid_to"] is None:
        raise EmploymentByTransfer
    await retract_facts(db, kind=kind, wrongs=[fact], reason=withdrawal.reason, now=now)
    if kind.shown:
        await touch_teacher(db, teacher_id=teacher_id)
    return _named(kind, fact)


async def withdraw_facts(
    db: Connection,
    actor: Actor,
    *,
    kind: FactKind,
    facts: Sequence[tuple[UUID, UUID]],
    withdrawal: FactWithdrawal,
    now: datetime,
) -> None:
    """Cease to believe many facts of one kind, each by teacher and key, no two of one slot.

    What one of them would be refused for, all are.
    """
    teachers = await _open_careers(db, actor, [teacher_id for teacher_id, _ in facts])
    wrongs = await read_facts(db, kind=kind, facts=facts)
    if kind is EMPLOYMENT and any(wrong["valid_to"] is None for wrong in wrongs):
        raise EmploymentByTransfer
    await retract_facts(db, kind=kind, wrongs=wrongs, reason=withdrawal.reason, now=now)
    if kind.shown:
        await touch_teachers(db, teacher_ids=list(teachers))


async def _open_careers(
    db: Connection, actor: Actor, teacher_ids: Sequence[UUID]
) -> dict[UUID, Row]:
    """The same of many teachers, in the order of their keys; refused where one of them is not there."""
    scope = actor.require(Permission.TEACHER_WRITE)
    found = await db.all(_MANY, teacher_ids=list(set(teacher_ids)))
    teachers = {row["id"]: row for row in found if scope.covers(row)}
    if not teachers.keys() >= set(teacher_ids):
        raise TeacherNotFound
    return teachers


async def _open_career(db: Connection, actor: Actor, teacher_id: UUID) -> Row:
    """The teacher, locked until the transaction ends: of two writes the second sees the first."""
    return await TEACHERS.get(db, actor, teacher_id, permission=Permission.TEACHER_WRITE, lock=True)


async def _values(
    db: Connection, actor: Actor, *, kind: FactKind, teacher: Row, new: NewFact
) -> dict[str, Any]:
    """What a fact says, with its days; what is at another school needs the right there too."""
    values = {**new.values(), "valid_from": new.valid_from, "valid_to": new.valid_to}
    if kind.at_school:
        school_id = values["school_id"] = values["school_id"] or teacher["school_id"]
        if school_id != teacher["school_id"]:
            past = new.valid_to is not None
            await check_school(db, actor, school_id=school_id, past=past)
    return values


def _check_relation(values: dict[str, Any], wrong: Row | None) -> None:
    """The present relation is where the teacher is: only the day on which it began may be corrected."""
    present = wrong is not None and wrong["valid_to"] is None
    stays = wrong is not None and values["school_id"] == wrong["school_id"]
    if (values["valid_to"] is None) != present or (present and not stays):
        raise EmploymentByTransfer


async def _recorded(db: Connection, *, kind: FactKind, teacher_id: UUID, fact_id: UUID) -> Row:
    """The fact as it is shown; the teacher has changed where the kind is shown there."""
    if kind.shown:
        await touch_teacher(db, teacher_id=teacher_id)
    fact = await read_fact(db, kind=kind, teacher_id=teacher_id, fact_id=fact_id)
    return {name: fact[name] for name in kind.view.model_fields}


def _named(kind: FactKind, fact: Row) -> Row:
    times = {name: fact[name] for name in NamedFactView.model_fields if name != "kind"}
    return {**times, "kind": kind.name}
