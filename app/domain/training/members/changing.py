"""Taking teachers into groups, giving them duties, and ending their memberships."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.facts import end_facts
from app.domain.people.teachers import TEACHERS, Teacher, TeacherNotFound, teachers_by_id
from app.domain.training.groups import (
    GroupDuty,
    GroupMember,
    open_group,
    open_groups,
)
from app.domain.training.members.membership import MemberNotFound, MemberView
from app.sql import (
    Connection,
    ExclusionViolationError,
    Row,
    Statement,
    UniqueViolationError,
    new_id,
)


class NewMember(Command):
    """A teacher to be taken into a group."""

    teacher_id: UUID = Field(description="教师 / teacher")
    duty: GroupDuty = Field(default=GroupDuty.MEMBER, description="职责 / duty")
    valid_from: date | None = Field(
        default=None, description="加入日期，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(
        default=None,
        description="任期届满日（不含） / first day after the term; no term by default",
    )


class NewDuty(Command):
    """A duty that a member is to have."""

    duty: GroupDuty = Field(description="职责 / duty")
    valid_from: date | None = Field(
        default=None, description="起始日，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(
        default=None,
        description="任期届满日（不含） / first day after the term; no term by default",
    )


# What can be refused.


class MemberExists(Conflict):
    """The teacher belongs to the group already."""

    code = "group_member_exists"
    zh = "该教师已是本组成员。"
    en = "The teacher is a member of this group already."


class GroupHasHead(Conflict):
    """A group has one head at a time."""

    code = "group_has_head"
    zh = "该时段本组已有组长，请改用“变更职责”由其接任。"
    en = "The group has a head in that period: let the other take over by a change of duty."


class TermOutOfOrder(Invalid):
    """A term ends after it begins, and a new duty begins no earlier than the present one."""

    code = "group_term_out_of_order"
    zh = "任期须晚于起始日，且新职责不得早于现职责的起始日（{since}）。"
    en = "A term ends after it begins, and a new duty not before the present one began ({since})."


class MemberOutsideUnit(Invalid):
    """A group takes in teachers of its own school, or of its own bureau's schools."""

    code = "group_member_outside_unit"
    zh = "该教师不属于本组所在单位。"
    en = "The teacher does not belong to the unit that owns the group."


# What may be done.


async def _enter(db: Connection, *rows: Row) -> None:
    """Add facts of membership, of which the database keeps that they do not contradict each other."""
    try:
        await db.insert_all(GroupMember, list(rows))
    except UniqueViolationError:
        raise MemberExists from None
    except ExclusionViolationError as violation:
        taken = violation.constraint_name == "ex_group_member_head_once"
        raise (GroupHasHead if taken else MemberExists) from None


async def add_member(
    db: Connection, actor: Actor, *, group_id: UUID, new: NewMember, now: datetime
) -> Row:
    """Take a teacher of the group's unit, or of a school below it, into the group."""
    write = Permission.GROUP_WRITE
    group = await open_group(db, actor, group_id=group_id, permission=write, lock=True)
    teacher = await TEACHERS.get(db, actor, new.teacher_id)
    row = _row_of(group, teacher, new, now)
    await _enter(db, row | {"recorded_at": now})
    return {**row, "name": teacher["name"]}


async def add_members(
    db: Connection, actor: Actor, *, entries: Sequence[tuple[UUID, NewMember]], now: datetime
) -> list[UUID]:
    """Take many teachers into groups by their keys; the keys of the memberships, in this order.

    What one of them would be refused for, all are.
    """
    groups = await open_groups(
        db, actor, group_ids={group_id for group_id, _ in entries},
        permission=Permission.GROUP_WRITE,
    )  # fmt: skip
    teacher_ids = list({new.teacher_id for _, new in entries})
    teachers = await teachers_by_id(db, actor, teacher_ids=teacher_ids)
    rows = []
    for group_id, new in entries:
        teacher = teachers[new.teacher_id]
        if teacher is None:
            raise TeacherNotFound
        rows.append(_row_of(groups[group_id], teacher, new, now) | {"recorded_at": now})
    await _enter(db, *rows)
    return [row["id"] for row in rows]


def _row_of(group: Row, teacher: Row, new: NewMember, now: datetime) -> Row:
    if group["unit_id"] not in {teacher[column] for column in PLACE}:
        raise MemberOutsideUnit
    since = new.valid_from or civil_date(now)
    _check_term(since, new.valid_to)
    return {
        "id": new_id(),
        "group_id": group["id"],
        "teacher_id": new.teacher_id,
        "duty": new.duty,
        "valid_from": since,
        "valid_to": new.valid_to,
    }


def _check_term(since: date, until: date | None, *, present: date | None = None) -> None:
    if (until is not None and until <= since) or (present is not None and since < present):
        raise TermOutOfOrder(since=(present or since).isoformat())


_facts = (
    select(
        *(col(getattr(GroupMember, name)) for name in GroupMember.model_fields), col(Teacher.name)
    )
    .join_from(GroupMember, Teacher, col(GroupMember.teacher_id) == col(Teacher.id))
    .where(
        col(GroupMember.group_id) == bindparam("group_id", type_=Uuid),
        col(GroupMember.superseded_at).is_(None),
        or_(
            col(GroupMember.valid_to).is_(None),
            col(GroupMember.valid_to) > bindparam("day", type_=Date),
        ),
    )
    .order_by(col(GroupMember.valid_from))
    .with_for_update(of=GroupMember)
)
_OF_MEMBER = Statement(
    _facts.where(col(GroupMember.teacher_id) == bindparam("teacher_id", type_=Uuid))
)
_OF_HEAD = Statement(_facts.where(col(GroupMember.duty) == GroupDuty.HEAD))


async def _end(db: Connection, member_ids: Sequence[UUID], *, on: date, now: datetime) -> None:
    for member_id in member_ids:
        await end_facts(db, table=GroupMember, owners=["id"], owner=member_id, on=on, now=now)


async def change_duty(
    db: Connection, actor: Actor, *, group_id: UUID, teacher_id: UUID, new: NewDuty, now: datetime
) -> Row:
    """Give a member another duty from a day on, for a term if it has one.

    Who becomes the head takes over from the one who is: that one is a member from then on. When a
    term ends, its holder is a member.
    """
    await open_group(db, actor, group_id=group_id, permission=Permission.GROUP_WRITE, lock=True)
    since = new.valid_from or civil_date(now)
    held = await db.all(_OF_MEMBER, group_id=group_id, teacher_id=teacher_id, day=since)
    if not held:
        raise MemberNotFound
    _check_term(since, new.valid_to, present=held[0]["valid_from"])
    leaves = held[-1]["valid_to"]
    until = min(filter(None, (new.valid_to, leaves)), default=None)
    changed = [{**held[0], "duty": new.duty, "valid_from": since, "valid_to": until}]
    if until is not None and until != leaves:
        changed.append(
            {**held[0], "duty": GroupDuty.MEMBER, "valid_from": until, "valid_to": leaves}
        )
    ending = [row["id"] for row in held]
    if new.duty is GroupDuty.HEAD:
        heads = await db.all(_OF_HEAD, group_id=group_id, day=since)
        for head in heads:
            is_during = until is None or head["valid_from"] < until
            if head["teacher_id"] != teacher_id and is_during:
                ending.append(head["id"])
                begins = max(since, head["valid_from"])
                changed.append({**head, "duty": GroupDuty.MEMBER, "valid_from": begins})
    await _end(db, ending, on=since, now=now)
    fresh = {"recorded_at": now, "superseded_at": None}
    kept = [{name: row[name] for name in GroupMember.model_fields} for row in changed]
    rows = [row | fresh | {"id": new_id()} for row in kept]
    await _enter(db, *rows)
    return _shown(rows[0] | {"name": held[0]["name"]})


def _shown(row: Row) -> Row:
    return {name: row[name] for name in MemberView.model_fields}


async def end_membership(
    db: Connection, actor: Actor, *, group_id: UUID, teacher_id: UUID, now: datetime
) -> Row:
    """End a membership today; that it was held until now can still be told."""
    await open_group(db, actor, group_id=group_id, permission=Permission.GROUP_WRITE, lock=True)
    today = civil_date(now)
    held = await db.all(_OF_MEMBER, group_id=group_id, teacher_id=teacher_id, day=today)
    if not held:
        raise MemberNotFound
    await _end(db, [row["id"] for row in held], on=today, now=now)
    return _shown(held[0] | {"valid_to": today})
