"""Members of committees (成员): who sits in one, in which duty, by virtue of which post, and until when."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, case, column, func, or_, table
from sqlalchemy.types import Text
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor, Shape, within
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.subjects import place_of_person
from app.domain.base import MOMENT, TODAY, Command, civil_date, in_force, known_on
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation import facts
from app.domain.organisation.committees import (
    COMMITTEES,
    Committee,
    CommitteeDuty,
    CommitteeMember,
    CommitteeMemberFields,
    is_known,
    open_committee,
)
from app.domain.organisation.facts import FactView, check_day, end_fact
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id


class CommitteeMemberView(CommitteeMemberFields, FactView):
    """A seat in a committee as both faces show it."""

    id: UUID = Field(description="标识 / key")
    committee_id: UUID = Field(description="委员会或领导小组 / committee")
    name: str | None = Field(description="姓名 / name, null for a seat of a post alone")


class NewCommitteeMember(CommitteeMemberFields, Command):
    """Somebody who is to sit in a committee, or a post whose holder is to."""

    valid_from: date | None = Field(
        default=None, description="起始日，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(
        default=None,
        description="届满日（不含），默认与委员会相同 / end, exclusive; by default the committee's",
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        persons = [self.teacher_id, self.account_id, self.expert_name]
        named = sum(each is not None for each in persons)
        if named > 1 or (named == 0 and self.post is None):
            raise Unfit(
                "须指定一名教师、一个账号或一名外聘专家，或者填写所依职务。",
                "It is one teacher, one account or one outside expert; without any, a post.",
            )
        if self.expert_unit is not None and self.expert_name is None:
            raise Unfit(
                "只有外聘专家填写所在单位。", "Only an outside expert is from somewhere else."
            )
        return self


class CommitteeMemberEnd(Command):
    """The day from which somebody no longer sits in a committee, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日期，默认今天 / first day without it")


# What can be refused.


class CommitteeMemberNotFound(NotFound):
    """There is no such seat for the one who asks."""

    code = "committee_member_not_found"
    zh = "未找到该成员。"
    en = "There is no such member of a committee."


class CommitteeHasChair(Conflict):
    """A committee has one chair at a time."""

    code = "committee_has_chair"
    zh = "该期间已有组长（主任）。"
    en = "The committee has a chair already at that time."


class CommitteeMemberExists(Conflict):
    """Nobody sits twice in one committee at a time."""

    code = "committee_member_exists"
    zh = "此人在该期间已是成员。"
    en = "They sit in this committee already at that time."


class CommitteeMemberElsewhere(Invalid):
    """A teacher or an account sits in a committee of a unit to which they belong, or of one above it."""

    code = "committee_member_elsewhere"
    zh = "此人不属于该委员会所属的单位；外单位人员请按外聘专家登记。"
    en = "They do not belong to the committee's unit; enter them as an outside expert."


class SeatOutsideTerm(Invalid):
    """A seat is held within the committee's term, and for a day at least."""

    code = "committee_seat_outside_term"
    zh = "任期须在委员会任期之内，且终止日晚于起始日。"
    en = "A seat is held within the committee's term, and ends after it begins."


# What may be asked.

_TEACHERS = table("teacher", column("id", Uuid()), column("name", Text()))
_SEATS = CommitteeMember.__table__  # type: ignore[attr-defined]
_ACCOUNTS = Account.__table__  # type: ignore[attr-defined]
_RANK = case({duty.value: n for n, duty in enumerate(CommitteeDuty)}, value=_SEATS.c.duty)

COMMITTEE_MEMBERS = Door(
    table=CommitteeMember,
    view=CommitteeMemberView,
    read=Permission.UNIT_READ,
    missing=CommitteeMemberNotFound,
    places={name: col(getattr(Committee, name)) for name in PLACE},
    audience=is_known,
    computed={
        "name": func.coalesce(_TEACHERS.c.name, _ACCOUNTS.c.display_name, _SEATS.c.expert_name)
    },
    joined=_SEATS.join(
        Committee.__table__,  # type: ignore[attr-defined]
        _SEATS.c.committee_id == col(Committee.id),
    )
    .outerjoin(_TEACHERS, _SEATS.c.teacher_id == _TEACHERS.c.id)
    .outerjoin(_ACCOUNTS, _SEATS.c.account_id == _ACCOUNTS.c.id),
    sorts={"duty": (_RANK, _SEATS.c.valid_from)},
)
"""Seats, seen by whoever sees their committee."""


@lru_cache(maxsize=64)
def _members(shape: Shape, only: Columns) -> Statement:
    day = func.coalesce(bindparam("day", type_=Date), TODAY)
    seen = or_(
        within(shape, COMMITTEE_MEMBERS.placed()),
        is_known(bindparam("audience", type_=ARRAY(Uuid))),
    )
    query = COMMITTEE_MEMBERS.select(_SEATS.c.committee_id.label("_owner"), only=only).where(
        _SEATS.c.committee_id == any_(bindparam("committee_ids", type_=ARRAY(Uuid))),
        in_force(CommitteeMember, day),
        in_force(Committee, day),
        known_on(CommitteeMember, bindparam("known_at", type_=MOMENT)),
        seen,
    )
    return Statement(query.order_by(*COMMITTEE_MEMBERS.order("duty")))


async def list_committee_members(
    db: Connection,
    actor: Actor,
    *,
    committee_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """Who sat in a committee on a day, as was believed on a day; the chair first."""
    await COMMITTEES.get(db, actor, committee_id)
    members = await _read(db, actor, [committee_id], as_of, known_on, None)
    return members[committee_id]


async def committee_members_of(
    db: Connection, actor: Actor, *, committee_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """Who sits in many committees today, the chair first."""
    return await _read(db, actor, committee_ids, None, None, columns)


async def _read(
    db: Connection,
    actor: Actor,
    committee_ids: Sequence[UUID],
    as_of: date | None,
    known_on: date | None,
    columns: Columns,
) -> dict[UUID, list[Row]]:
    scope = actor.scope(Permission.UNIT_READ)
    placed = {name: ids for name, ids in scope.values.items() if name in PLACE}
    rows = await db.all(
        _members(tuple(sorted(placed)), columns),
        committee_ids=list(committee_ids),
        audience=actor.audience if actor.allows(Permission.UNIT_READ) else [],
        day=as_of,
        known_at=facts.end_of(known_on),
        **{f"scope_{name}": ids for name, ids in placed.items()},
    )
    answer: dict[UUID, list[Row]] = {committee_id: [] for committee_id in committee_ids}
    for row in rows:
        answer[row.pop("_owner")].append(row)
    return answer


# What may be done.


async def seat_committee_member(
    db: Connection, actor: Actor, *, committee_id: UUID, new: NewCommitteeMember, now: datetime
) -> Row:
    """Give somebody, or the holder of a post, a seat in a committee from a day on."""
    committee = await open_committee(db, actor, committee_id=committee_id, now=now)
    place = await place_of_person(db, actor, teacher_id=new.teacher_id, account_id=new.account_id)
    if place is not None and committee["unit_id"] not in {place[name] for name in PLACE}:
        raise CommitteeMemberElsewhere
    today = civil_date(now)
    begins = new.valid_from or max(today, committee["valid_from"])
    ends = new.valid_to or committee["valid_to"]
    if new.valid_from is not None:
        check_day(begins, today=today)
    last = committee["valid_to"] or date.max
    if begins < committee["valid_from"] or not begins < (ends or date.max) <= last:
        raise SeatOutsideTerm
    member_id = new_id()
    row = {**new.model_dump(), "id": member_id, "committee_id": committee_id}
    period = {"valid_from": begins, "valid_to": ends, "recorded_at": now}
    try:
        await db.insert(CommitteeMember, row | period)
    except ExclusionViolationError as refused:
        # The driver tells the constraint by its name alone.
        is_chair = "one_chair" in str(refused)
        raise (CommitteeHasChair if is_chair else CommitteeMemberExists) from None
    return await COMMITTEE_MEMBERS.get(db, actor, member_id)


async def unseat_committee_member(
    db: Connection, actor: Actor, *, member_id: UUID, end: CommitteeMemberEnd, now: datetime
) -> Row:
    """End a seat on a day; ended on its first day it was recorded by mistake."""
    held = await COMMITTEE_MEMBERS.get(
        db, actor, member_id, permission=Permission.COMMITTEE_WRITE, lock=True
    )
    return await end_fact(db, table=CommitteeMember, held=held, on=end.on, now=now)
