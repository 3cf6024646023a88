"""What may be asked about the quality of training and done for it."""

import strawberry

from app.graphql.quality.article_duties import ArticleDutyMutations, ArticleDutyQueries
from app.graphql.quality.article_links import ArticleLinkMutations, ArticleLinkQueries
from app.graphql.quality.campaigns import CampaignMutations, CampaignQueries
from app.graphql.quality.document_articles import DocumentArticleMutations, DocumentArticleQueries
from app.graphql.quality.official_documents import (
    OfficialDocumentMutations,
    OfficialDocumentQueries,
)
from app.graphql.quality.regulations import RegulationMutations, RegulationQueries


@strawberry.type
class QualityQueries(
    OfficialDocumentQueries,
    DocumentArticleQueries,
    ArticleDutyQueries,
    ArticleLinkQueries,
    RegulationQueries,
    CampaignQueries,
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
):
    """What may be done for quality."""
