"""Members (组员) of research groups: which teachers belong to a group, and since when.

Who may see the group sees its members in a narrow view: who, and with which duty.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import TODAY, holds_on
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.domain.training.groups import GROUP_PLACES, GROUPS, GroupDuty, GroupMember, ResearchGroup
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class MemberView(BaseModel):
    """A member as the others of the group see one: who, and with which duty."""

    id: UUID = Field(description="标识 / key of the membership")
    group_id: UUID = Field(description="教研组 / group")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    duty: GroupDuty = Field(description="职责 / duty")
    valid_from: date = Field(description="加入日期 / first day")


class NewMember(Command):
    """A teacher to be taken into a group."""

    teacher_id: UUID = Field(description="教师 / teacher")
    duty: GroupDuty = Field(default=GroupDuty.MEMBER, description="职责 / duty")
    valid_from: date | None = Field(
        default=None, description="加入日期，默认今天 / first day; today by default"
    )


# What can be refused.


class MemberNotFound(NotFound):
    """The teacher does not belong to the group today."""

    code = "group_member_not_found"
    zh = "该教师目前不是本组成员。"
    en = "The teacher is not a member of this group at present."


class MemberExists(Conflict):
    """The teacher belongs to the group already."""

    code = "group_member_exists"
    zh = "该教师已是本组成员。"
    en = "The teacher is a member of this group already."


class MemberOutsideUnit(Invalid):
    """A group takes in teachers of its own school, or of its own bureau's schools."""

    code = "group_member_outside_unit"
    zh = "该教师不属于本组所在单位。"
    en = "The teacher does not belong to the unit that owns the group."


# What may be asked.

MEMBERS = Door(
    table=GroupMember,
    view=MemberView,
    read=Permission.GROUP_READ,
    missing=MemberNotFound,
    places={
        "city_id": col(ResearchGroup.city_id),
        "county_id": col(ResearchGroup.county_id),
        "school_id": col(ResearchGroup.school_id),
        **GROUP_PLACES,
    },
    computed={"name": col(Teacher.name)},
    joined=GroupMember.__table__.join(  # type: ignore[attr-defined]
        ResearchGroup.__table__,  # type: ignore[attr-defined]
        (col(GroupMember.group_id) == col(ResearchGroup.id)) & holds_on(GroupMember, TODAY),
    ).join(Teacher.__table__, col(GroupMember.teacher_id) == col(Teacher.id)),  # type: ignore[attr-defined]
    filters={"group_id": col(GroupMember.group_id)},
    sorts={"duty": (col(GroupMember.duty), col(Teacher.name)), "name": (col(Teacher.name),)},
)
"""Today's members, placed by their group: a narrow view for those who may see the group."""


async def list_members(db: Connection, actor: Actor, *, group_id: UUID, page: PageRequest) -> Page:
    """Today's members of one group that the actor may see, heads first."""
    await GROUPS.get(db, actor, group_id)
    return await MEMBERS.page(db, actor, page, filters={"group_id": group_id})


async def members_of(
    db: Connection,
    actor: Actor,
    *,
    group_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """Today's members of each of many groups, heads first."""
    return await MEMBERS.pages_of(
        db, actor, col(GroupMember.group_id), group_ids, page, columns=columns
    )


# What may be done.


async def add_member(
    db: Connection, actor: Actor, *, group_id: UUID, new: NewMember, now: datetime
) -> Row:
    """Take a teacher of the group's unit, or of a school below it, into the group."""
    group = await GROUPS.get(db, actor, group_id, permission=Permission.GROUP_WRITE)
    teacher = await TEACHERS.get(db, actor, new.teacher_id)
    if group["unit_id"] not in {teacher[column] for column in PLACE}:
        raise MemberOutsideUnit
    member_id = new_id()
    row = {
        "id": member_id,
        "group_id": group_id,
        "teacher_id": new.teacher_id,
        "duty": new.duty,
        "valid_from": new.valid_from or civil_date(now),
    }
    try:
        await db.insert(GroupMember, row)
    except UniqueViolationError:
        raise MemberExists from None
    return {**row, "name": teacher["name"]}


_OPEN = Statement(
    select(
        *(col(getattr(GroupMember, name)) for name in MemberView.model_fields if name != "name"),
        col(Teacher.name),
    )
    .join_from(GroupMember, Teacher, col(GroupMember.teacher_id) == col(Teacher.id))
    .where(
        col(GroupMember.group_id) == bindparam("group_id", type_=Uuid),
        col(GroupMember.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(GroupMember.superseded_at).is_(None),
        col(GroupMember.valid_to).is_(None),
    )
    .with_for_update(of=GroupMember)
)
_SUPERSEDE = Statement(
    update(GroupMember)
    .where(col(GroupMember.id) == bindparam("member_id", type_=Uuid))
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def end_membership(
    db: Connection, actor: Actor, *, group_id: UUID, teacher_id: UUID, now: datetime
) -> Row:
    """End a membership today; that it was held until now can still be told."""
    await GROUPS.get(db, actor, group_id, permission=Permission.GROUP_WRITE)
    open_fact = await db.one(_OPEN, group_id=group_id, teacher_id=teacher_id)
    if open_fact is None:
        raise MemberNotFound
    await db.run(_SUPERSEDE, member_id=open_fact["id"], now=now)
    today = civil_date(now)
    if open_fact["valid_from"] < today:
        ended = {name: value for name, value in open_fact.items() if name != "name"}
        await db.insert(GroupMember, {**ended, "id": new_id(), "valid_to": today})
    return open_fact
