"""Reports of the funds over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.quality import fund_reports
from app.domain.quality.fund_reports import FundEfficiencyView, FundExecutionView, FundGuaranteeView
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["quality"], route_class=Route)


Year = Annotated[int, Query(description="预算年度（1990 至 2100） / calendar year")]


@router.get(
    "/units/{unit_id}/fund-execution",
    operation_id="list_fund_execution",
    response_model=list[FundExecutionView],
)
async def list_fund_execution(
    db: Reading, actor: CurrentActor, unit_id: UUID, year: Year
) -> Response:
    """What became of the budgets of a unit and of all below it, by level, class and earmark."""
    return answer(await fund_reports.list_fund_execution(db, actor, unit_id=unit_id, year=year))


@router.get(
    "/units/{unit_id}/fund-guarantees",
    operation_id="list_fund_guarantees",
    response_model=list[FundGuaranteeView],
)
async def list_fund_guarantees(
    db: Reading, actor: CurrentActor, unit_id: UUID, year: Year
) -> Response:
    """What bureaus promised the units of a place for a year, and what of it was received."""
    return answer(await fund_reports.list_fund_guarantees(db, actor, unit_id=unit_id, year=year))


@router.get(
    "/units/{unit_id}/fund-efficiency",
    operation_id="get_fund_efficiency",
    response_model=FundEfficiencyView,
)
async def get_fund_efficiency(
    db: Reading, actor: CurrentActor, unit_id: UUID, year: Year
) -> Response:
    """What was spent on activities in a year, per attendance, per person and per credit."""
    return answer(await fund_reports.get_fund_efficiency(db, actor, unit_id=unit_id, year=year))
