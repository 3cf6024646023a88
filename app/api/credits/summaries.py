"""Summaries of credit over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer_one, answer_page
from app.domain.credits import summaries
from app.domain.credits.summaries import ComplianceView, CreditSummaryView
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(prefix="/units", tags=["credits"], route_class=Route)


@router.get(
    "/{unit_id}/credit-summary",
    operation_id="get_credit_summary",
    response_model=CreditSummaryView,
)
async def get_credit_summary(
    request: Request, db: Reading, actor: CurrentActor, unit_id: UUID
) -> Response:
    """The credit of one unit and all below it, in the present cycle."""
    return answer_one(request, await summaries.get_credit_summary(db, actor, unit_id=unit_id))


@router.get(
    "/{unit_id}/compliance",
    operation_id="list_compliance",
    response_model=PageOf[ComplianceView],
)
async def list_compliance(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """How far the units directly below one have met what is asked, by name."""
    found = await summaries.list_compliance(db, actor, unit_id=unit_id, page=page)
    return answer_page(request, found, fields)
