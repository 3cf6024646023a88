"""Citations of plans over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import citations
from app.domain.training.citations import CitationView, CitedKind, NewCitation
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/plan-citations", operation_id="list_citations", response_model=PageOf[CitationView])
async def list_citations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    plan_id: Annotated[UUID | None, Query(description="计划 / plan")] = None,
    cited_id: Annotated[UUID | None, Query(description="所依据对象 / key of what is cited")] = None,
    kind: Annotated[CitedKind | None, Query(description="依据类型 / kind")] = None,
) -> Response:
    """What a plan answers, or which plans answer something (`created`)."""
    found = await citations.list_citations(
        db, actor, page=page, plan_id=plan_id, cited_id=cited_id, kind=kind
    )
    return answer_page(request, found, fields)


@router.post(
    "/plans/{plan_id}/citations",
    operation_id="add_citation",
    response_model=CitationView,
    status_code=201,
)
async def add_citation(
    db: Transaction, actor: CurrentActor, plan_id: UUID, new: NewCitation
) -> Response:
    """Say what a plan that is being written answers."""
    row = await citations.add_citation(db, actor, plan_id=plan_id, new=new, now=now())
    return answer(row, 201)


@router.delete(
    "/plan-citations/{citation_id}", operation_id="remove_citation", response_model=CitationView
)
async def remove_citation(db: Transaction, actor: CurrentActor, citation_id: UUID) -> Response:
    """Take a citation out of a plan that is being written; what it was."""
    row = await citations.remove_citation(db, actor, citation_id=citation_id)
    return answer(row)
