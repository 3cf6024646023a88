"""Research groups (教研组): teachers who study together, owned by a school or by a bureau.

Membership is a dated fact: who belonged to a group on a day can still be told later. A group's
account of the role `group_leader` reads the members in a narrow view and organises the group's
activities; the duty of a member is what the group knows of it, and permits nothing by itself.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Computed,
    Index,
    Select,
    UniqueConstraint,
    Uuid,
    any_,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Dated,
    Placed,
    Table,
    Versioned,
    dated_constraints,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.units import Level, Stage, hold_unit
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import TODAY, holds_on
from app.domain.people.teachers import Subject
from app.sql import Connection, Row, new_id


class GroupKind(StrEnum):
    """What a group is for (类型)."""

    TEACHING_RESEARCH = "teaching_research"
    """教研组"""
    LESSON_PLANNING = "lesson_planning"
    """备课组"""
    GRADE = "grade"
    """年级组"""
    THEME = "theme"
    """专题组"""
    PROJECT = "project"
    """项目组"""
    CROSS_SCHOOL = "cross_school"
    """校际组"""


class GroupDuty(StrEnum):
    """What a member is within the group (职责): its head (组长) or a member (组员)."""

    HEAD = "head"
    MEMBER = "member"


class GroupFields(BaseModel):
    """What a group is called and what it is for."""

    name: str = Field(min_length=1, max_length=100, description="名称 / name")
    kind: GroupKind = Field(description="类型 / kind", sa_type=text_enum(GroupKind))
    stage: Stage | None = Field(
        default=None, description="学段，不限时为空 / stage, null for all", sa_type=text_enum(Stage)
    )
    subject: Subject | None = Field(
        default=None,
        description="学科，不限时为空 / subject, null for all",
        sa_type=text_enum(Subject),
    )


class ResearchGroup(GroupFields, Placed, Versioned, Table, table=True):
    """A group, placed by the school or the bureau that owns it."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("id", "unit_id"),
        Index(None, "unit_id", "name", "id"),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    """The owner: the school, or the bureau where there is none."""


class GroupMember(Dated, Table, table=True):
    """That a teacher belongs to a group from a day on."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_group_member_open", "group_id", "teacher_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "teacher_id"),
    )  # fmt: skip

    id: UUID = key()
    group_id: UUID = Field(foreign_key="research_group.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    duty: GroupDuty = Field(sa_type=text_enum(GroupDuty))


class GroupView(GroupFields):
    """A group as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / owner: a school or a bureau")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's group")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")


class NewGroup(GroupFields, Command):
    """A group to be set up in a school or a bureau."""

    unit_id: UUID = Field(description="所属单位 / owner: a school or a bureau")


# What can be refused.


class GroupNotFound(NotFound):
    """There is no such group for the one who asks."""

    code = "group_not_found"
    zh = "未找到该教研组。"
    en = "There is no such group."


# What may be asked.

_Own = aliased(GroupMember)


def groups_with(teacher_ids: Any) -> Select[Any]:
    """The keys of the groups to which one of these teachers belongs today."""
    return select(col(_Own.group_id)).where(
        col(_Own.teacher_id) == any_(teacher_ids), holds_on(_Own, TODAY)
    )


def _is_own(teacher_ids: Any) -> ColumnElement[bool]:
    return col(ResearchGroup.id).in_(groups_with(teacher_ids))


GROUP_PLACES = {"group_id": col(ResearchGroup.id), "teacher_id": _is_own}
"""What places a group beside its unit: itself, for its leaders, and its members."""

GROUPS = Door(
    table=ResearchGroup,
    view=GroupView,
    read=Permission.GROUP_READ,
    missing=GroupNotFound,
    places=GROUP_PLACES,
    filters={
        "unit_id": col(ResearchGroup.unit_id),
        "kind": col(ResearchGroup.kind),
        "subject": col(ResearchGroup.subject),
    },
    sorts={"name": (col(ResearchGroup.name),), "created": ()},
)


async def get_group(db: Connection, actor: Actor, *, group_id: UUID) -> Row:
    """One group within the actor's reach; a teacher reaches the own groups."""
    return await GROUPS.get(db, actor, group_id)


async def list_groups(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: GroupKind | None = None,
    subject: Subject | None = None,
) -> Page:
    """The groups that the actor may see, by name unless sorted otherwise."""
    filters = {"unit_id": unit_id, "kind": kind, "subject": subject}
    return await GROUPS.page(db, actor, page, filters=filters)


async def groups_by_id(
    db: Connection, actor: Actor, *, group_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many groups by their keys; None where the actor may not see one."""
    return await GROUPS.by_id(db, actor, group_ids, columns=columns)


async def groups_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The groups that each of many schools or bureaux owns, by name."""
    return await GROUPS.pages_of(
        db, actor, col(ResearchGroup.unit_id), unit_ids, page, columns=columns
    )


# What may be done.


async def create_group(db: Connection, actor: Actor, *, new: NewGroup) -> Row:
    """Set up a group in a school or a bureau that the actor administers."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.GROUP_WRITE)
    group_id = new_id()
    row = {
        "id": group_id,
        **new.model_dump(include=set(GroupFields.model_fields)),
        "city_id": unit["city_id"],
        "county_id": unit["county_id"],
        "school_id": new.unit_id if unit["level"] == Level.SCHOOL else None,
    }
    await db.insert(ResearchGroup, row)
    return await GROUPS.get(db, actor, group_id)
