"""Achievement awards over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import awards
from app.domain.learning.awards import (
    AwardEntryView,
    AwardRoundState,
    AwardRoundView,
    Awards,
    NewAwardEntry,
    NewAwardRound,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/award-rounds", operation_id="list_award_rounds", response_model=PageOf[AwardRoundView]
)
async def list_award_rounds(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    year: Annotated[int | None, Query(description="年度 / year")] = None,
    state: Annotated[AwardRoundState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The rounds of the units at and above the actor's place (`year`, `created`)."""
    found = await awards.list_award_rounds(db, actor, page=page, year=year, state=state)
    await include.into("AwardRound", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/award-rounds",
    operation_id="create_award_round",
    response_model=AwardRoundView,
    status_code=201,
)
async def create_award_round(db: Transaction, actor: CurrentActor, new: NewAwardRound) -> Response:
    """Open the round of a year."""
    row = await awards.create_award_round(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/award-rounds/{row['id']}")


@router.get(
    "/award-rounds/{round_id}", operation_id="get_award_round", response_model=AwardRoundView
)
async def get_award_round(
    request: Request, db: Reading, actor: CurrentActor, round_id: UUID, include: Include
) -> Response:
    """One round of the award."""
    row = await awards.get_award_round(db, actor, round_id=round_id)
    await include.into("AwardRound", [row])
    return answer_one(request, row)


@router.post(
    "/award-rounds/{round_id}/award",
    operation_id="award_achievements",
    response_model=AwardRoundView,
)
async def award_achievements(
    db: Transaction, actor: CurrentActor, round_id: UUID, new: Awards
) -> Response:
    """Publish what a round awards, all at once."""
    return answer(await awards.award_achievements(db, actor, round_id=round_id, new=new, now=now()))


@router.get(
    "/award-rounds/{round_id}/entries",
    operation_id="list_award_entries",
    response_model=PageOf[AwardEntryView],
)
async def list_award_entries(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    round_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
    winners: Annotated[
        bool | None, Query(description="仅已公布的获奖项 / what won, wherever it comes from")
    ] = None,
) -> Response:
    """The entries from the actor's place; or, once published, all that won (`winners`)."""
    found = await awards.list_award_entries(
        db, actor, round_id=round_id, page=page, winners=bool(winners)
    )
    await include.into("AwardEntry", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/award-rounds/{round_id}/entries",
    operation_id="enter_achievement",
    response_model=AwardEntryView,
    status_code=201,
)
async def enter_achievement(
    db: Transaction, actor: CurrentActor, round_id: UUID, new: NewAwardEntry
) -> Response:
    """Enter a confirmed output or a concluded topic."""
    row = await awards.enter_achievement(db, actor, round_id=round_id, new=new, now=now())
    return answer_created(row, f"/api/v1/award-entries/{row['id']}")


@router.get(
    "/award-entries/{entry_id}", operation_id="get_award_entry", response_model=AwardEntryView
)
async def get_award_entry(
    request: Request, db: Reading, actor: CurrentActor, entry_id: UUID, include: Include
) -> Response:
    """One entry, and what it won."""
    row = await awards.get_award_entry(db, actor, entry_id=entry_id)
    await include.into("AwardEntry", [row])
    return answer_one(request, row)


@router.delete(
    "/award-entries/{entry_id}", operation_id="withdraw_achievement", response_model=AwardEntryView
)
async def withdraw_achievement(db: Transaction, actor: CurrentActor, entry_id: UUID) -> Response:
    """Take an entry back before the awards are published; the answer is what it was."""
    return answer(await awards.withdraw_achievement(db, actor, entry_id=entry_id))
