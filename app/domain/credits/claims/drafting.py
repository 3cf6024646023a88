"""Drafting a claim (填写申报) and amending one that was returned; opening the file of its evidence."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, insert, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.credits.claims.claim import CLAIMS, NewClaim, NewClaimEvidence
from app.domain.credits.claims.duplicates import key_of_text
from app.domain.credits.claims.table import (
    MOST_HOURS,
    CivilDay,
    Claim,
    ClaimEvidence,
    ClaimFields,
    ClaimKind,
    ClaimState,
    Code,
)
from app.domain.credits.recognition import SOURCES
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.people.teachers import Teacher
from app.domain.training.files import (
    FILES,
    File,
    FileLinks,
    NewFileLink,
    link_to,
    opens_here,
)
from app.domain.training.outside_training import OutsideTrainingNotFound
from app.sql import Connection, ForeignKeyViolationError, Row, Statement, new_id


class ClaimChanges(Command):
    """What of a claim is written otherwise; what is not named stays. Evidence is replaced as a whole."""

    kind: ClaimKind | None = Field(default=None, description="申报类别 / what is claimed")
    title: str | None = Field(
        default=None, min_length=2, max_length=200, description="名称 / title of it"
    )
    organiser: str | None = Field(
        default=None, min_length=2, max_length=200, description="举办或颁发单位 / organiser"
    )
    earned_on: CivilDay | None = Field(default=None, description="取得日期 / earned on")
    hours: Decimal | None = Field(
        default=None,
        ge=0,
        le=MOST_HOURS,
        max_digits=8,
        decimal_places=2,
        description="学时 / hours",
    )
    level: Code | None = Field(default=None, description="层级 / level")
    activity_kind: Code | None = Field(default=None, description="活动类型 / kind of activity")
    mode: Code | None = Field(default=None, description="培训方式 / mode")
    role: Code | None = Field(default=None, description="参与身份 / role in it")
    channel: Code | None = Field(default=None, description="培训途径 / channel")
    content: list[Code] | None = Field(
        default=None, max_length=20, description="内容标签 / content"
    )
    source_kind: Code | None = Field(default=None, description="来源类型 / kind of source")
    certificate_number: str | None = Field(
        default=None, min_length=1, max_length=100, description="证书编号 / certificate"
    )
    remark: str | None = Field(
        default=None, min_length=2, max_length=2000, description="说明 / in words"
    )
    evidence: list[NewClaimEvidence] | None = Field(
        default=None, max_length=20, description="佐证材料，整体替换 / evidence, all of it"
    )


# What can be refused.


class ClaimNotOpen(Conflict):
    """In this state that cannot be done with a claim."""

    code = "credit_claim_state"
    zh = "申报当前状态为 {state}，不能进行此操作。"
    en = "The claim is {state}: this cannot be done with it."


class ClaimEvidenceEmpty(Invalid):
    """A piece of evidence has words or a file."""

    code = "credit_claim_evidence_empty"
    zh = "每份佐证材料须填写文字内容或附上文件。"
    en = "Give some words or a file for each piece of evidence."


class ClaimSourceReserved(Invalid):
    """What activities and reversals are called in the ledger is not what a claim is."""

    code = "credit_claim_source_reserved"
    zh = "来源类型“{kind}”由系统使用，不能用于申报。"
    en = "The kind of source {kind} is the system's own."


class ClaimEvidenceNotFound(NotFound):
    """There is no such piece of evidence with a file."""

    code = "claim_evidence_not_found"
    zh = "未找到该佐证材料，或其未附文件。"
    en = "There is no such evidence, or it has no file."


class ClaimFileKeptInside(Conflict):
    """The file stays inside the unit that it belongs to."""

    code = "claim_file_kept_inside"
    zh = "该文件仅限所属单位内部查看；请申报人或其学校调整共享范围。"
    en = "The file stays inside its unit: the claimant's school may let it go further."


AMENDABLE = frozenset({ClaimState.DRAFT, ClaimState.RETURNED})
_RESERVED = frozenset({*SOURCES, "entry"})


def check_claim_state(claim: Row, states: frozenset[ClaimState]) -> None:
    """Refuse what cannot be done with a claim in its present state."""
    if claim["state"] not in states:
        raise ClaimNotOpen(state=claim["state"])


# What may be done.

_TABLE = Claim.__table__  # type: ignore[attr-defined]
_GIVEN = (
    *ClaimFields.model_fields, "id", "title_key", "certificate_key", "state", "version", "round",
    "drafted_at", "since",
)  # fmt: skip
_DRAFT = Statement(
    insert(_TABLE).from_select(
        [*_GIVEN, "teacher_id", *PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _GIVEN),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in PLACE),
        ).where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid)),
        include_defaults=False,
    )
)


async def create_claim(db: Connection, actor: Actor, *, new: NewClaim, now: datetime) -> Row:
    """Draft a claim of one's own; nobody else sees it before it is submitted."""
    actor.require(Permission.CLAIM_WRITE)
    if actor.teacher_id is None:
        raise NotAllowed(Permission.CLAIM_WRITE.value)
    fields = new.model_dump(include=set(ClaimFields.model_fields))
    claim_id = new_id()
    row = {
        "id": claim_id,
        **fields,
        **keys_of(fields),
        "state": ClaimState.DRAFT,
        "version": 1,
        "round": 0,
        "drafted_at": now,
        "since": now,
    }
    try:
        await db.run(_DRAFT, of_teacher=actor.teacher_id, **row)
    except ForeignKeyViolationError:
        raise OutsideTrainingNotFound from None
    await _attach(db, actor, claim_id, new.evidence)
    return await CLAIMS.get(db, actor, claim_id)


_DETACH = Statement(
    delete(ClaimEvidence).where(
        col(ClaimEvidence.claim_id) == bindparam("claim_id", type_=Uuid)
    )
)  # fmt: skip


async def update_claim(
    db: Connection, actor: Actor, *, claim_id: UUID, changes: ClaimChanges
) -> Row:
    """Write a draft, or a claim that was returned, otherwise; what was submitted stays in its steps."""
    claim = await CLAIMS.get(db, actor, claim_id, permission=Permission.CLAIM_WRITE, lock=True)
    check_claim_state(claim, AMENDABLE)
    values: dict[str, Any] = changes.model_dump(exclude_none=True, exclude={"evidence"})
    if values:
        written = {name: claim[name] for name in ClaimFields.model_fields} | values
        await db.change(Claim, claim_id, values | keys_of(written))
    if changes.evidence is not None:
        await db.run(_DETACH, claim_id=claim_id)
        await _attach(db, actor, claim_id, changes.evidence)
    return await CLAIMS.get(db, actor, claim_id)


def keys_of(fields: Row) -> Row:
    """By what the same thing is found again."""
    if fields["source_kind"] in _RESERVED:
        raise ClaimSourceReserved(kind=fields["source_kind"])
    return {
        "title_key": key_of_text(fields["title"]),
        "certificate_key": key_of_text(fields["certificate_number"]),
    }


async def _attach(
    db: Connection, actor: Actor, claim_id: UUID, evidence: Sequence[NewClaimEvidence]
) -> None:
    """Add evidence with files that the actor may open; held, so that nobody forgets them meanwhile."""
    if any(each.text is None and each.file_id is None for each in evidence):
        raise ClaimEvidenceEmpty
    for file_id in sorted({each.file_id for each in evidence if each.file_id}):
        await FILES.get(db, actor, file_id, lock=True)
    rows = [{"id": new_id(), "claim_id": claim_id, **each.model_dump()} for each in evidence]
    await db.insert_all(ClaimEvidence, rows)


_FILE_OF = Statement(
    select(col(File.id), col(File.sharing))
    .join_from(File, ClaimEvidence, col(File.id) == col(ClaimEvidence.file_id))
    .where(
        col(ClaimEvidence.id) == bindparam("evidence_id", type_=Uuid),
        col(ClaimEvidence.claim_id) == bindparam("claim_id", type_=Uuid),
    )
)


async def create_claim_evidence_link(
    db: Connection,
    actor: Actor,
    *,
    claim_id: UUID,
    evidence_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to the file of a claim's evidence, for whoever sees the claim.

    A file that stays inside its unit is opened by those of the unit alone, here too.
    """
    await CLAIMS.get(db, actor, claim_id)
    file = await db.one(_FILE_OF, evidence_id=evidence_id, claim_id=claim_id)
    if file is None:
        raise ClaimEvidenceNotFound
    if not await opens_here(db, actor, file=file):
        raise ClaimFileKeptInside
    return link_to(links, file["id"], new, now)
