"""Claims of the same thing twice: what is refused, and what a reviewer is told to look at.

The same certificate, or the same title of the same day, is one thing for one person; the same paper of
two authors is two claims. What was recognised, as an activity or otherwise, is not claimed again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    ARRAY,
    Date,
    Select,
    String,
    Text,
    Uuid,
    all_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from app.domain.credits.claims.claim import IS_REVERSED
from app.domain.credits.claims.table import Claim, ClaimState
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.recognition import ACTIVITY, SOURCES, SourceKind
from app.domain.credits.recognition.claimed import NEAR
from app.domain.errors import Conflict, DomainError
from app.domain.plain_text import plain_text
from app.sql import Connection, Row, Statement


class ClaimDoubtView(BaseModel):
    """Something about a claim that a reviewer should look at."""

    code: str = Field(description="疑点代码 / stable code")
    zh: str = Field(description="说明（中文） / in Chinese")
    en: str = Field(description="说明（英文） / in English")
    subject_id: UUID | None = Field(
        description="相关的申报或活动 / claim or activity of the same person that it is about"
    )


# What can be refused.


class ClaimTwice(Conflict):
    """The same thing is claimed already by the same person."""

    code = "credit_claim_twice"
    zh = "同一成果或证书已申报：{other}。"
    en = "The same output or certificate is claimed already: {other}."


class ClaimRecognisedAlready(Conflict):
    """The training, the topic or the study was recognised by a bureau."""

    code = "credit_claim_recognised_already"
    zh = "该学习已由主管部门认定：{other}。"
    en = "This was recognised already by the bureau: {other}."


_DOUBTS = {
    "same_title_other_day": (
        "本人另有同名、日期不同的申报。",
        "The same person has a claim of the same title on another day.",
    ),
    "certificate_of_another": (
        "他人的申报使用了相同的证书编号。",
        "Somebody else's claim names the same certificate number.",
    ),
    "rejected_before": (
        "本人相同的申报曾不予认定。",
        "The same was claimed by the same person before, and rejected.",
    ),
    "activity_same_day": (
        "本人同日已有研修活动的学分。",
        "The same person has credit of an activity on the same day.",
    ),
}


def key_of_text(words: str | None) -> str | None:
    """Words without what does not tell two things apart: width, case, spaces and punctuation."""
    if words is None:
        return None
    return plain_text(words) or words[:1]


# What may be asked.

_NOT_STANDING = (
    ClaimState.DRAFT, ClaimState.WITHDRAWN, ClaimState.LAPSED,
)  # fmt: skip
_teacher = bindparam("teacher_id", type_=Uuid)
_certificate = bindparam("certificate", type_=String)
_outside = bindparam("outside", type_=Uuid)
_stands = (
    col(Claim.state) != all_(literal([each.value for each in _NOT_STANDING], ARRAY(Text))),
    ~IS_REVERSED,
    col(Claim.id) != bindparam("claim_id", type_=Uuid),
)
_reversal = CreditEntry.__table__.alias("struck")  # type: ignore[attr-defined]


def _recognised(source: SourceKind) -> Select[Any]:
    """What of one kind earned the person credit that stands, near the day."""
    key: Any = source.table.__table__.c.id  # type: ignore[attr-defined]
    return (
        select(
            literal(source.kind, Text),
            key,
            col(CreditEntry.teacher_id),
            source.title,
            cast(null(), String),
            cast(null(), String),
            cast(null(), Uuid),
            col(CreditEntry.earned_on),
            cast(null(), Text),
        )
        .join_from(CreditEntry, source.table, col(CreditEntry.source_id) == key)
        .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
        .where(
            col(CreditEntry.teacher_id) == _teacher,
            col(CreditEntry.source_kind) == literal(source.kind, Text),
            col(CreditEntry.reverses_id).is_(None),
            _reversal.c.id.is_(None),
            col(CreditEntry.earned_on).between(
                bindparam("first", type_=Date), bindparam("last", type_=Date)
            ),
        )
    )


_FOUND = Statement(
    union_all(
        select(
            literal("claim", Text).label("what"),
            col(Claim.id).label("subject_id"),
            col(Claim.teacher_id),
            col(Claim.title),
            col(Claim.title_key),
            col(Claim.certificate_key),
            col(Claim.outside_training_id),
            col(Claim.earned_on),
            cast(col(Claim.state), Text).label("state"),
        ).where(
            *_stands,
            or_(
                (col(Claim.teacher_id) == _teacher)
                & or_(
                    col(Claim.title_key) == bindparam("title", type_=String),
                    col(Claim.outside_training_id) == _outside,
                ),
                (col(Claim.certificate_key) == _certificate)
                & (col(Claim.city_id) == bindparam("city_id", type_=Uuid)),
            ),
        ),
        *(_recognised(each) for each in SOURCES.values()),
    ).limit(50)
)


async def find_duplicates(
    db: Connection, *, claim: Mapping[str, Any], city_id: UUID
) -> tuple[list[DomainError], list[Row]]:
    """What refuses a claim as one made before, and what is doubtful; one statement."""
    title, certificate = key_of_text(claim["title"]), key_of_text(claim["certificate_number"])
    day = claim["earned_on"]
    rows = await db.all(
        _FOUND,
        teacher_id=claim["teacher_id"],
        city_id=city_id,
        claim_id=claim["id"],
        title=title,
        certificate=certificate,
        outside=claim["outside_training_id"],
        first=day - NEAR,
        last=day + NEAR,
    )
    refusals: list[DomainError] = []
    doubts: dict[tuple[str, UUID | None], Row] = {}
    for row in rows:
        is_own, same_title = row["teacher_id"] == claim["teacher_id"], row["title_key"] == title
        if row["what"] in SOURCES:
            if key_of_text(row["title"]) == title:
                refusals.append(ClaimRecognisedAlready(other=row["title"]))
            elif row["what"] == ACTIVITY and row["earned_on"] == day:
                _doubt(doubts, "activity_same_day", row["subject_id"])
        elif not is_own:
            _doubt(doubts, "certificate_of_another", None)
        elif row["state"] == ClaimState.REJECTED:
            _doubt(doubts, "rejected_before", row["subject_id"])
        elif same_title and row["earned_on"] != day and not _is_same_paper(row, claim, certificate):
            _doubt(doubts, "same_title_other_day", row["subject_id"])
        else:
            refusals.append(ClaimTwice(other=row["title"]))
    return refusals[:1], list(doubts.values())


def _is_same_paper(row: Row, claim: Mapping[str, Any], certificate: str | None) -> bool:
    outside = claim["outside_training_id"]
    return (certificate is not None and row["certificate_key"] == certificate) or (
        outside is not None and row["outside_training_id"] == outside
    )


def _doubt(doubts: dict[tuple[str, UUID | None], Row], code: str, subject_id: UUID | None) -> None:
    zh, en = _DOUBTS[code]
    doubts[code, subject_id] = {"code": code, "zh": zh, "en": en, "subject_id": subject_id}
