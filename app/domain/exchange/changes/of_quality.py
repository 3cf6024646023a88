"""What the feed tells of quality: documents in force, regulations, campaigns, published results and sheets.

What is not settled between two units yet (drafts of documents, an evaluation before its result, orders to
check and their checklists, orders to put right) is no one else's to keep, and money is read where it is
accounted for: budgets, expenses and appropriations are not told.
"""

from dataclasses import replace

from sqlmodel import col

from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.exchange.changes.quality_views import (
    DocumentChangeView,
    RegulationChangeView,
    UnitEvaluationChangeView,
)
from app.domain.exchange.changes.source import ChangeKind, Source, place_of
from app.domain.quality.campaigns.campaign import CAMPAIGNS
from app.domain.quality.campaigns.table import Campaign
from app.domain.quality.indicator_sheets.sheet import INDICATOR_SHEETS, IndicatorSheet
from app.domain.quality.official_documents.table import OfficialDocument
from app.domain.quality.official_documents.vocabulary import DocumentState
from app.domain.quality.regulations.table import Regulation
from app.domain.quality.unit_evaluations.table import UnitEvaluation

_DOCUMENTS = Door(table=OfficialDocument, view=DocumentChangeView, read=Permission.DOCUMENT_READ)
_REGULATIONS = Door(table=Regulation, view=RegulationChangeView, read=Permission.DOCUMENT_READ)
_RESULTS = Door(table=UnitEvaluation, view=UnitEvaluationChangeView, read=Permission.GUIDANCE_READ)

QUALITY: dict[ChangeKind, Source] = {
    ChangeKind.OFFICIAL_DOCUMENT: Source(
        _DOCUMENTS,
        place_of(OfficialDocument),
        believed=(col(OfficialDocument.state) == DocumentState.ISSUED,),
    ),
    ChangeKind.REGULATION: Source(_REGULATIONS, place_of(Regulation)),
    ChangeKind.CAMPAIGN: Source(replace(CAMPAIGNS, audience=None), place_of(Campaign)),
    ChangeKind.UNIT_EVALUATION: Source(
        _RESULTS,
        place_of(UnitEvaluation),
        believed=(col(UnitEvaluation.published_at).is_not(None),),
    ),
    ChangeKind.INDICATOR_SHEET: Source(
        replace(INDICATOR_SHEETS, audience=None), place_of(IndicatorSheet)
    ),
}
