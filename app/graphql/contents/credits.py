"""What may be asked about credits and done with it."""

import strawberry

from app.graphql.credits.assessment_requirements import (
    AssessmentRequirementMutations,
    AssessmentRequirementQueries,
)
from app.graphql.credits.assessments import AssessmentMutations, AssessmentQueries
from app.graphql.credits.boards import BoardQueries
from app.graphql.credits.certificates import CertificateMutations, CertificateQueries
from app.graphql.credits.claim_publications import (
    ClaimPublicationMutations,
    ClaimPublicationQueries,
)
from app.graphql.credits.claims import ClaimMutations, ClaimQueries
from app.graphql.credits.conditions import ConditionQueries
from app.graphql.credits.credit_loans import CreditLoanMutations, CreditLoanQueries
from app.graphql.credits.credit_transfers import CreditTransferMutations, CreditTransferQueries
from app.graphql.credits.entries import CreditEntryQueries
from app.graphql.credits.explanations import ExplanationQueries
from app.graphql.credits.forecasts import ForecastQueries
from app.graphql.credits.human_reviews import HumanReviewMutations, HumanReviewQueries
from app.graphql.credits.ledger_heads import LedgerHeadQueries
from app.graphql.credits.packs import RulePackMutations, RulePackQueries
from app.graphql.credits.person_mergers import PersonMergerMutations, PersonMergerQueries
from app.graphql.credits.recognition import RecognitionMutations
from app.graphql.credits.reversals import ReversalMutations
from app.graphql.credits.school_years import SchoolYearMutations, SchoolYearQueries
from app.graphql.credits.standings import StandingQueries
from app.graphql.credits.statements import StatementQueries
from app.graphql.credits.summaries import CreditSummaryQueries
from app.graphql.credits.what_ifs import WhatIfMutations, WhatIfQueries, WhatIfSubscriptions


@strawberry.type
class CreditsQueries(
    RulePackQueries,
    WhatIfQueries,
    CreditEntryQueries,
    CreditLoanQueries,
    CreditTransferQueries,
    LedgerHeadQueries,
    ExplanationQueries,
    StandingQueries,
    StatementQueries,
    ConditionQueries,
    ForecastQueries,
    CreditSummaryQueries,
    AssessmentRequirementQueries,
    AssessmentQueries,
    BoardQueries,
    CertificateQueries,
    PersonMergerQueries,
    ClaimQueries,
    ClaimPublicationQueries,
    SchoolYearQueries,
    HumanReviewQueries,
):
    """What may be asked about credits."""


@strawberry.type
class CreditsMutations(
    RulePackMutations,
    WhatIfMutations,
    RecognitionMutations,
    ReversalMutations,
    CreditLoanMutations,
    CreditTransferMutations,
    AssessmentRequirementMutations,
    AssessmentMutations,
    CertificateMutations,
    PersonMergerMutations,
    ClaimMutations,
    ClaimPublicationMutations,
    SchoolYearMutations,
    HumanReviewMutations,
):
    """What may be done about credits."""


@strawberry.type
class CreditsSubscriptions(
    WhatIfSubscriptions,
):
    """What may be followed as it is counted."""
