"""The lists of the wing quality that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.organisation.guidance_visits import GuidanceVisitView
from app.domain.quality import (
    activity_minimums,
    appropriations,
    approval_limits,
    archive_destructions,
    archive_retrievals,
    archive_volumes,
    arrived_growth_files,
    article_duties,
    article_links,
    budget_amendments,
    budgets,
    campaigns,
    checklists,
    collection_forms,
    demonstration_calls,
    demonstration_experts,
    demonstration_objections,
    demonstration_visits,
    demonstrations,
    document_articles,
    expenses,
    follow_ups,
    fund_commitments,
    fund_postings,
    growth_releases,
    incentive_objections,
    incentive_rules,
    incentives,
    measures,
    model_adoptions,
    model_cases,
    official_documents,
    pay_schemes,
    pay_sheets,
    regulations,
    reports,
    stated_figures,
    year_results,
)
from app.domain.quality.appropriations import AppropriationView
from app.domain.quality.approval_limits import ApprovalLimitView
from app.domain.quality.archive_destructions import ArchiveDestructionView
from app.domain.quality.archive_retrievals import ArchiveRetrievalView
from app.domain.quality.archive_volumes import (
    ArchivePieceView,
    ArchiveVolumeView,
)
from app.domain.quality.arrived_growth_files import ArrivedGrowthFileView, GrowthIssuerView
from app.domain.quality.article_duties import (
    ArticleCoverageView,
    ArticleDutyView,
    DutyFulfilmentView,
    FulfilmentRowView,
)
from app.domain.quality.article_links import ArticleLinkView
from app.domain.quality.budget_amendments import BudgetAmendmentView
from app.domain.quality.budgets import BudgetLineView, BudgetReviewView, BudgetView
from app.domain.quality.campaigns import CampaignView
from app.domain.quality.check_orders import CheckOrderView, list_check_orders
from app.domain.quality.checklists import ChecklistTickView, ChecklistView
from app.domain.quality.collection_forms import (
    CollectionFormView,
    FormCellValueView,
    FormReturnCellView,
    FormReturnView,
    FormTotalView,
)
from app.domain.quality.demonstration_calls import DemonstrationCallView
from app.domain.quality.demonstration_experts import DemonstrationExpertView
from app.domain.quality.demonstration_objections import DemonstrationObjectionView
from app.domain.quality.demonstrations import (
    DemonstrationFinding,
    DemonstrationStepView,
    DemonstrationView,
    PublishedDemonstrationView,
)
from app.domain.quality.document_articles import ArticleView
from app.domain.quality.expenses import ExpenseView
from app.domain.quality.follow_ups import FollowUpView
from app.domain.quality.fund_commitments import FundCommitmentView
from app.domain.quality.fund_postings import FundPostingView
from app.domain.quality.growth_releases import GrowthReleaseView
from app.domain.quality.incentive_objections import IncentiveObjectionView
from app.domain.quality.incentive_rules import IncentiveRuleView
from app.domain.quality.incentives import IncentiveView, PublishedIncentiveView
from app.domain.quality.indicator_sheets import IndicatorSheetView, list_indicator_sheets
from app.domain.quality.model_adoptions import ModelAdoptionCountView, ModelAdoptionView
from app.domain.quality.model_cases import ModelCaseVersionView, ModelCaseView
from app.domain.quality.official_documents import DocumentReceiptView, DocumentView
from app.domain.quality.pay_schemes import PaySchemeView
from app.domain.quality.pay_sheets import PayLineView, PaySheetView
from app.domain.quality.rectifications import RectificationView, list_rectifications
from app.domain.quality.regulations import (
    MissingRegulationsView,
    RegulationCoverageView,
    RegulationVersionView,
    RegulationView,
)
from app.domain.quality.stated_figures import (
    FigureCheckRowView,
    FigureCheckView,
    StatedFigureView,
)
from app.domain.quality.unit_evaluations import UnitEvaluationView, list_unit_evaluations
from app.domain.quality.year_results import YearResultView
from app.domain.training.activities import ActivityView

LISTS = (
    Listed(official_documents.list_official_documents, DocumentView),
    Listed(official_documents.list_addressed_documents, DocumentView),
    Listed(official_documents.list_document_receipts, DocumentReceiptView),
    Listed(document_articles.list_document_articles, ArticleView),
    Listed(article_duties.list_article_duties, ArticleDutyView),
    Listed(article_duties.list_article_coverage, ArticleCoverageView),
    Listed(article_duties.list_unit_fulfilments, DutyFulfilmentView),
    Listed(article_duties.list_duty_fulfilments, DutyFulfilmentView),
    Listed(article_duties.list_fulfilment_rows, FulfilmentRowView),
    Listed(article_links.list_article_links, ArticleLinkView),
    Listed(regulations.list_regulations, RegulationView),
    Listed(regulations.list_own_regulations, RegulationView),
    Listed(regulations.list_regulation_versions, RegulationVersionView),
    Listed(regulations.list_missing_regulations, MissingRegulationsView),
    Listed(regulations.list_regulation_coverage, RegulationCoverageView),
    Listed(campaigns.list_campaigns, CampaignView),
    Listed(campaigns.list_own_campaigns, CampaignView),
    Listed(campaigns.list_campaign_activities, ActivityView),
    Listed(budgets.list_budgets, BudgetView),
    Listed(budgets.list_budget_reviews, BudgetReviewView),
    Listed(budgets.list_budget_lines, BudgetLineView),
    Listed(budget_amendments.list_budget_amendments, BudgetAmendmentView),
    Listed(appropriations.list_appropriations, AppropriationView),
    Listed(fund_commitments.list_fund_commitments, FundCommitmentView),
    Listed(expenses.list_expenses, ExpenseView),
    Listed(approval_limits.list_approval_limits, ApprovalLimitView),
    Listed(fund_postings.list_fund_postings, FundPostingView),
    Listed(list_indicator_sheets, IndicatorSheetView),
    Listed(list_check_orders, CheckOrderView),
    Listed(list_unit_evaluations, UnitEvaluationView),
    Listed(list_rectifications, RectificationView),
    Listed(checklists.list_checklist_ticks, ChecklistTickView),
    Listed(checklists.list_checklists, ChecklistView),
    Listed(checklists.list_school_checklists, ChecklistView),
    Listed(incentive_rules.list_incentive_rules, IncentiveRuleView),
    Listed(incentive_rules.list_own_incentive_rules, IncentiveRuleView),
    Listed(incentives.list_incentives, IncentiveView),
    Listed(incentives.list_published_incentives, PublishedIncentiveView),
    Listed(incentive_objections.list_incentive_objections, IncentiveObjectionView),
    Listed(pay_schemes.list_pay_schemes, PaySchemeView),
    Listed(pay_schemes.list_own_pay_schemes, PaySchemeView),
    Listed(pay_sheets.list_pay_sheets, PaySheetView),
    Listed(pay_sheets.list_pay_lines, PayLineView),
    Listed(follow_ups.list_follow_ups, FollowUpView),
    Listed(year_results.list_year_results, YearResultView),
    Listed(archive_volumes.list_archive_volumes, ArchiveVolumeView),
    Listed(archive_volumes.list_archive_pieces, ArchivePieceView),
    Listed(archive_retrievals.list_archive_retrievals, ArchiveRetrievalView),
    Listed(archive_destructions.list_archive_destructions, ArchiveDestructionView),
    Listed(growth_releases.list_growth_releases, GrowthReleaseView),
    Listed(arrived_growth_files.list_arrived_growth_files, ArrivedGrowthFileView),
    Listed(arrived_growth_files.list_growth_issuers, GrowthIssuerView),
    Listed(reports.list_reports, reports.ReportView),
    Listed(reports.list_report_figure_rows, reports.FigureRowView),
    Listed(measures.list_measure_rows, measures.FigureRowView),
    Listed(activity_minimums.list_activity_minimums, activity_minimums.ActivityMinimumView),
    Listed(activity_minimums.list_inactive_schools, activity_minimums.InactiveSchoolView),
    Listed(stated_figures.list_stated_figures, StatedFigureView),
    Listed(stated_figures.list_figure_checks, FigureCheckView),
    Listed(stated_figures.list_figure_check_rows, FigureCheckRowView),
    Listed(collection_forms.list_collection_forms, CollectionFormView),
    Listed(collection_forms.list_form_returns, FormReturnView),
    Listed(collection_forms.list_form_return_cells, FormReturnCellView),
    Listed(collection_forms.list_form_totals, FormTotalView),
    Listed(collection_forms.list_form_cell_values, FormCellValueView),
    Listed(demonstration_calls.list_demonstration_calls, DemonstrationCallView),
    Listed(demonstrations.list_demonstration_findings, DemonstrationFinding),
    Listed(demonstrations.list_demonstrations, DemonstrationView),
    Listed(demonstrations.list_published_demonstrations, PublishedDemonstrationView),
    Listed(demonstrations.list_demonstration_steps, DemonstrationStepView),
    Listed(demonstration_experts.list_demonstration_experts, DemonstrationExpertView),
    Listed(demonstration_visits.list_demonstration_visits, GuidanceVisitView),
    Listed(demonstration_objections.list_demonstration_objections, DemonstrationObjectionView),
    Listed(model_cases.list_model_cases, ModelCaseView),
    Listed(model_cases.list_published_model_cases, ModelCaseView),
    Listed(model_cases.list_model_case_versions, ModelCaseVersionView),
    Listed(model_adoptions.list_model_adoptions, ModelAdoptionView),
    Listed(model_adoptions.list_model_adoption_counts, ModelAdoptionCountView),
)
