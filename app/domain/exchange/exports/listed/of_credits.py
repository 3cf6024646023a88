"""The lists of the wing credits that can be exported."""

from app.domain.credits import (
    assessment_requirements,
    assessments,
    boards,
    certificates,
    claim_publications,
    claims,
    conditions,
    credit_loans,
    credit_transfers,
    entries,
    human_reviews,
    ledger_heads,
    person_mergers,
    school_years,
    summaries,
    what_ifs,
)
from app.domain.credits.assessment_requirements import AssessmentRequirementView
from app.domain.credits.assessments import AssessmentView, ReachedView
from app.domain.credits.boards import BoardActivityView, BoardLineView, BoardMonthView
from app.domain.credits.certificates import (
    CertificateBatchView,
    CertificateCandidateView,
    CertificateView,
)
from app.domain.credits.claim_publications import (
    ClaimObjectionView,
    ClaimPublicationView,
    PublishedClaimView,
)
from app.domain.credits.claims import ClaimStepView, ClaimView
from app.domain.credits.conditions import ConditionView, PrecheckView
from app.domain.credits.credit_loans import CreditLoanView
from app.domain.credits.credit_transfers import CreditTransferView
from app.domain.credits.entries import CreditEntryView
from app.domain.credits.human_reviews import HumanReviewView
from app.domain.credits.ledger_heads import LedgerHeadView
from app.domain.credits.packs import published
from app.domain.credits.packs.published import RulePackView
from app.domain.credits.person_mergers import PersonMergerView
from app.domain.credits.school_years import LateWindowView, SchoolYearClosingView
from app.domain.credits.summaries import ComplianceView
from app.domain.credits.what_ifs import WhatIfPersonView, WhatIfView
from app.domain.exchange.exports.listed.listing import Listed
from app.domain.training.plan_items import PlanItemView

LISTS = (
    Listed(assessment_requirements.list_assessment_requirements, AssessmentRequirementView),
    Listed(assessment_requirements.list_school_requirements, AssessmentRequirementView),
    Listed(assessments.list_assessment_figures, ReachedView),
    Listed(assessments.list_assessments, AssessmentView),
    Listed(assessments.list_school_reached, ReachedView),
    Listed(assessments.list_teacher_reached, ReachedView),
    Listed(boards.list_board_activities, BoardActivityView),
    Listed(boards.list_board_lines, BoardLineView),
    Listed(boards.list_board_months, BoardMonthView),
    Listed(boards.list_board_plan_items, PlanItemView),
    Listed(boards.list_group_board_months, BoardMonthView),
    Listed(certificates.list_certificate_batches, CertificateBatchView),
    Listed(certificates.list_certificate_candidates, CertificateCandidateView),
    Listed(certificates.list_certificates, CertificateView),
    Listed(claim_publications.list_claim_objections, ClaimObjectionView),
    Listed(claim_publications.list_claim_publications, ClaimPublicationView),
    Listed(claim_publications.list_published_claims, PublishedClaimView),
    Listed(claims.list_claim_steps, ClaimStepView),
    Listed(claims.list_claims, ClaimView),
    Listed(conditions.list_conditions, ConditionView),
    Listed(conditions.list_prechecks, PrecheckView),
    Listed(credit_loans.list_credit_loans, CreditLoanView),
    Listed(credit_transfers.list_credit_transfers, CreditTransferView),
    Listed(entries.list_credit_entries, CreditEntryView),
    Listed(entries.list_entries, CreditEntryView),
    Listed(human_reviews.list_human_reviews, HumanReviewView),
    Listed(ledger_heads.list_ledger_heads, LedgerHeadView),
    Listed(published.list_packs, RulePackView),
    Listed(person_mergers.list_person_mergers, PersonMergerView),
    Listed(school_years.list_late_windows, LateWindowView),
    Listed(school_years.list_own_school_year_closings, SchoolYearClosingView),
    Listed(school_years.list_school_year_closings, SchoolYearClosingView),
    Listed(summaries.list_compliance, ComplianceView),
    Listed(what_ifs.list_what_if_people, WhatIfPersonView),
    Listed(what_ifs.list_what_ifs, WhatIfView),
)
