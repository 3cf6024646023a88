"""Commitments over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import fund_commitments
from app.domain.quality.budgets import FundsOpinion
from app.domain.quality.fund_commitments import FundCommitmentView, NewFundCommitment
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/fund-commitments",
    operation_id="list_fund_commitments",
    response_model=PageOf[FundCommitmentView],
)
async def list_fund_commitments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    line_id: Annotated[UUID | None, Query(description="预算科目 / line")] = None,
    activity_id: Annotated[UUID | None, Query(description="研修活动 / activity")] = None,
    topic_id: Annotated[UUID | None, Query(description="课题 / topic")] = None,
    output_id: Annotated[UUID | None, Query(description="研究成果 / output")] = None,
    released: Annotated[bool | None, Query(description="是否已撤销 / whether released")] = None,
) -> Response:
    """The commitments of the units whose funds one may see (`created`, `amount`)."""
    found = await fund_commitments.list_fund_commitments(
        db,
        actor,
        page=page,
        line_id=line_id,
        activity_id=activity_id,
        topic_id=topic_id,
        output_id=output_id,
        released=released,
    )
    await include.into("FundCommitment", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/fund-commitments/{commitment_id}",
    operation_id="get_fund_commitment",
    response_model=FundCommitmentView,
)
async def get_fund_commitment(
    request: Request, db: Reading, actor: CurrentActor, commitment_id: UUID, include: Include
) -> Response:
    """One commitment, with what is left of it."""
    row = await fund_commitments.get_fund_commitment(db, actor, commitment_id=commitment_id)
    await include.into("FundCommitment", [row])
    return answer_one(request, row)


@router.post(
    "/budget-lines/{line_id}/commitments",
    operation_id="commit_funds",
    response_model=FundCommitmentView,
    status_code=201,
)
async def commit_funds(
    db: Transaction, actor: CurrentActor, line_id: UUID, new: NewFundCommitment
) -> Response:
    """Set money of a line aside for one purpose."""
    row = await fund_commitments.commit_funds(db, actor, line_id=line_id, new=new, now=now())
    return answer_created(row, f"/api/v1/fund-commitments/{row['id']}")


@router.post(
    "/fund-commitments/{commitment_id}/release",
    operation_id="release_commitment",
    response_model=FundCommitmentView,
)
async def release_commitment(
    db: Transaction, actor: CurrentActor, commitment_id: UUID, opinion: FundsOpinion
) -> Response:
    """Let what is left of a commitment be available again, and say why."""
    return answer(
        await fund_commitments.release_commitment(
            db, actor, commitment_id=commitment_id, opinion=opinion, now=now()
        )
    )
