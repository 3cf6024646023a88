"""Memberships: what is shown of them, and what may be asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, and_, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date, holds_on
from app.domain.errors import NotFound
from app.domain.organisation.facts import end_of, fact_filters
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.domain.training.groups import (
    GROUP_PLACES,
    GROUPS,
    GroupDuty,
    GroupMember,
    ResearchGroup,
)
from app.sql import Connection, Statement


class MemberView(BaseModel):
    """A member as the others of the group see one: who, and with which duty."""

    id: UUID = Field(description="标识 / key of the membership")
    group_id: UUID = Field(description="教研组 / group")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    duty: GroupDuty = Field(description="职责 / duty")
    valid_from: date = Field(description="起始日 / first day of this duty")
    valid_to: date | None = Field(
        description="终止日（不含） / first day on which it no longer holds; null while it does"
    )


# What can be refused.


class MemberNotFound(NotFound):
    """The teacher does not belong to the group today."""

    code = "group_member_not_found"
    zh = "该教师目前不是本组成员。"
    en = "The teacher is not a member of this group at present."


# What may be asked.


def _joined(*holding: Any) -> Any:
    """Memberships with their groups and teachers: all, or those for which the conditions hold."""
    groups, teachers = ResearchGroup.__table__, Teacher.__table__  # type: ignore[attr-defined]
    of_group = and_(col(GroupMember.group_id) == col(ResearchGroup.id), *holding)
    memberships = GroupMember.__table__.join(groups, of_group)  # type: ignore[attr-defined]
    return memberships.join(teachers, col(GroupMember.teacher_id) == col(Teacher.id))


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
    joined=_joined(),
    filters={"group_id": col(GroupMember.group_id), **fact_filters(GroupMember)},
    sorts={
        "duty": (col(GroupMember.duty), col(Teacher.name)),
        "name": (col(Teacher.name),),
        "since": (col(GroupMember.valid_from),),
    },
)
"""Memberships, placed by their group: a narrow view for those who may see the group."""

_TODAYS = replace(MEMBERS, joined=_joined(holds_on(GroupMember, TODAY)))
"""Today's, as now known."""


async def list_members(
    db: Connection,
    actor: Actor,
    *,
    group_id: UUID,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The members of one group on a day, as was believed on a day, heads first: today's by default."""
    await GROUPS.get(db, actor, group_id)
    filters = {
        "group_id": group_id,
        "as_of": as_of or civil_date(now),
        "known_at": end_of(known_on),
    }
    return await MEMBERS.page(db, actor, page, filters=filters)


async def list_group_history(
    db: Connection, actor: Actor, *, group_id: UUID, page: PageRequest
) -> Page:
    """Who has belonged to a group with which duty from when until when, the earliest first."""
    await GROUPS.get(db, actor, group_id)
    filters = {"group_id": group_id, "known_at": end_of(None)}
    earliest = page if page.sort else replace(page, sort="since")
    return await MEMBERS.page(db, actor, earliest, filters=filters)


async def members_of(
    db: Connection,
    actor: Actor,
    *,
    group_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """Today's members of each of many groups, heads first."""
    return await _TODAYS.pages_of(
        db, actor, col(GroupMember.group_id), group_ids, page, columns=columns
    )


_IS_MEMBER = Statement(
    select(func.count()).where(
        col(GroupMember.group_id) == bindparam("group_id", type_=Uuid),
        col(GroupMember.teacher_id) == bindparam("teacher_id", type_=Uuid),
        holds_on(GroupMember, TODAY),
    )
)


async def check_known(
    db: Connection, actor: Actor, *, teacher_id: UUID, group_id: UUID | None
) -> None:
    """Refuse a teacher whom the actor may not name: not in the actor's place, nor in that group today.

    A group's leader does not see the register, but works with those who belong to the group.
    """
    if group_id is None or not await db.value(_IS_MEMBER, group_id=group_id, teacher_id=teacher_id):
        await TEACHERS.get(db, actor, teacher_id)
