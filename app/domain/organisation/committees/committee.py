"""A committee: its tables, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Uuid,
    any_,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    in_force,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class CommitteeKind(StrEnum):
    """What a committee is (类型)."""

    LEADING_GROUP = "leading_group"
    """领导小组"""
    WORKING_GROUP = "working_group"
    """工作小组、工作指导小组"""
    EXPERT_COMMITTEE = "expert_committee"
    """专家指导委员会"""


class Concern(StrEnum):
    """What a committee is concerned with (工作领域)."""

    TRAINING = "training"
    """校本培训、继续教育"""
    RESEARCH = "research"
    """校本研修、教研"""
    STAFFING = "staffing"
    """师资队伍建设"""
    CURRICULUM_REFORM = "curriculum_reform"
    """课程与教学改革"""
    OTHER = "other"


class CommitteeFields(BaseModel):
    """What a committee is called, what it is, what it is charged with and by which document."""

    name: str = Field(min_length=2, max_length=100, description="名称 / name")
    kind: CommitteeKind = Field(description="类型 / kind", sa_type=text_enum(CommitteeKind))
    concern: Concern = Field(
        description="工作领域 / what it is concerned with", sa_type=text_enum(Concern)
    )
    mandate: str | None = Field(
        default=None, max_length=1000, description="职责任务 / what it is charged with"
    )
    document: str | None = Field(
        default=None, max_length=100, description="成立文件文号 / document that set it up"
    )


class Committee(CommitteeFields, Placed, Table, table=True):
    """A committee, placed by the unit to which it belongs.

    A unit may have two leading groups at once, of different concerns; of one concern it has one.
    """

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        CheckConstraint(
            "school_id IS NULL OR kind <> 'expert_committee'", name="experts_are_a_bureaus"
        ),
        ExcludeConstraint(
            ("unit_id", "="), ("concern", "="), (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_committee_one_leading_group", where=text("kind = 'leading_group'"),
        ),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
        Index(None, "unit_id", "name", "id"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class CommitteeDuty(StrEnum):
    """In which duty somebody sits in a committee (职务)."""

    CHAIR = "chair"
    """组长、主任"""
    DEPUTY = "deputy"
    """副组长、副主任"""
    MANAGING_DIRECTOR = "managing_director"
    """常务理事、常务委员"""
    MEMBER = "member"
    """成员、委员"""
    SECRETARY = "secretary"
    """秘书"""


class CommitteeMemberFields(BaseModel):
    """Who sits in a committee: a teacher, an account or an outside expert, and by virtue of which post.

    A seat may go with a post (以局长为组长); it is then kept for whoever holds the post, named or not.
    """

    duty: CommitteeDuty = Field(description="职务 / duty", sa_type=text_enum(CommitteeDuty))
    post: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="依何职务参加，如教研室主任 / the post with which the seat goes",
    )
    teacher_id: UUID | None = Field(
        default=None, description="教师 / teacher", foreign_key="teacher.id", sa_type=Uuid
    )
    account_id: UUID | None = Field(
        default=None, description="账号 / account", foreign_key="account.id", sa_type=Uuid
    )
    expert_name: str | None = Field(
        default=None, min_length=1, max_length=60, description="外聘专家姓名 / outside expert"
    )
    expert_unit: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="外聘专家所在单位 / where the outside expert is from",
    )


class CommitteeMember(CommitteeMemberFields, Dated, Table, table=True):
    """That somebody sits in a committee from a day on; a committee has one chair at a time."""

    __table_args__ = (
        *dated_constraints(),
        CheckConstraint("num_nonnulls(teacher_id, account_id, expert_name) <= 1", name="one_person"),
        CheckConstraint(
            "num_nonnulls(teacher_id, account_id, expert_name, post) >= 1", name="somebody"
        ),
        CheckConstraint(
            "expert_unit IS NULL OR expert_name IS NOT NULL", name="expert_has_a_name"
        ),
        *(
            ExcludeConstraint(
                ("committee_id", "="), *same, (text("daterange(valid_from, valid_to)"), "&&"),
                name=f"ex_committee_member_{name}", where=text(f"superseded_at IS NULL AND {which}"),
            )
            for name, same, which in (
                ("one_chair", (), "duty = 'chair'"),
                ("teacher_once", (("teacher_id", "="),), "teacher_id IS NOT NULL"),
                ("account_once", (("account_id", "="),), "account_id IS NOT NULL"),
            )
        ),
        Index(None, "committee_id", "valid_from"),
        Index(None, "teacher_id"),
    )  # fmt: skip

    id: UUID = key()
    committee_id: UUID = Field(foreign_key="committee.id", sa_type=Uuid)


class CommitteeView(CommitteeFields):
    """A committee as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    valid_from: date = Field(description="成立日期 / first day")
    valid_to: date | None = Field(
        description="届满或撤销日期（不含） / first day after its term; null where none is set"
    )


# What can be refused.


class CommitteeNotFound(NotFound):
    """There is no such committee for the one who asks."""

    code = "committee_not_found"
    zh = "未找到该委员会或领导小组。"
    en = "There is no such committee."


# What may be asked.


def is_known(audience: Any) -> ColumnElement[bool]:
    """The predicate 'it belongs to a unit at or above one of the actor's'."""
    return col(Committee.unit_id) == any_(audience)


COMMITTEES = Door(
    table=Committee,
    view=CommitteeView,
    read=Permission.UNIT_READ,
    missing=CommitteeNotFound,
    audience=is_known,
    filters={
        "unit_id": col(Committee.unit_id),
        "kind": col(Committee.kind),
        "concern": col(Committee.concern),
        "as_of": lambda day: in_force(Committee, day),
    },
    sorts={"name": (col(Committee.name),), "created": ()},
)
"""A committee is known to all below its owner."""


async def get_committee(db: Connection, actor: Actor, *, committee_id: UUID) -> Row:
    """One committee in the actor's place, or of a unit above it."""
    return await COMMITTEES.get(db, actor, committee_id)


async def list_committees(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    unit_id: UUID | None = None,
    kind: CommitteeKind | None = None,
    concern: Concern | None = None,
) -> Page:
    """The committees that there were on a day in the actor's place, by name."""
    filters = {
        "unit_id": unit_id, "kind": kind, "concern": concern, "as_of": as_of or civil_date(now),
    }  # fmt: skip
    return await COMMITTEES.page(db, actor, page, filters=filters)


async def committees_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """All committees that many units have or had, by name."""
    return await COMMITTEES.rows_of(db, actor, col(Committee.unit_id), unit_ids, columns=columns)


async def committees_by_id(
    db: Connection, actor: Actor, *, committee_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many committees by their keys; None where the actor may not see one."""
    return await COMMITTEES.by_id(db, actor, committee_ids, columns=columns)
