"""Declared credits (学分申报): what teachers earned outside, as their school lists it.

Each row becomes a draft of a claim in the teacher's name, who hands it in: the review follows as with any
claim, and nothing comes into the ledger before. What was handed in already is never changed; what a teacher
drafts alone is nobody else's to see, here neither.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, literal_column, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, text_enum
from app.domain.credits.claims import ClaimInFuture, ClaimSourceReserved, NewClaim
from app.domain.credits.claims.drafting import keys_of
from app.domain.credits.claims.duplicates import key_of_text
from app.domain.credits.claims.preparing import prepare_claims, take_back_prepared_claims
from app.domain.credits.claims.table import Claim, ClaimKind, ClaimState
from app.domain.errors import Conflict
from app.domain.exchange.imports.certificate_files import find_certified
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import Draft, Ground, ImportColumn, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.person_columns import CERTIFICATE_FILE, PERSON_COLUMNS
from app.domain.exchange.imports.kinds.words import (
    ACTIVITY_KINDS,
    CHANNELS,
    CLAIM_KINDS,
    CONTENT,
    HOST_LEVELS,
    MODES,
)
from app.domain.exchange.imports.named_persons import NamedLine, identify_named, key_about
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince
from app.domain.exchange.imports.row import ImportOrigin
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row, Statement


class DeclaredLine(NamedLine):
    """A row of a list of what teachers earned outside."""

    kind: ClaimKind = ClaimKind.DECLARATION
    title: str = Field(min_length=2, max_length=200)
    organiser: str = Field(min_length=2, max_length=200)
    earned_on: date
    hours: Decimal = Field(default=Decimal("0.00"), ge=0, max_digits=8, decimal_places=2)
    level: str | None = Field(default=None, max_length=40)
    activity_kind: str | None = Field(default=None, max_length=40)
    mode: str | None = Field(default=None, max_length=40)
    channel: str | None = Field(default=None, max_length=40)
    content: list[str] = Field(default_factory=list, max_length=20)
    source_kind: str | None = Field(default=None, max_length=40)
    certificate_number: str | None = Field(default=None, min_length=1, max_length=100)
    certificate_file: str | None = Field(default=None, max_length=200)
    remark: str | None = Field(default=None, min_length=2, max_length=2000)


_COLUMNS = (
    *PERSON_COLUMNS,
    ImportColumn("kind", "申报类别", "Kind of claim", "自主申报", words=CLAIM_KINDS),
    ImportColumn("title", "名称", "Title", "小学数学论文", needed=True,
                 also=("成果名称", "培训名称", "申报名称")),
    ImportColumn("organiser", "举办或颁发单位", "Organiser", "市教育学会", needed=True,
                 also=("主办单位", "颁发单位", "发表刊物")),
    ImportColumn("earned_on", "取得日期", "Earned on", "2026-05-20", needed=True, day=True,
                 also=("获得日期", "发表日期", "结束日期")),
    ImportColumn("hours", "学时", "Hours", "10"),
    ImportColumn("level", "级别", "Level", "市级", also=("层级",), words=HOST_LEVELS),
    ImportColumn("activity_kind", "活动形式", "Kind of activity", words=ACTIVITY_KINDS),
    ImportColumn("mode", "研修方式", "Mode", words=MODES),
    ImportColumn("channel", "培训渠道", "Channel", words=CHANNELS),
    ImportColumn("content", "研修内容", "Content", words=CONTENT, many=True),
    ImportColumn("source_kind", "来源类型", "Kind of source, as the rule pack names it", "paper"),
    ImportColumn("certificate_number", "证书编号", "Number of the certificate"),
    CERTIFICATE_FILE,
    ImportColumn("remark", "说明", "In words", also=("备注",)),
)  # fmt: skip
_SAID = (
    "kind", "title", "organiser", "earned_on", "hours", "level", "activity_kind", "mode",
    "channel", "source_kind", "certificate_number", "remark",
)  # fmt: skip
"""What of a claim is compared: with what was handed in, and before a draft is taken back."""


# What can be refused.


class ClaimDiffers(Conflict):
    """The teacher has claimed it already, and otherwise."""

    code = "import_claim_differs"
    zh = "该教师已申报，“{column}”与文件不一致；申报只能由教师本人更改。"
    en = "The teacher has claimed it with another '{column}': nobody else changes a claim."


# What may be asked.


def _identify(said: DeclaredLine, ground: Ground) -> tuple[str, str]:
    person, label = identify_named(said, ground)
    about = (said.kind, str(key_of_text(said.title)), said.earned_on.isoformat())
    return key_about(person, *about), f"{label} {said.title}"


_by_import = exists().where(
    col(ImportOrigin.subject) == bindparam("subject", type_=text_enum(ImportSubject)),
    col(ImportOrigin.thing_id) == col(Claim.id),
)
_THERE = Statement(
    select(
        *(col(getattr(Claim, name)) for name in ("id", "teacher_id", "title_key", "round", *_SAID))
    ).where(
        col(Claim.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        ~is_among(col(Claim.state), (ClaimState.WITHDRAWN, ClaimState.LAPSED)),
        or_(col(Claim.round) > literal_column("0"), _by_import),
    )
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    found = await find_certified(db, ground=ground, drafts=drafts, lock=lock)
    for draft, person, file_id in found:
        _claim(draft, person, file_id, ground)
    await _compare(db, [draft for draft in drafts if draft.work is not None])


def _claim(draft: Draft, person: Row, file_id: UUID | None, ground: Ground) -> None:
    """What is claimed for the person, as the noun's own command; refused where that refuses it."""
    said: DeclaredLine = draft.said
    given = said.model_dump(include=set(_SAID) | {"content"}, exclude_none=True)
    if file_id is not None:
        piece = {"kind": "certificate", "title": said.certificate_file, "file_id": file_id}
        given["evidence"] = [piece]
    try:
        new = NewClaim.model_validate(given)
        keys_of(new.model_dump())
    except ValidationError as problem:
        refuse_unfit(CLAIMS, draft, problem)
        return
    except ClaimSourceReserved as refusal:
        draft.refuse(refusal, column=CLAIMS.column("source_kind").zh)
        return
    if new.earned_on > civil_date(ground.now):
        draft.refuse(ClaimInFuture(day=new.earned_on.isoformat()))
        return
    draft.unit, draft.work = {"id": person["school_id"]}, (person["id"], new)
    draft.wanted = _plain(new.model_dump(), _SAID)


def _plain(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """What of these is said, as text: hours with two places."""
    return {
        name: f"{row[name]:.2f}" if name == "hours" else str(row[name])
        for name in names
        if row[name] is not None
    }


def _claim_of(draft: Draft) -> tuple[Any, ...]:
    """By what a claim is found, among those that stand and in the file."""
    teacher_id, new = draft.work
    return teacher_id, new.kind, key_of_text(new.title), new.earned_on


async def _compare(db: Connection, drafts: Sequence[Draft]) -> None:
    """What was claimed already of what the drafts say; of a draft no more than that it is there."""
    teacher_ids = list({draft.work[0] for draft in drafts})
    rows = await db.all(_THERE, teacher_ids=teacher_ids, subject=ImportSubject.CLAIMS)
    there = {
        (row["teacher_id"], row["kind"], row["title_key"], row["earned_on"]): row for row in rows
    }
    for draft in drafts:
        stands = there.get(_claim_of(draft))
        if stands is None:
            continue
        current = dict(draft.wanted)
        if stands["round"]:
            current = dict.fromkeys(current) | _plain(stands, list(current))
        draft.target_id, draft.current = stands["id"], current
        for name, value in draft.wanted.items():
            if current[name] != value:
                header = CLAIMS.column(name).zh
                draft.refuse(ClaimDiffers(column=header), column=header)


# What may be done.


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    left = apart(drafts, _claim_of)
    entries = [draft.work for draft in left]
    keys = await prepare_claims(db, actor, entries=entries, now=ground.now)
    for draft, key in zip(left, keys, strict=True):
        draft.target_id = key


async def _restore(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    # No row changes what was claimed.
    raise ChangedSince


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """What is a draft still, and as it was prepared, is withdrawn; what the teacher has begun with stays."""
    prepared = {row["target_id"]: row["after"] for row in rows}
    await take_back_prepared_claims(db, actor, prepared=prepared, now=ground.now)


CLAIMS = ImportKind(
    subject=ImportSubject.CLAIMS,
    words="学分申报 / declared credits",
    permission=Permission.ATTENDANCE_WRITE,
    columns=_COLUMNS,
    row=DeclaredLine,
    identified_by=("title", "earned_on"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
)
