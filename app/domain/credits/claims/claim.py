"""A claim (学分申报): how it is shown and handed in, who sees it, and what may be asked."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    any_,
    case,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.credits.claims.table import (
    MOST_HOURS,
    Claim,
    ClaimEvidence,
    ClaimEvidenceFields,
    ClaimFields,
    ClaimKind,
    ClaimState,
)
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.packs.procedure import ReviewStage
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row


class ClaimEvidenceView(ClaimEvidenceFields):
    """A piece of evidence as it is shown with its claim."""

    id: UUID = Field(description="标识 / key")


class ClaimView(ClaimFields):
    """A claim as the claimant and the reviewers see it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    state: ClaimState = Field(description="状态 / state")
    stage: ReviewStage | None = Field(
        description="所在或最后审核层级 / place at which it waits, or was decided last"
    )
    unit_id: UUID | None = Field(description="待审核单位 / unit at which it waits")
    version: int = Field(description="版本号，随每个环节递增 / version, raised by every step")
    since: datetime = Field(description="进入当前状态的时间 / since when it is in this state")
    due_on: date | None = Field(description="应审核日期 / day by which it is to be decided")
    awarded_hours: Decimal | None = Field(description="拟认定学时 / hours that the pack gives")
    awarded_credits: Decimal | None = Field(description="拟认定学分 / credits that the pack gives")
    rule_id: str | None = Field(description="认定规则 / rule of the pack")
    entry_id: UUID | None = Field(description="台账记录 / its entry in the ledger")
    reversed: bool = Field(description="入账后已被冲销 / whether its entry was reversed")
    evidence: list[ClaimEvidenceView] = Field(description="佐证材料 / what shows it")


class NewClaimEvidence(ClaimEvidenceFields, Command):
    """A piece of evidence as it is handed in: words, or a file of one's own."""


class NewClaim(ClaimFields, Command):
    """What somebody claims. Nobody says how much: the pack does."""

    hours: Decimal = Field(
        default=Decimal("0.00"), ge=0, le=MOST_HOURS, max_digits=8, decimal_places=2,
        description="学时，按定额认定的可不填 / hours; none where the pack gives a fixed amount",
    )  # fmt: skip
    evidence: list[NewClaimEvidence] = Field(
        default_factory=list, max_length=20, description="佐证材料 / what shows it"
    )


# What can be refused.


class ClaimNotFound(NotFound):
    """There is no such claim for the one who asks."""

    code = "credit_claim_not_found"
    zh = "未找到该学分申报。"
    en = "There is no such claim."


# What may be asked.

_handed_in = col(Claim.round) > literal_column("0")


def _place(name: str) -> Any:
    """What was never handed in is its teacher's alone."""

    def lies_there(ids: Any) -> ColumnElement[bool]:
        there: ColumnElement[bool] = col(getattr(Claim, name)) == any_(ids)
        return there & _handed_in

    return lies_there


WAITING = (ClaimState.SUBMITTED, ClaimState.APPEALED, ClaimState.APPROVED, ClaimState.PUBLISHED)
WAITS_AT = case(
    (col(Claim.stage) == literal_column("'school'"), col(Claim.school_id)),
    (col(Claim.stage) == literal_column("'county'"), col(Claim.county_id)),
    else_=col(Claim.city_id),
)
"""The unit of a claim's stage."""
_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_counts = exists(
    select(col(CreditEntry.id))
    .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
    .where(
        col(CreditEntry.city_id) == col(Claim.city_id),
        col(CreditEntry.teacher_id) == col(Claim.teacher_id),
        col(CreditEntry.source_kind) == col(Claim.source_kind),
        col(CreditEntry.source_id) == col(Claim.id),
        _reversal.c.id.is_(None),
    )
)
IS_REVERSED = (col(Claim.state) == literal_column("'entered'")) & ~_counts
"""The predicate 'this claim was entered, and nothing of it is in force any more'.

Read from the ledger by the natural key: what was carried over to another record is in force there.
"""
_waits = case(
    (
        col(Claim.state).in_([literal_column(f"'{each.value}'") for each in WAITING]),
        WAITS_AT,
    ),
)
_piece = func.jsonb_build_object(
    *(
        part
        for name in ClaimEvidenceView.model_fields
        for part in (literal_column(f"'{name}'", Text), col(getattr(ClaimEvidence, name)))
    )
)
_evidence = (
    select(
        func.coalesce(
            func.jsonb_agg(aggregate_order_by(_piece, col(ClaimEvidence.id))),
            literal_column("'[]'::jsonb", JSONB),
        )
    )
    .where(col(ClaimEvidence.claim_id) == col(Claim.id))
    .correlate(Claim)
    .scalar_subquery()
)

CLAIMS = Door(
    table=Claim,
    view=ClaimView,
    read=Permission.CREDIT_READ,
    missing=ClaimNotFound,
    places={
        "teacher_id": col(Claim.teacher_id),
        **{name: _place(name) for name in ("city_id", "county_id", "school_id")},
    },
    computed={
        "name": col(Teacher.name),
        "unit_id": _waits,
        "reversed": IS_REVERSED,
        "evidence": _evidence,
    },
    joined=Claim.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Claim.teacher_id) == col(Teacher.id),
    ),
    filters={
        "teacher_id": col(Claim.teacher_id),
        "state": col(Claim.state),
        "kind": col(Claim.kind),
        "unit_id": lambda unit_id: _waits == unit_id,
    },
    sorts={"drafted": (), "since": (col(Claim.since),), "earned_on": (col(Claim.earned_on),)},
)


async def get_claim(db: Connection, actor: Actor, *, claim_id: UUID, lock: bool = False) -> Row:
    """One claim with its evidence: one's own, or one that was handed in in the actor's place."""
    return await CLAIMS.get(db, actor, claim_id, lock=lock)


async def list_claims(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    state: ClaimState | None = None,
    kind: ClaimKind | None = None,
    unit_id: UUID | None = None,
) -> Page:
    """One's own claims, and those handed in in the actor's place; `unit_id` is where they wait."""
    filters = {"teacher_id": teacher_id, "state": state, "kind": kind, "unit_id": unit_id}
    return await CLAIMS.page(db, actor, page, filters=filters)
