"""What may be asked about the quality of training and done for it."""

import strawberry

from app.graphql.quality.activity_minimums import (
    ActivityMinimumMutations,
    ActivityMinimumQueries,
)
from app.graphql.quality.appropriations import AppropriationMutations, AppropriationQueries
from app.graphql.quality.approval_limits import ApprovalLimitMutations, ApprovalLimitQueries
from app.graphql.quality.archive_destructions import (
    ArchiveDestructionMutations,
    ArchiveDestructionQueries,
)
from app.graphql.quality.archive_retrievals import (
    ArchiveRetrievalMutations,
    ArchiveRetrievalQueries,
)
from app.graphql.quality.archive_volumes import ArchiveVolumeMutations, ArchiveVolumeQueries
from app.graphql.quality.arrived_growth_files import (
    ArrivedGrowthFileMutations,
    ArrivedGrowthFileQueries,
)
from app.graphql.quality.article_duties import ArticleDutyMutations, ArticleDutyQueries
from app.graphql.quality.article_links import ArticleLinkMutations, ArticleLinkQueries
from app.graphql.quality.budget_amendments import BudgetAmendmentMutations, BudgetAmendmentQueries
from app.graphql.quality.budgets import BudgetMutations, BudgetQueries
from app.graphql.quality.campaigns import CampaignMutations, CampaignQueries
from app.graphql.quality.check_orders import CheckOrderMutations, CheckOrderQueries
from app.graphql.quality.checklists import ChecklistMutations, ChecklistQueries
from app.graphql.quality.collection_forms import CollectionFormMutations, CollectionFormQueries
from app.graphql.quality.demonstration_calls import (
    DemonstrationCallMutations,
    DemonstrationCallQueries,
)
from app.graphql.quality.demonstration_experts import (
    DemonstrationExpertMutations,
    DemonstrationExpertQueries,
)
from app.graphql.quality.demonstration_objections import (
    DemonstrationObjectionMutations,
    DemonstrationObjectionQueries,
)
from app.graphql.quality.demonstration_visits import (
    DemonstrationVisitMutations,
    DemonstrationVisitQueries,
)
from app.graphql.quality.demonstrations import DemonstrationMutations, DemonstrationQueries
from app.graphql.quality.document_articles import DocumentArticleMutations, DocumentArticleQueries
from app.graphql.quality.evaluation_results import EvaluationResultQueries
from app.graphql.quality.expenses import ExpenseMutations, ExpenseQueries
from app.graphql.quality.follow_ups import FollowUpMutations, FollowUpQueries
from app.graphql.quality.fund_commitments import FundCommitmentMutations, FundCommitmentQueries
from app.graphql.quality.fund_postings import FundPostingQueries
from app.graphql.quality.fund_reports import FundReportQueries
from app.graphql.quality.growth_releases import GrowthReleaseMutations, GrowthReleaseQueries
from app.graphql.quality.incentive_objections import (
    IncentiveObjectionMutations,
    IncentiveObjectionQueries,
)
from app.graphql.quality.incentive_rules import IncentiveRuleMutations, IncentiveRuleQueries
from app.graphql.quality.incentives import IncentiveMutations, IncentiveQueries
from app.graphql.quality.indicator_sheets import IndicatorSheetMutations, IndicatorSheetQueries
from app.graphql.quality.measures import MeasureQueries
from app.graphql.quality.model_adoptions import ModelAdoptionMutations, ModelAdoptionQueries
from app.graphql.quality.model_cases import ModelCaseMutations, ModelCaseQueries
from app.graphql.quality.official_documents import (
    OfficialDocumentMutations,
    OfficialDocumentQueries,
)
from app.graphql.quality.pay_schemes import PaySchemeMutations, PaySchemeQueries
from app.graphql.quality.pay_sheets import PaySheetMutations, PaySheetQueries
from app.graphql.quality.rectifications import RectificationMutations, RectificationQueries
from app.graphql.quality.regulations import RegulationMutations, RegulationQueries
from app.graphql.quality.reports import ReportMutations, ReportQueries
from app.graphql.quality.school_comparisons import SchoolComparisonQueries
from app.graphql.quality.stated_figures import StatedFigureMutations, StatedFigureQueries
from app.graphql.quality.unit_evaluations import UnitEvaluationMutations, UnitEvaluationQueries
from app.graphql.quality.year_results import YearResultQueries


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
    MeasureQueries,
    IndicatorSheetQueries,
    CheckOrderQueries,
    UnitEvaluationQueries,
    RectificationQueries,
    EvaluationResultQueries,
    ChecklistQueries,
    SchoolComparisonQueries,
    ActivityMinimumQueries,
    ReportQueries,
    IncentiveRuleQueries,
    IncentiveQueries,
    PaySchemeQueries,
    PaySheetQueries,
    FollowUpQueries,
    YearResultQueries,
    IncentiveObjectionQueries,
    ArchiveVolumeQueries,
    ArchiveRetrievalQueries,
    ArchiveDestructionQueries,
    GrowthReleaseQueries,
    ArrivedGrowthFileQueries,
    StatedFigureQueries,
    CollectionFormQueries,
    DemonstrationCallQueries,
    DemonstrationQueries,
    DemonstrationExpertQueries,
    DemonstrationVisitQueries,
    DemonstrationObjectionQueries,
    ModelCaseQueries,
    ModelAdoptionQueries,
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
    IndicatorSheetMutations,
    CheckOrderMutations,
    UnitEvaluationMutations,
    RectificationMutations,
    ChecklistMutations,
    ActivityMinimumMutations,
    ReportMutations,
    IncentiveRuleMutations,
    IncentiveMutations,
    PaySchemeMutations,
    PaySheetMutations,
    FollowUpMutations,
    IncentiveObjectionMutations,
    ArchiveVolumeMutations,
    ArchiveRetrievalMutations,
    ArchiveDestructionMutations,
    GrowthReleaseMutations,
    ArrivedGrowthFileMutations,
    StatedFigureMutations,
    CollectionFormMutations,
    DemonstrationCallMutations,
    DemonstrationMutations,
    DemonstrationExpertMutations,
    DemonstrationVisitMutations,
    DemonstrationObjectionMutations,
    ModelCaseMutations,
    ModelAdoptionMutations,
):
    """What may be done for quality."""
