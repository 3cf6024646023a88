"""A decision on a claim (审核结论): what is said, what is answered, and what is refused."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field

from app.domain.base import Command
from app.domain.credits.claims.table import ClaimState
from app.domain.errors import Conflict, Invalid

AT_ONCE: Final = 200
"""Claims that are decided on together, at most."""


class ClaimVerdict(StrEnum):
    """What is decided (审核结论)."""

    APPROVE = "approve"
    """通过"""
    RETURN = "return"
    """退回修改"""
    REJECT = "reject"
    """不予认定"""


class ClaimDecision(Command):
    """What is decided on a claim as it was read, and why."""

    version: int = Field(ge=1, description="所审核的版本号 / version of the claim that was read")
    verdict: ClaimVerdict = Field(description="审核结论 / what is decided")
    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / opinion")


class ReadClaim(Command):
    """One of many claims, as it was read."""

    claim_id: UUID = Field(description="申报 / claim")
    version: int = Field(ge=1, description="所审核的版本号 / version that was read")


class ClaimDecisions(Command):
    """The same decision on many claims."""

    verdict: ClaimVerdict = Field(description="审核结论 / what is decided")
    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / opinion")
    claims: list[ReadClaim] = Field(
        min_length=1, max_length=AT_ONCE, description="申报，最多200项 / the claims, 200 at most"
    )


class ClaimOutcomeView(BaseModel):
    """What became of one of many claims."""

    claim_id: UUID = Field(description="申报 / claim")
    done: bool = Field(
        description="是否已按此办理 / whether it is decided so, now or before by you"
    )
    state: ClaimState | None = Field(description="办理后的状态 / its state afterwards")
    code: str | None = Field(description="未办理的原因代码 / code of the refusal")
    zh: str | None = Field(description="未办理的原因（中文） / the refusal in Chinese")
    en: str | None = Field(description="未办理的原因（英文） / the refusal in English")


# What can be refused.


class ClaimDecidedMeanwhile(Conflict):
    """Somebody else was first, or it was changed: what was read is not what there is."""

    code = "credit_claim_decided_meanwhile"
    zh = "该申报已由他人办理或已变更（当前状态 {state}，版本 {version}），请重新查看。"
    en = "Somebody has dealt with this claim meanwhile (it is {state}, version {version})."


class ClaimOfOneself(Conflict):
    """Nobody decides on their own claim."""

    code = "credit_claim_of_oneself"
    zh = "不能审核本人的申报。"
    en = "Nobody decides on their own claim."


class ClaimReviewedBefore(Conflict):
    """Two steps of one claim are two people's."""

    code = "credit_claim_reviewed_before"
    zh = "您已审核过该申报，须由他人办理下一环节。"
    en = "You have decided on this claim before: the next step is somebody else's."


class ClaimAppealNotReturned(Invalid):
    """An appeal is granted or refused."""

    code = "credit_claim_appeal_not_returned"
    zh = "申诉只能认定或不予认定，不能退回。"
    en = "An appeal is approved or rejected, not returned."
