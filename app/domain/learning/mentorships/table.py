"""The tables of mentorships: what is agreed about one apprentice, and who mentors them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, Versioned, key, text_enum
from app.domain.people.teachers import Subject, follows_teacher


class MentorshipState(StrEnum):
    """Where a mentorship stands: proposed → active → concluded, or declined, or ended early."""

    PROPOSED = "proposed"
    """待签约"""
    ACTIVE = "active"
    """带教中"""
    CONCLUDED = "concluded"
    """已结业"""
    DECLINED = "declined"
    """已谢绝"""
    ENDED = "ended"
    """提前终止"""


class MentorRole(StrEnum):
    """As what somebody is a mentor (导师身份)."""

    LEAD = "lead"
    """主导师"""
    MEMBER = "member"
    """导师团成员"""
    EXPERT = "expert"
    """外聘专家"""


class MentorshipEnd(StrEnum):
    """Why a mentorship ended before its term (终止原因)."""

    OWN_WISH = "own_wish"
    """双方申请"""
    MOVED = "moved"
    """调动、离岗"""
    NEGLECT = "neglect"
    """未履行协议"""
    CONDUCT = "conduct"
    """违反师德师风"""
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    """撤回提议"""


class MentorshipFields(BaseModel):
    """What is agreed: the aim, the plan, the term."""

    aim: str = Field(min_length=2, max_length=500, description="培养目标 / aim")
    plan: str = Field(min_length=10, max_length=5000, description="带教计划 / plan", sa_type=Text)
    target_subject: Subject | None = Field(
        default=None,
        description="培养的目标学科，不填为本人学科 / subject in which the apprentice is trained;"
        " null: their own",
        sa_type=text_enum(Subject),
    )
    is_probation: bool = Field(
        default=False, description="是否见习期带教 / whether it is that of the probation year"
    )
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date = Field(description="期满日（不含） / end of the term, exclusive")


class Mentorship(MentorshipFields, Placed, Versioned, Table, table=True):
    """The agreement about one apprentice, whom its place follows; arranged by a school or a bureau.

    A master with three apprentices is in three of them; a tutor team is several mentors of one.
    """

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        CheckConstraint(
            "state NOT IN ('active', 'concluded') OR num_nonnulls(signed_at, agreed_at) = 2",
            name="agreed",
        ),
        CheckConstraint(
            "num_nonnulls(ended_on, end_reason)"
            " = CASE WHEN state IN ('ended', 'declined') THEN 2 ELSE 0 END",
            name="ended",
        ),
        CheckConstraint("(end_kind IS NOT NULL) = (state = 'ended')", name="end_kind"),
        CheckConstraint("(concluded_on IS NOT NULL) = (state = 'concluded')", name="concluded"),
        CheckConstraint("is_probation OR parts IS NULL", name="parts"),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    parts: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    """Those of the probation year, as the city's policy had them when it was proposed."""
    state: MentorshipState = Field(sa_type=text_enum(MentorshipState))
    proposed_at: datetime = Field(sa_type=MOMENT)
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    signed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    agreed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    concluded_on: date | None = None
    ended_on: date | None = None
    end_kind: MentorshipEnd | None = Field(default=None, sa_type=text_enum(MentorshipEnd))
    end_reason: str | None = Field(default=None, max_length=500)


class Mentor(Versioned, Table, table=True):
    """One mentor of a mentorship: a teacher, or an outside expert of a library of trainers."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(teacher_id, trainer_id) = 1", name="one_person"),
        CheckConstraint("(role = 'expert') = (trainer_id IS NOT NULL)", name="expert"),
        UniqueConstraint("mentorship_id", "teacher_id"),
        UniqueConstraint("mentorship_id", "trainer_id"),
        UniqueConstraint("id", "mentorship_id"),
        Index(
            "uq_mentor_one_lead", "mentorship_id", unique=True,
            postgresql_where=text("role = 'lead'"),
        ),
        Index(None, "teacher_id"),
        Index(None, "trainer_id"),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    mentorship_id: UUID = Field(foreign_key="mentorship.id", sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    trainer_id: UUID | None = Field(default=None, foreign_key="trainer.id", sa_type=Uuid)
    role: MentorRole = Field(sa_type=text_enum(MentorRole))
    signed_at: datetime | None = Field(default=None, sa_type=MOMENT)
