"""How a claim is decided (审核程序): who reviews it, in how many days, what shows it, what is published.

A pack may say it (`PackDocument.procedure`). Where it says nothing, `DEFAULT_PROCEDURE` holds: every
number in it is an assumption, and is shown as one.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.domain.credits.packs.parts import Code, EntryKind, Part, Stated, Text


class ReviewStage(StrEnum):
    """校级、县级、市级审核: at which place a claim waits.

    `county` is the bureau in charge of the school: for a school directly under the city (市直) that is
    the city, which then reviews once.
    """

    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"


Days = Annotated[int, Field(ge=1, le=366)]
Kinds = Annotated[tuple[EntryKind, ...], Field(max_length=4)]


class ReviewChain(Part):
    """Which places review claims of these kinds, in order. No kind named: all of them."""

    kinds: Kinds = ()
    stages: Stated[Annotated[tuple[ReviewStage, ...], Field(min_length=1, max_length=3)]]


class EvidenceRule(Part):
    """Which kinds of evidence a claim needs that one rule of the pack answers; one of each at least."""

    rule: Code
    kinds: Stated[Annotated[tuple[Code, ...], Field(min_length=1, max_length=10)]]


class PublicationRule(Part):
    """For how many days claims of these kinds are published before they are entered (公示)."""

    kinds: Kinds = ()
    days: Stated[Days]


class Procedure(Part):
    """How claims are decided under a pack; the first chain and the first publication that fit hold.

    `step_days` are given to each place, `appeal_days` to a teacher whose claim was rejected, and
    `late_days` to the claims that are open when a school year is closed.
    """

    chains: tuple[ReviewChain, ...] = ()
    evidence: tuple[EvidenceRule, ...] = ()
    publication: tuple[PublicationRule, ...] = ()
    step_days: Stated[Days] | None = None
    appeal_days: Stated[Days] | None = None
    late_days: Stated[Days] | None = None


def _assumed(value: object, zh: str, en: str) -> dict[str, object]:
    reason = Text(zh=zh, en=en)
    return {"value": value, "assumed": True, "decided_by": "研训默认 (Yanxun's default)"} | {
        "reason": reason
    }


DEFAULT_PROCEDURE = Procedure.model_validate(
    {
        "chains": [
            {
                "stages": _assumed(
                    ("school", "county", "city"),
                    "文件只说审核与认定须由专人负责，未规定层级；按校、县、市逐级审核。",
                    "The sources ask for audit and recognition and name no places: one after the other.",
                )
            }
        ],
        "step_days": _assumed(
            15, "文件未规定审核期限。", "No source says how long a review may take."
        ),
        "appeal_days": _assumed(
            15, "文件未规定申诉期限。", "No source says how long an appeal is open."
        ),
        "late_days": _assumed(
            30, "文件未规定学年关账后的补录期。", "No source says what follows a closed year."
        ),
    }
)


def stages_of(procedure: Procedure | None, kind: str) -> Stated[tuple[ReviewStage, ...]]:
    """The places that review a claim of this kind, in order, with the ground of it."""
    chains = (*(procedure.chains if procedure else ()), *DEFAULT_PROCEDURE.chains)
    return next(each.stages for each in chains if not each.kinds or kind in each.kinds)


def days_of(procedure: Procedure | None, name: str) -> Stated[int]:
    """One of the periods (`step_days`, `appeal_days`, `late_days`), with the ground of it."""
    stated: Stated[int] = getattr(procedure, name, None) or getattr(DEFAULT_PROCEDURE, name)
    return stated


def publication_days(procedure: Procedure | None, kind: str) -> Stated[int] | None:
    """For how many days a claim of this kind is published before entry; None: it is not."""
    for rule in procedure.publication if procedure else ():
        if not rule.kinds or kind in rule.kinds:
            return rule.days
    return None


def evidence_for(procedure: Procedure | None, rule_id: str) -> Stated[tuple[str, ...]] | None:
    """The kinds of evidence that a rule asks for; None where the pack names none (any one then does)."""
    for rule in procedure.evidence if procedure else ():
        if rule.rule == rule_id:
            return rule.kinds
    return None
