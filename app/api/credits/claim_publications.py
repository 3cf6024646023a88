"""Publications of approved claims, and objections to them, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import claim_publications
from app.domain.credits.claim_publications import (
    ClaimObjectionView,
    ClaimPublicationView,
    NewClaimObjection,
    NewClaimPublication,
    ObjectionDecision,
    PublishedClaimView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/claim-publications",
    operation_id="list_claim_publications",
    response_model=PageOf[ClaimPublicationView],
)
async def list_claim_publications(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The publications shown to the actor today, of the units at and above (`published`)."""
    found = await claim_publications.list_claim_publications(db, actor, page=page, now=now())
    return answer_page(request, found, fields)


@router.post(
    "/claim-publications",
    operation_id="publish_claims",
    response_model=ClaimPublicationView,
    status_code=201,
)
async def publish_claims(
    db: Transaction, actor: CurrentActor, new: NewClaimPublication
) -> Response:
    """Publish approved claims that wait at a unit, all or none, for the days that the pack says."""
    row = await claim_publications.publish_claims(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/claim-publications/{row['id']}")


@router.get(
    "/claim-publications/{publication_id}",
    operation_id="get_claim_publication",
    response_model=ClaimPublicationView,
)
async def get_claim_publication(
    request: Request, db: Reading, actor: CurrentActor, publication_id: UUID
) -> Response:
    """One publication, while its days last."""
    row = await claim_publications.get_claim_publication(
        db, actor, publication_id=publication_id, now=now()
    )
    return answer_one(request, row)


@router.get(
    "/claim-publications/{publication_id}/claims",
    operation_id="list_published_claims",
    response_model=list[PublishedClaimView],
)
async def list_published_claims(db: Reading, actor: CurrentActor, publication_id: UUID) -> Response:
    """What is shown of the claims, while the days last: a masked name, the school, title and amount."""
    found = await claim_publications.list_published_claims(
        db, actor, publication_id=publication_id, now=now()
    )
    return answer(found)


@router.post(
    "/claim-publications/{publication_id}/objections",
    operation_id="object_to_claim",
    response_model=ClaimObjectionView,
    status_code=201,
)
async def object_to_claim(
    db: Transaction, actor: CurrentActor, publication_id: UUID, new: NewClaimObjection
) -> Response:
    """Object in person, under one's own name and with a reason, to a claim that is shown."""
    row = await claim_publications.object_to_claim(
        db, actor, publication_id=publication_id, new=new, now=now()
    )
    return answer(row, 201)


@router.get(
    "/claim-objections",
    operation_id="list_claim_objections",
    response_model=PageOf[ClaimObjectionView],
)
async def list_claim_objections(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    publication_id: Annotated[UUID | None, Query(description="公示 / publication")] = None,
) -> Response:
    """The objections to what the actor's units published (`raised`)."""
    found = await claim_publications.list_claim_objections(
        db, actor, page=page, publication_id=publication_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/me/claim-objections",
    operation_id="list_own_claim_objections",
    response_model=list[ClaimObjectionView],
)
async def list_own_claim_objections(db: Reading, actor: CurrentActor) -> Response:
    """What one objected to and what was answered, the last first."""
    return answer(await claim_publications.list_own_claim_objections(db, actor))


@router.post(
    "/claim-objections/{objection_id}/decide",
    operation_id="decide_claim_objection",
    response_model=ClaimObjectionView,
)
async def decide_claim_objection(
    db: Transaction, actor: CurrentActor, objection_id: UUID, decision: ObjectionDecision
) -> Response:
    """Decide on an objection with a reason; where it is upheld the claim is rejected."""
    row = await claim_publications.decide_claim_objection(
        db, actor, objection_id=objection_id, decision=decision, now=now()
    )
    return answer(row)
