"""A group: its fields, its table with that of its members, its door, and what may be asked of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
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
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    TODAY,
    Dated,
    Placed,
    Table,
    Versioned,
    dated_constraints,
    holds_on,
    holds_once,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.units import Stage, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject
from app.domain.training.groups.kinds import GroupDuty, GroupKind
from app.sql import Connection, Row


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
    closed_on: date | None = None


class GroupMember(Dated, Versioned, Table, table=True):
    """That a teacher belongs to a group, with a duty, from a day on, to the end of a term if it has one."""

    __table_args__ = (
        *dated_constraints(),
        holds_once("group_member", "group_id", "teacher_id"),
        ExcludeConstraint(
            ("group_id", "="), (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_group_member_head_once",
            where=text("superseded_at IS NULL AND duty = 'head'"),
        ),
        Index(
            "uq_group_member_open", "group_id", "teacher_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "teacher_id"),
        Index(None, "change_transaction", "change_sequence"),
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
    closed_on: date | None = Field(
        description="撤销日期 / the day on which it was closed; null while it is open"
    )


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
        "closed": lambda closed: col(ResearchGroup.closed_on).is_not(None) == closed,
    },
    sorts={"name": (col(ResearchGroup.name),), "created": ()},
)


_OPEN = replace(
    GROUPS,
    joined=ResearchGroup.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        (col(Unit.id) == col(ResearchGroup.unit_id)) & col(ResearchGroup.closed_on).is_(None),
    ),
)
"""The same, of open groups alone."""


async def get_group(db: Connection, actor: Actor, *, group_id: UUID, lock: bool = False) -> Row:
    """One group within the actor's reach; a teacher reaches the own groups."""
    return await GROUPS.get(db, actor, group_id, lock=lock)


async def list_groups(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: GroupKind | None = None,
    subject: Subject | None = None,
    closed: bool = False,
) -> Page:
    """The groups that the actor may see, by name unless sorted otherwise: the open ones, or the closed."""
    filters = {"unit_id": unit_id, "kind": kind, "subject": subject, "closed": closed}
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
    """The open groups that each of many schools or bureaux owns, by name."""
    return await _OPEN.pages_of(
        db, actor, col(ResearchGroup.unit_id), unit_ids, page, columns=columns
    )
