"""Claims (学分申报): what a teacher earned outside the activities, and how it comes into the ledger.

Three ways of earning end in one workflow: one's own declaration of outside training or output (自主申报),
conversion (折算), and offset and exemption (冲抵、免修).

    draft ──submit──▶ submitted ──approve, step by step──▶ entered
      ▲                │   │  │                   └──▶ approved ──publish──▶ published ──▶ entered
      └──(written on)──┘   │  └──reject──▶ rejected ──appeal──▶ appealed ──▶ …
                 returned ◀┘

Each place of the chain decides once, and no two of a claim's steps are one person's. Nothing but what is
entered counts. Read `claim` (what it is), `steps`, `duplicates` and `awarding` (what it earns and what
stands against it), then `drafting` (for others `preparing`), `submitting`, `deciding` with `entering`, and
`lapsing`.
"""

from app.domain.credits.claims.awarding import (
    ClaimAwardView,
    ClaimEarnsNothing,
    ClaimEvidenceMissing,
    ClaimInFuture,
    ClaimOutsideCycle,
    ClaimRefusalView,
    get_claim_award,
)
from app.domain.credits.claims.claim import (
    CLAIMS,
    ClaimEvidenceView,
    ClaimNotFound,
    ClaimView,
    NewClaim,
    NewClaimEvidence,
    get_claim,
    list_claims,
)
from app.domain.credits.claims.deciding import decide_claim, decide_claims
from app.domain.credits.claims.decision import (
    AT_ONCE,
    ClaimAppealNotReturned,
    ClaimDecidedMeanwhile,
    ClaimDecision,
    ClaimDecisions,
    ClaimOfOneself,
    ClaimOutcomeView,
    ClaimReviewedBefore,
    ClaimVerdict,
    ReadClaim,
)
from app.domain.credits.claims.drafting import (
    ClaimChanges,
    ClaimEvidenceEmpty,
    ClaimEvidenceNotFound,
    ClaimFileKeptInside,
    ClaimNotOpen,
    ClaimSourceReserved,
    create_claim,
    create_claim_evidence_link,
    update_claim,
)
from app.domain.credits.claims.duplicates import (
    ClaimDoubtView,
    ClaimRecognisedAlready,
    ClaimTwice,
)
from app.domain.credits.claims.lapsing import lapse_claims
from app.domain.credits.claims.outside import ClaimTrainingDiffers, ClaimTrainingUnconfirmed
from app.domain.credits.claims.steps import (
    CLAIM_STEPS,
    ClaimAct,
    ClaimStep,
    ClaimStepView,
    list_claim_steps,
    steps_of_claims,
)
from app.domain.credits.claims.submitting import (
    ClaimAppeal,
    ClaimAppealedBefore,
    ClaimAppealTooLate,
    appeal_claim,
    submit_claim,
    withdraw_claim,
)
from app.domain.credits.claims.table import Claim, ClaimEvidence, ClaimKind, ClaimState

__all__ = [
    "AT_ONCE",
    "CLAIMS",
    "CLAIM_STEPS",
    "Claim",
    "ClaimAct",
    "ClaimAppeal",
    "ClaimAppealNotReturned",
    "ClaimAppealTooLate",
    "ClaimAppealedBefore",
    "ClaimAwardView",
    "ClaimChanges",
    "ClaimDecidedMeanwhile",
    "ClaimDecision",
    "ClaimDecisions",
    "ClaimDoubtView",
    "ClaimEarnsNothing",
    "ClaimEvidence",
    "ClaimEvidenceEmpty",
    "ClaimEvidenceMissing",
    "ClaimEvidenceNotFound",
    "ClaimEvidenceView",
    "ClaimFileKeptInside",
    "ClaimInFuture",
    "ClaimKind",
    "ClaimNotFound",
    "ClaimNotOpen",
    "ClaimOfOneself",
    "ClaimOutcomeView",
    "ClaimOutsideCycle",
    "ClaimRecognisedAlready",
    "ClaimRefusalView",
    "ClaimReviewedBefore",
    "ClaimSourceReserved",
    "ClaimState",
    "ClaimStep",
    "ClaimStepView",
    "ClaimTrainingDiffers",
    "ClaimTrainingUnconfirmed",
    "ClaimTwice",
    "ClaimVerdict",
    "ClaimView",
    "NewClaim",
    "NewClaimEvidence",
    "ReadClaim",
    "appeal_claim",
    "create_claim",
    "create_claim_evidence_link",
    "decide_claim",
    "decide_claims",
    "get_claim",
    "get_claim_award",
    "lapse_claims",
    "list_claim_steps",
    "list_claims",
    "steps_of_claims",
    "submit_claim",
    "update_claim",
    "withdraw_claim",
]
