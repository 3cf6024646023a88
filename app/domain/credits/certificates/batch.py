"""A batch of certificates (发证批次): who is proposed, by whom, and what became of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row


class CertificateKind(StrEnum):
    """What a certificate is for (证书类型)."""

    CYCLE = "cycle"
    """周期合格"""
    ACTIVITY = "activity"
    """单项培训结业"""


class CertificateBatchState(StrEnum):
    """How far a batch has come (批次状态)."""

    SUBMITTED = "submitted"
    """待审批"""
    APPROVED = "approved"
    """已批准并发证"""
    RETURNED = "returned"
    """已退回"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class CertificateOmission(StrEnum):
    """Why somebody who was proposed got no certificate (未发证原因)."""

    NOT_QUALIFIED = "not_qualified"
    """审批时不再符合条件"""
    HAS_CERTIFICATE = "has_certificate"
    """已有有效证书"""


class AboutFields(BaseModel):
    """What certificates are for, in words."""

    kind: CertificateKind = Field(
        description="证书类型 / what it is for", sa_type=text_enum(CertificateKind)
    )
    subject: str = Field(
        max_length=200, description="依据的规则或培训名称 / title of the rules, or of the activity"
    )
    cycle_start: date | None = Field(description="周期首日 / first day of the cycle")
    cycle_end: date | None = Field(description="周期末日 / last day of the cycle")


class SubjectFields(AboutFields):
    """What certificates are for: a cycle under a pack, or an activity."""

    pack_id: str | None = Field(description="规则包 / pack", max_length=80)
    pack_version: int | None = Field(description="规则包版本 / version of the pack")
    activity_id: UUID | None = Field(
        description="培训活动 / activity", foreign_key="activity.id", sa_type=Uuid
    )


def subject_constraints() -> tuple[CheckConstraint, ...]:
    """A cycle has its pack and its days, an activity its key."""
    return (
        CheckConstraint(
            "num_nonnulls(pack_id, pack_version, cycle_start, cycle_end)"
            " = CASE kind WHEN 'cycle' THEN 4 ELSE 0 END",
            name="cycle",
        ),
        CheckConstraint("(kind = 'activity') = (activity_id IS NOT NULL)", name="activity"),
    )


class CertificateBatch(SubjectFields, Placed, Table, table=True):
    """A batch, placed by the unit for which it was drawn up."""

    __table_args__ = (
        *place_constraints(),
        *subject_constraints(),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(state = 'approved') = (issued IS NOT NULL)", name="issued"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "school_id", "id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: CertificateBatchState = Field(sa_type=text_enum(CertificateBatchState))
    candidates: int
    issued: int | None = None
    opinion: str | None = Field(default=None, max_length=500)
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    submitted_at: datetime = Field(sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


class CertificateCandidate(Table, table=True):
    """That somebody is proposed in a batch, and why nothing was issued, where nothing was."""

    __table_args__ = (UniqueConstraint("batch_id", "teacher_id"), Index(None, "teacher_id"))

    id: UUID = key()
    batch_id: UUID = Field(foreign_key="certificate_batch.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    left_out: CertificateOmission | None = Field(
        default=None, sa_type=text_enum(CertificateOmission)
    )


class CertificateBatchView(SubjectFields):
    """A batch as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="申报单位 / unit for which it was drawn up")
    state: CertificateBatchState = Field(description="状态 / state")
    candidates: int = Field(description="申报人数 / people proposed")
    issued: int | None = Field(
        description="发证数，批准前为空 / certificates issued, once approved"
    )
    opinion: str | None = Field(description="审批意见 / opinion")
    submitted_at: datetime = Field(description="申报时间 / when it was submitted")
    decided_at: datetime | None = Field(description="审批或撤回时间 / when it was decided on")


class CertificateCandidateView(BaseModel):
    """Somebody who is proposed in a batch."""

    id: UUID = Field(description="标识 / key")
    batch_id: UUID = Field(description="批次 / batch")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_name: str = Field(description="学校 / school")
    left_out: CertificateOmission | None = Field(
        description="未发证原因，已发或待审批为空 / why nothing was issued, where nothing was"
    )


class NewCertificateBatch(Command):
    """For whom certificates are proposed: for a unit and a cycle, or for an activity."""

    unit_id: UUID | None = Field(
        default=None, description="申报单位（周期证书） / unit, for certificates of a cycle"
    )
    on: date | None = Field(
        default=None, description="周期内任一日，默认今天 / any day of the cycle, today by default"
    )
    activity_id: UUID | None = Field(
        default=None, description="培训活动（结业证书） / activity, for certificates of one"
    )

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.unit_id is None) == (self.activity_id is None):
            raise Unfit("单位与培训活动须填其一。", "Name a unit or an activity, one of the two.")
        if self.on is not None and self.unit_id is None:
            raise Unfit("日期仅用于周期证书。", "A day is for certificates of a cycle alone.")
        return self


class CertificateBatchOpinion(Command):
    """Why a batch is returned."""

    opinion: str = Field(min_length=2, max_length=500, description="退回理由 / why")


# What can be refused.


class CertificateBatchNotFound(NotFound):
    """There is no such batch for the one who asks."""

    code = "certificate_batch_not_found"
    zh = "未找到该发证批次。"
    en = "There is no such batch of certificates."


# What may be asked.

BATCHES = Door(
    table=CertificateBatch,
    view=CertificateBatchView,
    read=Permission.CERTIFICATE_READ,
    missing=CertificateBatchNotFound,
    filters={
        "unit_id": col(CertificateBatch.unit_id),
        "kind": col(CertificateBatch.kind),
        "state": col(CertificateBatch.state),
    },
    sorts={"created": ()},
)
_JOINED: Any = (
    CertificateCandidate.__table__.join(  # type: ignore[attr-defined]
        CertificateBatch.__table__,  # type: ignore[attr-defined]
        col(CertificateCandidate.batch_id) == col(CertificateBatch.id),
    )
    .join(Teacher.__table__, col(CertificateCandidate.teacher_id) == col(Teacher.id))  # type: ignore[attr-defined]
    .join(Unit.__table__, col(Teacher.school_id) == col(Unit.id))  # type: ignore[attr-defined]
)
CANDIDATES = Door(
    table=CertificateCandidate,
    view=CertificateCandidateView,
    read=Permission.CERTIFICATE_READ,
    missing=CertificateBatchNotFound,
    places={name: col(getattr(CertificateBatch, name)) for name in PLACE},
    joined=_JOINED,
    computed={"name": col(Teacher.name), "school_name": col(Unit.name)},
    filters={"batch_id": col(CertificateCandidate.batch_id)},
    sorts={"name": (col(Teacher.name),), "created": ()},
)


async def get_certificate_batch(db: Connection, actor: Actor, *, batch_id: UUID) -> Row:
    """One batch."""
    return await BATCHES.get(db, actor, batch_id)


async def list_certificate_batches(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: CertificateKind | None = None,
    state: CertificateBatchState | None = None,
) -> Page:
    """The batches in the actor's place."""
    filters = {"unit_id": unit_id, "kind": kind, "state": state}
    return await BATCHES.page(db, actor, page, filters=filters)


async def list_certificate_candidates(
    db: Connection, actor: Actor, *, batch_id: UUID, page: PageRequest
) -> Page:
    """Who is proposed in a batch, by name."""
    await BATCHES.get(db, actor, batch_id)
    return await CANDIDATES.page(db, actor, page, filters={"batch_id": batch_id})
