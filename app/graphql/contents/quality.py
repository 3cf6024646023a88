"""What may be asked about the quality of training and done for it."""

import strawberry

from app.graphql.quality.appropriations import (
    AppropriationMutations,
    AppropriationQueries,
    ApprovalLimitMutations,
    ApprovalLimitQueries,
    BudgetAmendmentMutations,
    BudgetAmendmentQueries,
    BudgetMutations,
    BudgetQueries,
    ExpenseMutations,
    ExpenseQueries,
    FundCommitmentMutations,
    FundCommitmentQueries,
    FundPostingQueries,
    FundReportQueries,
    QualityQueries,
)
from app.graphql.quality.article_duties import (
    ArticleDutyMutations,
    ArticleDutyQueries,
    ArticleLinkMutations,
    ArticleLinkQueries,
    CampaignMutations,
    CampaignQueries,
    DocumentArticleMutations,
    DocumentArticleQueries,
    OfficialDocumentMutations,
    OfficialDocumentQueries,
)
from app.graphql.quality.regulations import (
    ArticleDutyQueries,
    ArticleLinkQueries,
    CampaignQueries,
    DocumentArticleQueries,
    OfficialDocumentQueries,
    QualityQueries,
    RegulationMutations,
    RegulationQueries,
)


@strawberry.type
class QualityQueries(
    OfficialDocumentQueries,
    DocumentArticleQueries,
    ArticleDutyQueries,
    ArticleLinkQueries,
    RegulationQueries,
    CampaignQueries,
    BudgetQueries,
    BudgetAmendmentQueries,
    AppropriationQueries,
    FundCommitmentQueries,
    ExpenseQueries,
    ApprovalLimitQueries,
    FundPostingQueries,
    FundReportQueries,
):
    """What may be asked about quality."""


@strawberry.type
class QualityMutations(
    OfficialDocumentMutations,
    DocumentArticleMutations,
    ArticleDutyMutations,
    ArticleLinkMutations,
    RegulationMutations,
    CampaignMutations,
    BudgetMutations,
    BudgetAmendmentMutations,
    AppropriationMutations,
    FundCommitmentMutations,
    ExpenseMutations,
    ApprovalLimitMutations,
):
    """What may be done for quality."""
