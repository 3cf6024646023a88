"""Mergers of two records of one person over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import person_mergers
from app.domain.credits.person_mergers import (
    MergerConsent,
    MergerRefusal,
    MergerState,
    NewPersonMerger,
    PersonMergerView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(prefix="/person-mergers", tags=["credits"], route_class=Route)


@router.get("", operation_id="list_person_mergers", response_model=PageOf[PersonMergerView])
async def list_person_mergers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    survivor_id: Annotated[UUID | None, Query(description="存续记录 / record that stays")] = None,
    merged_id: Annotated[UUID | None, Query(description="被合并记录 / record merged")] = None,
    state: Annotated[MergerState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The mergers of one's place on either side, the first proposed first (`proposed`)."""
    found = await person_mergers.list_person_mergers(
        db, actor, page=page, survivor_id=survivor_id, merged_id=merged_id, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "", operation_id="propose_person_merger", response_model=PersonMergerView, status_code=201
)
async def propose_person_merger(
    request: Request, db: Transaction, actor: CurrentActor, new: NewPersonMerger
) -> Response:
    """Propose that two records of one person become one."""
    cipher = resources(request).cipher
    row = await person_mergers.propose_person_merger(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/person-mergers/{row['id']}")


@router.get("/{merger_id}", operation_id="get_person_merger", response_model=PersonMergerView)
async def get_person_merger(
    request: Request, db: Reading, actor: CurrentActor, merger_id: UUID
) -> Response:
    """One merger, and what it did with the credit."""
    row = await person_mergers.get_person_merger(db, actor, merger_id=merger_id)
    return answer_one(request, row)


@router.post(
    "/{merger_id}/accept", operation_id="accept_person_merger", response_model=PersonMergerView
)
async def accept_person_merger(
    db: Transaction, actor: CurrentActor, merger_id: UUID, consent: MergerConsent
) -> Response:
    """Agree, for the other record: the two are one from now on, which nothing undoes."""
    row = await person_mergers.accept_person_merger(
        db, actor, merger_id=merger_id, consent=consent, now=now()
    )
    return answer(row)


@router.post(
    "/{merger_id}/decline", operation_id="decline_person_merger", response_model=PersonMergerView
)
async def decline_person_merger(
    db: Transaction, actor: CurrentActor, merger_id: UUID, refusal: MergerRefusal
) -> Response:
    """Say no, for either record; whoever proposed it takes it back."""
    row = await person_mergers.decline_person_merger(
        db, actor, merger_id=merger_id, refusal=refusal, now=now()
    )
    return answer(row)
