"""Postings over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_page
from app.domain.quality import fund_postings
from app.domain.quality.budgets import FundEntryKind
from app.domain.quality.fund_postings import FundPostingView
from app.request import CurrentActor, PageParameters, Reading, Route
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/fund-postings", operation_id="list_fund_postings", response_model=PageOf[FundPostingView]
)
async def list_fund_postings(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    line_id: Annotated[UUID | None, Query(description="预算科目 / line")] = None,
    of_budget_id: Annotated[UUID | None, Query(description="预算 / budget")] = None,
    kind: Annotated[FundEntryKind | None, Query(description="分录类型 / kind of entry")] = None,
) -> Response:
    """The journal of the budgets that one may see, in the order of posting (`posted`)."""
    found = await fund_postings.list_fund_postings(
        db, actor, page=page, line_id=line_id, of_budget_id=of_budget_id, kind=kind
    )
    await include.into("FundPosting", found.items)
    return answer_page(request, found, fields)
