"""Claims of credit over REST: drafted and handed in by the teacher, decided place by place."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.credits import claims
from app.domain.credits.claims import (
    ClaimAppeal,
    ClaimAwardView,
    ClaimChanges,
    ClaimDecision,
    ClaimDecisions,
    ClaimKind,
    ClaimOutcomeView,
    ClaimState,
    ClaimStepView,
    ClaimView,
    NewClaim,
)
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["credits"], route_class=Route)


@router.get("/claims", operation_id="list_claims", response_model=PageOf[ClaimView])
async def list_claims(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    state: Annotated[ClaimState | None, Query(description="状态 / state")] = None,
    kind: Annotated[ClaimKind | None, Query(description="申报类别 / what is claimed")] = None,
    unit_id: Annotated[
        UUID | None, Query(description="待审核单位 / unit at which it waits")
    ] = None,
) -> Response:
    """One's own claims, and those handed in in the actor's place (`drafted`, `since`, `earned_on`)."""
    found = await claims.list_claims(
        db, actor, page=page, teacher_id=teacher_id, state=state, kind=kind, unit_id=unit_id
    )
    return answer_page(request, found, fields)


@router.post("/claims", operation_id="create_claim", response_model=ClaimView, status_code=201)
async def create_claim(db: Transaction, actor: CurrentActor, new: NewClaim) -> Response:
    """Draft a claim of one's own; the pack says what it is worth."""
    row = await claims.create_claim(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/claims/{row['id']}")


@router.get("/claims/{claim_id}", operation_id="get_claim", response_model=ClaimView)
async def get_claim(request: Request, db: Reading, actor: CurrentActor, claim_id: UUID) -> Response:
    """One claim with its evidence."""
    return answer_one(request, await claims.get_claim(db, actor, claim_id=claim_id))


@router.patch(
    "/claims/{claim_id}",
    operation_id="update_claim",
    response_model=ClaimView,
    openapi_extra=IF_MATCH,
)
async def update_claim(
    request: Request, db: Transaction, actor: CurrentActor, claim_id: UUID, changes: ClaimChanges
) -> Response:
    """Write a draft or a returned claim otherwise; with `If-Match` only if it is still as read."""
    check_if_match(request, await claims.get_claim(db, actor, claim_id=claim_id, lock=True))
    row = await claims.update_claim(db, actor, claim_id=claim_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.get(
    "/claims/{claim_id}/award", operation_id="get_claim_award", response_model=ClaimAwardView
)
async def get_claim_award(db: Reading, actor: CurrentActor, claim_id: UUID) -> Response:
    """What a claim would earn, by which rule, what is in its way, and what is doubtful."""
    return answer(await claims.get_claim_award(db, actor, claim_id=claim_id, now=now()))


@router.post("/claims/{claim_id}/submit", operation_id="submit_claim", response_model=ClaimView)
async def submit_claim(db: Transaction, actor: CurrentActor, claim_id: UUID) -> Response:
    """Hand a claim in for review, for the first time or amended."""
    return answer(await claims.submit_claim(db, actor, claim_id=claim_id, now=now()))


@router.post("/claims/{claim_id}/withdraw", operation_id="withdraw_claim", response_model=ClaimView)
async def withdraw_claim(db: Transaction, actor: CurrentActor, claim_id: UUID) -> Response:
    """Take one's own claim back before it is decided."""
    return answer(await claims.withdraw_claim(db, actor, claim_id=claim_id, now=now()))


@router.post("/claims/{claim_id}/appeal", operation_id="appeal_claim", response_model=ClaimView)
async def appeal_claim(
    db: Transaction, actor: CurrentActor, claim_id: UUID, appeal: ClaimAppeal
) -> Response:
    """Appeal against a rejection, once; the next place up decides."""
    row = await claims.appeal_claim(db, actor, claim_id=claim_id, appeal=appeal, now=now())
    return answer(row)


@router.post("/claims/{claim_id}/decide", operation_id="decide_claim", response_model=ClaimView)
async def decide_claim(
    db: Transaction, actor: CurrentActor, claim_id: UUID, decision: ClaimDecision
) -> Response:
    """Approve, return or reject a claim at the place where it waits."""
    row = await claims.decide_claim(db, actor, claim_id=claim_id, decision=decision, now=now())
    return answer(row)


@router.post(
    "/claim-decisions", operation_id="decide_claims", response_model=list[ClaimOutcomeView]
)
async def decide_claims(
    db: Transaction, actor: CurrentActor, decisions: ClaimDecisions
) -> Response:
    """Decide the same on up to 200 claims; each is done or refused by itself."""
    return answer(await claims.decide_claims(db, actor, decisions=decisions, now=now()))


@router.get(
    "/claims/{claim_id}/steps",
    operation_id="list_claim_steps",
    response_model=PageOf[ClaimStepView],
)
async def list_claim_steps(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    claim_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """What was done with a claim, by whom, when and with which opinion (`taken`)."""
    found = await claims.list_claim_steps(db, actor, claim_id=claim_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/claims/{claim_id}/evidence/{evidence_id}/link",
    operation_id="create_claim_evidence_link",
    response_model=FileLink,
)
async def create_claim_evidence_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    claim_id: UUID,
    evidence_id: UUID,
    new: NewFileLink,
) -> Response:
    """A link to the file of a claim's evidence, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    row = await claims.create_claim_evidence_link(
        db, actor, claim_id=claim_id, evidence_id=evidence_id, new=new, links=links, now=now()
    )
    return answer(row)
