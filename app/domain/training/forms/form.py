"""A form of activities (活动样式): what it declares of itself, its table, its door, its reads.

A kind is the closed word that rules of credit ask about; a form says more closely what is done: its
steps, who carries it, what has to be left as evidence. A city writes its forms itself, version by
version. A version is never changed: what was held by it keeps it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, any_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
    StaffRole,
)
from app.sql import Connection, Row

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
"""A stable word of the vocabulary, the same in every version."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class EvidencePer(StrEnum):
    """Of what each piece of evidence is asked for (按何计)."""

    PARTICIPANT = "participant"
    """每名参训者"""
    ACTIVITY = "activity"
    """每次活动"""
    SESSION = "session"
    """每个场次"""


class _Part(BaseModel):
    """A part of a form: nothing unknown in it, text trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FormStep(_Part):
    """A step of a form; sessions say which step they carry out."""

    code: Code = Field(description="环节代码 / code")
    zh: Words = Field(description="中文名称 / name in Chinese")
    en: Words = Field(description="英文名称 / name in English")
    required: bool = Field(
        default=True, description="发布前须有场次承担 / whether a session has to carry it out"
    )


class FormEvidence(_Part):
    """What has to be left as evidence, of what each, and how many."""

    kind: EvidenceKind = Field(description="佐证材料类型 / kind")
    per: EvidencePer = Field(description="按何计 / of what each")
    at_least: int = Field(default=1, ge=1, le=100, description="至少份数 / at least so many")
    step: Code | None = Field(
        default=None, description="所属环节，不限时为空 / of which step; null for the whole"
    )


class FormSource(_Part):
    """Where the form is named: the document, the place in it, and the words where they help."""

    document: str = Field(min_length=1, max_length=300, description="文件 / document")
    article: str = Field(min_length=1, max_length=100, description="条款 / article or place")
    quote: str | None = Field(default=None, max_length=1000, description="原文 / the words")


class FormFields(BaseModel):
    """What a form declares. Where modes, channels or content name nothing, all are allowed."""

    code: Code = Field(description="样式代码，各版本相同 / code, the same in every version")
    name_zh: Words = Field(description="中文名称 / name in Chinese")
    name_en: Words = Field(description="英文名称 / name in English")
    kind: ActivityKind = Field(
        description="活动形式 / the kind of which it is", sa_type=text_enum(ActivityKind)
    )
    steps: list[FormStep] = Field(
        default_factory=list, max_length=20, description="环节，按先后 / steps", sa_type=JSONB
    )
    roles: list[StaffRole] = Field(
        default_factory=list,
        max_length=len(StaffRole),
        description="由何人承担 / as what people carry it",
        sa_type=JSONB,
    )
    evidence: list[FormEvidence] = Field(
        default_factory=list,
        max_length=20,
        description="须留存的佐证材料 / evidence asked for",
        sa_type=JSONB,
    )
    modes: list[ActivityMode] = Field(
        default_factory=list,
        max_length=len(ActivityMode),
        description="适用的研修方式，空为不限 / modes allowed; none: all",
        sa_type=JSONB,
    )
    channels: list[ActivityChannel] = Field(
        default_factory=list,
        max_length=len(ActivityChannel),
        description="适用的培训渠道，空为不限 / channels allowed; none: all",
        sa_type=JSONB,
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="所属研修内容，至少含其一；空为不限 / content, of which it has one; none: all",
        sa_type=JSONB,
    )
    sources: list[FormSource] = Field(
        min_length=1, max_length=10, description="依据 / where it is named", sa_type=JSONB
    )


class ActivityForm(FormFields, Placed, Table, table=True):
    """One version of a city's form; nothing but its end is ever changed."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "code", "version"),
        UniqueConstraint("id", "kind"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("ended_at >= published_at", name="ends_after_it_begins"),
        Index(
            "uq_activity_form_in_force", "unit_id", "code", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    version: int
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)


class FormView(FormFields):
    """A version of a form as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属市 / the city whose form it is")
    version: int = Field(description="版本，从 1 起 / version, from 1")
    published_at: datetime = Field(description="发布时间 / when it was published")
    ended_at: datetime | None = Field(
        description="停用或被新版本取代的时间 / when it was retired or succeeded; null while in force"
    )


# What can be refused.


class FormNotFound(NotFound):
    """There is no such form for the one who asks."""

    code = "form_not_found"
    zh = "未找到该活动样式。"
    en = "There is no such form of activities."


# What may be asked.

FORMS = Door(
    table=ActivityForm,
    view=FormView,
    read=Permission.ACTIVITY_READ,
    missing=FormNotFound,
    audience=lambda audience: col(ActivityForm.unit_id) == any_(audience),
    filters={
        "kind": col(ActivityForm.kind),
        "code": col(ActivityForm.code),
        "in_force": lambda wanted: col(ActivityForm.ended_at).is_(None) == wanted,
    },
    sorts={
        "code": (col(ActivityForm.code), col(ActivityForm.version)),
        "created": (),
    },
)
"""A city's forms are known to everyone in it."""


async def get_form(db: Connection, actor: Actor, *, form_id: UUID) -> Row:
    """One version of a form of the actor's city."""
    return await FORMS.get(db, actor, form_id)


async def list_forms(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: ActivityKind | None = None,
    code: str | None = None,
    in_force: bool | None = None,
) -> Page:
    """The forms of the actor's city in all their versions, by code unless sorted otherwise."""
    filters = {"kind": kind, "code": code, "in_force": in_force}
    return await FORMS.page(db, actor, page, filters=filters, published=True)


async def forms_by_id(
    db: Connection, actor: Actor, *, form_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many versions of forms by their keys; None where the actor may not see one."""
    return await FORMS.by_id(db, actor, form_ids, columns=columns)
