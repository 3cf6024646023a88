"""The tables of claims: the claim with what the rules ask about it, and the pieces of evidence."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    Index,
    String,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import AMOUNT, MOMENT, Placed, Table, Versioned, key, text_enum
from app.domain.credits.packs.procedure import ReviewStage
from app.domain.people.teachers import follows_teacher

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=40)]

CivilDay = Annotated[date, Limits(ge=date(1980, 1, 1), le=date(2200, 1, 1))]


class ClaimKind(StrEnum):
    """What is claimed (申报类别); the values are those of entries."""

    DECLARATION = "earn"
    """自主申报：校外培训、成果"""
    CONVERSION = "convert"
    """折算"""
    OFFSET = "offset"
    """冲抵"""
    EXEMPTION = "exempt"
    """免修"""


class ClaimState(StrEnum):
    """What has become of a claim (状态)."""

    DRAFT = "draft"
    """草稿"""
    SUBMITTED = "submitted"
    """审核中"""
    RETURNED = "returned"
    """已退回，待修改"""
    APPROVED = "approved"
    """审核通过，待公示"""
    PUBLISHED = "published"
    """公示中"""
    ENTERED = "entered"
    """已入账"""
    REJECTED = "rejected"
    """不予认定"""
    APPEALED = "appealed"
    """申诉中"""
    WITHDRAWN = "withdrawn"
    """已撤回"""
    LAPSED = "lapsed"
    """学年关账后失效"""


OPEN = (
    ClaimState.SUBMITTED, ClaimState.RETURNED, ClaimState.APPROVED, ClaimState.PUBLISHED,
    ClaimState.APPEALED,
)  # fmt: skip
"""The states in which a claim may yet be entered."""

MOST_HOURS = 1000
"""Of one claim: as many as an entry may be corrected to, or another authority may certify in a line."""
_hours: Any = Field(
    default=Decimal("0.00"), ge=0, max_digits=8, decimal_places=2, sa_type=AMOUNT,
    description="学时，按定额认定的可不填 / hours; none where the pack gives a fixed amount",
)  # fmt: skip


def _code(description: str) -> Any:
    return Field(default=None, description=description, sa_type=String(40))


class ClaimFields(BaseModel):
    """What is claimed, and what the rules of credit ask about it."""

    kind: ClaimKind = Field(description="申报类别 / what is claimed", sa_type=text_enum(ClaimKind))
    title: str = Field(min_length=2, max_length=200, description="名称 / title of it")
    organiser: str = Field(
        min_length=2, max_length=200, description="举办、颁发或发表单位 / who held or issued it"
    )
    earned_on: CivilDay = Field(
        description="取得日期 / civil date on which it was earned", sa_type=Date
    )
    hours: Decimal = _hours
    level: Code | None = _code("层级：school、county、city、province、national / level")
    activity_kind: Code | None = _code("活动类型 / kind of activity")
    mode: Code | None = _code("培训方式 / mode")
    role: Code | None = _code("参与身份 / role in it")
    channel: Code | None = _code("培训途径 / channel")
    content: list[Code] = Field(
        default_factory=list, max_length=20, description="内容标签 / content", sa_type=ARRAY(Text)
    )
    source_kind: Code = Field(
        default="claim",
        description="来源类型，如 degree、prize / kind of source, as the pack names it",
        sa_type=String(40),
    )
    certificate_number: str | None = Field(
        default=None, min_length=1, max_length=100, description="证书编号 / number of certificate"
    )
    outside_training_id: UUID | None = Field(
        default=None,
        description="所依据的校外培训记录，须经学校核实 / outside training that the school confirmed",
        foreign_key="outside_training.id",
        sa_type=Uuid,
    )
    remark: str | None = Field(
        default=None, min_length=2, max_length=2000, description="说明 / in words"
    )


class Claim(ClaimFields, Placed, Versioned, Table, table=True):
    """One claim of one teacher, placed by the teacher.

    `version` rises with every step: who decides says which one was read. `stage` is where the claim
    waits, or where it was decided last. What the pack gives is stored as it was at the last step.
    """

    __tablename__ = "credit_claim"

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("(state = 'entered') = (entry_id IS NOT NULL)", name="entered"),
        CheckConstraint("state IN ('draft', 'withdrawn') OR round >= 1", name="submitted"),
        CheckConstraint(
            "state NOT IN ('submitted', 'appealed') OR (stage IS NOT NULL AND due_on IS NOT NULL)",
            name="waits_somewhere",
        ),
        Index("uq_credit_claim_entry_id", "entry_id", unique=True),
        Index(None, "teacher_id", "id"),
        Index(None, "school_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "city_id", "id"),
        Index(None, "publication_id", postgresql_where=text("publication_id IS NOT NULL")),
        Index(None, "certificate_key", postgresql_where=text("certificate_key IS NOT NULL")),
        Index(
            "ix_credit_claim_waiting", "county_id", "due_on",
            postgresql_where=text("state IN ('submitted', 'appealed', 'approved')"),
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    title_key: str = Field(max_length=200)
    certificate_key: str | None = Field(default=None, max_length=100)
    state: ClaimState = Field(sa_type=text_enum(ClaimState))
    stage: ReviewStage | None = Field(default=None, sa_type=text_enum(ReviewStage))
    version: int
    round: int
    drafted_at: datetime = Field(sa_type=MOMENT)
    since: datetime = Field(sa_type=MOMENT)
    due_on: date | None = None
    awarded_hours: Decimal | None = Field(default=None, sa_type=AMOUNT)
    awarded_credits: Decimal | None = Field(default=None, sa_type=AMOUNT)
    rule_id: str | None = Field(default=None, max_length=80)
    pack_id: str | None = Field(default=None, max_length=80)
    pack_version: int | None = None
    appealed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    entry_id: UUID | None = Field(default=None, foreign_key="credit_entry.id", sa_type=Uuid)
    publication_id: UUID | None = Field(
        default=None, foreign_key="claim_publication.id", sa_type=Uuid
    )


class ClaimEvidenceFields(BaseModel):
    """What shows what is claimed."""

    kind: Code = Field(
        description="材料类型，如 certificate、paper / kind of evidence", sa_type=String(40)
    )
    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    text: str | None = Field(
        default=None, min_length=2, max_length=5000, description="文字内容 / in words", sa_type=Text
    )
    file_id: UUID | None = Field(default=None, description="文件 / file", sa_type=Uuid)


class ClaimEvidence(ClaimEvidenceFields, Table, table=True):
    """One piece of evidence of a claim; the claimant replaces it while the claim can be amended."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(text, file_id) >= 1", name="shows_something"),
        Index(None, "claim_id", "id"),
        Index(None, "file_id"),
    )

    id: UUID = key()
    claim_id: UUID = Field(foreign_key="credit_claim.id", sa_type=Uuid)
    file_id: UUID | None = Field(default=None, foreign_key="file.id", sa_type=Uuid)
