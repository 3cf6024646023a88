"""Completing a transfer: what follows for the person, in one transaction.

The teacher's place changes, and with it that of everything about the teacher, the sums of both schools
included; the ledger stays as it is. Posts and service places end with the relation, and so does
belonging to groups and pairs that the new place does not lie below. Enrolments in activities are kept: what
somebody has begun is ended where it was begun; who leaves the city gives the places back. Of the
person's own account only the role over oneself goes along, and all its tokens end; when somebody
leaves the city it is suspended, until whoever administers it after a return restores it.

Locks are taken as in a reorganisation: the city, the head of the chain, the account, the teacher, the
schools. So credit that is recognised meanwhile counts where the person is.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Date, Uuid, bindparam, column, func, select, table, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict
from app.domain.organisation.facts import check_day, end_facts
from app.domain.organisation.units import lock_city
from app.domain.people.facts.engagement import (
    EMPLOYMENT,
    ESTABLISHMENT,
    STATE,
    Employment,
    Establishment,
    ServicePlace,
    ServiceState,
    TeacherEstablishment,
)
from app.domain.people.facts.fact import FactKind
from app.domain.people.facts.posts import Post, TeacherPost
from app.domain.people.facts.writing import succeed_fact
from app.domain.people.teachers import Teacher
from app.domain.people.transfers.following import (
    end_roles,
    give_up_places,
    hold_account,
    leave_groups,
    leave_pairs,
)
from app.domain.people.transfers.steps import (
    hold_sides,
    hold_transfer,
    require_side,
    require_state,
)
from app.domain.people.transfers.transfer import (
    TRANSFERS,
    Transfer,
    TransferKind,
    TransferSide,
    TransferState,
)
from app.sql import Connection, Row, Statement, new_id


class TransferCompletion(Command):
    """From which day on the transfer holds, and as what."""

    effective_on: date | None = Field(
        default=None, description="生效日期，默认今天，不得晚于今天 / first day; today by default"
    )
    posts: list[Post] = Field(
        default_factory=lambda: [Post.TEACHER],
        max_length=12,
        description="调入后的岗位 / posts at the school that takes in",
    )
    establishment: Establishment = Field(
        default=Establishment.ESTABLISHED, description="编制，调回时适用 / for who returns"
    )


# What can be refused.


class TransferOvertaken(Conflict):
    """The person has come to another school meanwhile: by a merger, say."""

    code = "transfer_overtaken"
    zh = "该教师的人事关系已变动，此调动不能再办结；可撤回后重新发起。"
    en = "The teacher's relation has changed meanwhile: withdraw this transfer and propose another."


class RelationNotEarlier(Conflict):
    """A relation ends after it began."""

    code = "transfer_not_later"
    zh = "生效日期必须晚于现人事关系的起始日（{current}）。"
    en = "The transfer must hold from a day after the present relation began ({current})."


# What may be done.

_teacher_id = bindparam("teacher_id", type_=Uuid)
_CHAINS = table("credit_chain", column("teacher_id", Uuid()))
_HOLD_HEAD = Statement(
    select(_CHAINS.c.teacher_id).where(_CHAINS.c.teacher_id == _teacher_id).with_for_update()
)
_HOLD_TEACHER = Statement(
    select(col(Teacher.school_id)).where(col(Teacher.id) == _teacher_id).with_for_update()
)
_RELATION = Statement(
    select(func.max(col(Employment.valid_from))).where(
        col(Employment.teacher_id) == _teacher_id,
        col(Employment.superseded_at).is_(None),
        col(Employment.valid_to).is_(None),
    )
)
_PLACE = Statement(
    update(Teacher)
    .where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid))
    .values(
        county_id=bindparam("new_county_id", type_=Uuid),
        school_id=bindparam("new_school_id", type_=Uuid),
    )
)
_COMPLETE = Statement(
    update(Transfer)
    .where(col(Transfer.id) == bindparam("transfer_id", type_=Uuid))
    .values(
        state=TransferState.COMPLETED,
        effective_on=bindparam("on", type_=Date),
        closed_at=bindparam("now", type_=MOMENT),
        closed_by=bindparam("by", type_=Uuid),
    )
)


async def complete_transfer(
    db: Connection,
    actor: Actor,
    *,
    transfer_id: UUID,
    completion: TransferCompletion,
    now: datetime,
) -> Row:
    """Say, for the side that takes in, from which day on an accepted transfer holds.

    Today or a day in the past: what is yet to come is recorded once it has.
    """
    seen = await hold_transfer(db, actor, transfer_id=transfer_id, lock=False)
    await lock_city(db, city_id=seen["city_id"])
    transfer = await hold_transfer(db, actor, transfer_id=transfer_id)
    require_state(transfer, TransferState.ACCEPTED)
    require_side(actor, transfer, TransferSide.RECEIVING)
    today = civil_date(now)
    on = completion.effective_on or today
    check_day(on, today=today)
    teacher_id, leaves = transfer["teacher_id"], transfer["kind"] == TransferKind.OUT
    account_id = await _hold(db, transfer)
    _, there = await hold_sides(
        db, **{name: transfer[name] for name in ("city_id", "from_unit_id", "to_unit_id")}
    )
    new_place = _place(transfer, there)
    await _move_career(db, transfer, new_place["new_school_id"], completion, on, now)
    above = [] if leaves else [there["id"], there["county_id"], transfer["city_id"]]
    await leave_groups(db, teacher_id=teacher_id, place=above, on=on, now=now)
    await leave_pairs(db, teacher_id=teacher_id, place=above, on=on)
    if leaves:
        await give_up_places(db, teacher_id=teacher_id, now=now)
    if account_id is not None:
        await end_roles(
            db, account_id=account_id, ended_by=actor.account_id, leaves=leaves, now=now
        )
    await db.run(_PLACE, of_teacher=teacher_id, **new_place)
    await db.run(_COMPLETE, transfer_id=transfer_id, on=on, now=now, by=actor.account_id)
    return await TRANSFERS.get(db, actor, transfer_id)


def _place(transfer: Row, there: Row) -> dict[str, UUID]:
    """Where the person is from now on: who leaves the city stays on the register of the last school."""
    if transfer["kind"] == TransferKind.OUT:
        return {
            "new_county_id": transfer["from_county_id"],
            "new_school_id": transfer["from_unit_id"],
        }
    return {"new_county_id": there["county_id"], "new_school_id": there["id"]}


async def _hold(db: Connection, transfer: Row) -> UUID | None:
    """Hold the person with all that moves along; the key of the person's account, if there is one."""
    teacher_id = transfer["teacher_id"]
    await db.one(_HOLD_HEAD, teacher_id=teacher_id)
    account_id = await hold_account(db, teacher_id=teacher_id)
    if await db.value(_HOLD_TEACHER, teacher_id=teacher_id) != transfer["from_unit_id"]:
        raise TransferOvertaken
    return account_id


async def _move_career(
    db: Connection,
    transfer: Row,
    school_id: UUID,
    completion: TransferCompletion,
    on: date,
    now: datetime,
) -> None:
    """End what was at the former school, and begin what is at the new one."""
    teacher_id, kind = transfer["teacher_id"], transfer["kind"]
    began = await db.value(_RELATION, teacher_id=teacher_id)
    if began is not None and on <= began:
        raise RelationNotEarlier(current=began.isoformat())
    ending: list[Any] = [TeacherPost, ServicePlace]
    if kind == TransferKind.OUT:
        ending += [Employment, TeacherEstablishment]
    for fact in ending:
        await end_facts(db, table=fact, owners=["teacher_id"], owner=teacher_id, on=on, now=now)

    async def begin(fact: FactKind, **values: Any) -> None:
        await succeed_fact(
            db, kind=fact, teacher_id=teacher_id, values={**values, "valid_from": on}, now=now
        )

    if kind == TransferKind.OUT:
        await begin(STATE, state=ServiceState.LEFT)
        return
    await begin(EMPLOYMENT, school_id=school_id)
    if kind == TransferKind.RETURN:
        await begin(STATE, state=ServiceState.IN_SERVICE)
        await begin(ESTABLISHMENT, establishment=completion.establishment)
    known = {"teacher_id": teacher_id, "valid_from": on, "recorded_at": now}
    posts = [
        {"id": new_id(), **known, "school_id": school_id, "post": post}
        for post in dict.fromkeys(completion.posts)
    ]
    await db.insert_all(TeacherPost, posts)
