"""A trainer in a library: the fields, the table, the door, what may be asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Text,
    Uuid,
    and_,
    any_,
    func,
    text,
)
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.organisation.units import Stage, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Subject, Teacher
from app.domain.training.vocabulary import ActivityContent
from app.sql import Connection, Row


class TrainerEngagement(StrEnum):
    """Whether training others is all that a trainer does (专兼结合, S2 one 2 (3))."""

    FULL_TIME = "full_time"
    """专职"""
    PART_TIME = "part_time"
    """兼职"""


class TrainerState(StrEnum):
    """Where somebody stands in a library: invited → accepted → left, or declined."""

    INVITED = "invited"
    """已邀请"""
    ACCEPTED = "accepted"
    """在库"""
    DECLINED = "declined"
    """已谢绝"""
    LEFT = "left"
    """已退出"""


class TrainerExit(StrEnum):
    """Why somebody left a library (退出原因)."""

    TERM_ENDED = "term_ended"
    """聘期届满"""
    OWN_WISH = "own_wish"
    """本人申请"""
    ASSESSMENT = "assessment"
    """考核不合格"""
    QUALIFICATION = "qualification"
    """资质失效"""
    MOVED = "moved"
    """调离、退休"""
    CONDUCT = "conduct"
    """违反师德师风"""
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    """邀请撤回"""


class TrainerFields(BaseModel):
    """For what a trainer is kept, and by which qualification."""

    engagement: TrainerEngagement = Field(
        description="专职或兼职 / full-time or part-time", sa_type=text_enum(TrainerEngagement)
    )
    stages: list[Stage] = Field(
        min_length=1, max_length=len(Stage), description="学段 / stages", sa_type=ARRAY(Text)
    )
    subjects: list[Subject] = Field(
        min_length=1, max_length=len(Subject), description="学科 / subjects", sa_type=ARRAY(Text)
    )
    contents: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="擅长的研修内容 / what they train in",
        sa_type=ARRAY(Text),
    )
    qualification: str = Field(
        min_length=2, max_length=500, description="资质与依据 / qualification, and by what"
    )
    qualified_until: date | None = Field(
        default=None, description="资质有效期至（含当日） / last day of it, where that ends"
    )


class Trainer(TrainerFields, Placed, Versioned, Table, table=True):
    """Somebody in the library of a bureau or a school: a teacher by key, or an outside expert by name.

    Whoever comes back after leaving is entered anew, so that each stay has its first and last day.
    """

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("num_nonnulls(teacher_id, outside_name) = 1", name="one_person"),
        CheckConstraint("(outside_name IS NULL) = (outside_unit IS NULL)", name="outside"),
        CheckConstraint("provider_id IS NULL OR outside_name IS NOT NULL", name="provider"),
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered"),
        CheckConstraint(
            "(state IN ('accepted', 'left')) = (entered_on IS NOT NULL)"
            " OR exit_kind = 'invitation_withdrawn'",
            name="entered",
        ),
        CheckConstraint(
            "num_nonnulls(left_on, exit_kind, left_by)"
            " = CASE WHEN state = 'left' THEN 3 ELSE 0 END",
            name="left",
        ),
        *(
            Index(
                f"uq_trainer_{name}", "unit_id", *columns, unique=True,
                postgresql_where=text(
                    f"state IN ('invited', 'accepted') AND {columns[0]} IS NOT NULL"
                ),
            )
            for name, columns in (
                ("teacher", ("teacher_id",)),
                ("outside", ("outside_name", "outside_unit")),
            )
        ),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
        Index(None, "unit_id", "state", "id"), Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    outside_name: str | None = Field(default=None, max_length=60)
    outside_unit: str | None = Field(default=None, max_length=100)
    provider_id: UUID | None = Field(default=None, foreign_key="provider.id", sa_type=Uuid)
    state: TrainerState = Field(sa_type=text_enum(TrainerState))
    invited_at: datetime = Field(sa_type=MOMENT)
    invited_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answer: str | None = Field(default=None, max_length=500)
    entered_on: date | None = None
    left_on: date | None = None
    exit_kind: TrainerExit | None = Field(default=None, sa_type=text_enum(TrainerExit))
    exit_reason: str | None = Field(default=None, max_length=500)
    left_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class TrainerView(TrainerFields):
    """A trainer as the library shows one to all below its owner: who, for what, since when."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="导师库所属单位 / unit whose library it is")
    teacher_id: UUID | None = Field(
        description="教师，库外专家为空 / teacher; null for an outside expert"
    )
    name: PersonName = Field(description="姓名 / name")
    works_at: str = Field(description="所在单位 / where they work")
    is_external: bool = Field(
        description="是否外聘（非教师名册人员） / whether from outside the register"
    )
    provider_id: UUID | None = Field(description="所属培训机构 / provider they are of, if any")
    state: TrainerState = Field(description="状态 / state")
    invited_at: datetime = Field(description="邀请时间 / when they were invited")
    answered_at: datetime | None = Field(description="答复时间 / when they answered")
    answer: str | None = Field(description="答复说明 / what they said")
    entered_on: date | None = Field(description="入库日期 / first day in the library")
    left_on: date | None = Field(description="退出日期 / first day no longer in it")
    exit_kind: TrainerExit | None = Field(description="退出原因 / why they left")
    exit_reason: str | None = Field(description="退出说明 / the reason in words")


# What can be refused.


class TrainerNotFound(NotFound):
    """There is no such trainer for the one who asks."""

    code = "trainer_not_found"
    zh = "未找到该导师。"
    en = "There is no such trainer."


# What may be asked.


def is_known(audience: Any) -> ColumnElement[bool]:
    """The predicate 'they are, and not were, in the library of a unit at or above the actor's'."""
    return and_(_TRAINERS.c.unit_id == any_(audience), _TRAINERS.c.state == TrainerState.ACCEPTED)


_TRAINERS, _TEACHERS, _UNITS = (each.__table__ for each in (Trainer, Teacher, Unit))  # type: ignore[union-attr]

PERSON = {
    "name": func.coalesce(_TEACHERS.c.name, _TRAINERS.c.outside_name),
    "works_at": func.coalesce(_UNITS.c.name, _TRAINERS.c.outside_unit),
    "is_external": _TRAINERS.c.teacher_id.is_(None),
}
"""Who a trainer is, from the register or by name."""

WITH_PERSON = _TRAINERS.outerjoin(_TEACHERS, _TRAINERS.c.teacher_id == _TEACHERS.c.id).outerjoin(
    _UNITS, _TEACHERS.c.school_id == _UNITS.c.id
)
TRAINER_PLACES = {
    **{name: _TRAINERS.c[name] for name in PLACE},
    "teacher_id": _TRAINERS.c.teacher_id,
}
"""What places a trainer, and all that is kept of one."""

TRAINERS = Door(
    table=Trainer,
    view=TrainerView,
    read=Permission.TRAINER_READ,
    missing=TrainerNotFound,
    places=TRAINER_PLACES,
    audience=is_known,
    computed=PERSON,
    joined=WITH_PERSON,
    filters={
        "unit_id": _TRAINERS.c.unit_id,
        "teacher_id": _TRAINERS.c.teacher_id,
        "state": _TRAINERS.c.state,
        "engagement": _TRAINERS.c.engagement,
        "is_external": lambda wanted: _TRAINERS.c.teacher_id.is_(None) == wanted,
        **{
            name: lambda given, several=_TRAINERS.c[f"{name}s"]: given == any_(several)
            for name in ("stage", "subject", "content")
        },
    },
    sorts={"name": (PERSON["name"],), "created": ()},
    confided=frozenset({"answer"}),
)
"""Who is in a library is known to all below its owner; who declined or left, and what they said, is not."""
KEPT = replace(TRAINERS, audience=None)
"""The same for what is not published with a library: those who keep it, and who is in it."""


async def get_trainer(db: Connection, actor: Actor, *, trainer_id: UUID, lock: bool = False) -> Row:
    """One trainer: oneself, of the actor's place, or of a library above it."""
    return await TRAINERS.get(db, actor, trainer_id, lock=lock)


async def list_trainers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    teacher_id: UUID | None = None,
    state: TrainerState | None = None,
    engagement: TrainerEngagement | None = None,
    stage: Stage | None = None,
    subject: Subject | None = None,
    content: ActivityContent | None = None,
    is_external: bool | None = None,
) -> Page:
    """The trainers of the libraries in the actor's place, and oneself as one, by name."""
    filters = {
        "unit_id": unit_id, "teacher_id": teacher_id, "state": state, "engagement": engagement,
        "stage": stage, "subject": subject, "content": content, "is_external": is_external,
    }  # fmt: skip
    return await TRAINERS.page(db, actor, page, filters=filters)


async def list_known_trainers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    stage: Stage | None = None,
    subject: Subject | None = None,
    content: ActivityContent | None = None,
) -> Page:
    """The trainers on whom the actor's school or bureau may call today: of its own library and above."""
    filters = {
        "state": TrainerState.ACCEPTED, "stage": stage, "subject": subject, "content": content,
    }  # fmt: skip
    return await TRAINERS.page(db, actor, page, filters=filters, published=True)


async def trainers_by_id(
    db: Connection, actor: Actor, *, trainer_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many trainers by their keys; None where the actor may not see one."""
    return await TRAINERS.by_id(db, actor, trainer_ids, columns=columns)
