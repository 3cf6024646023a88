"""Choice rounds over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import choice_rounds
from app.domain.learning.choice_rounds import (
    ChoiceRoundChanges,
    ChoiceRoundState,
    ChoiceRoundView,
    NewChoiceOffering,
    NewChoiceRound,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)
State = Annotated[ChoiceRoundState | None, Query(description="状态 / state")]


@router.get(
    "/choice-rounds", operation_id="list_choice_rounds", response_model=PageOf[ChoiceRoundView]
)
async def list_choice_rounds(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="组织单位 / unit that holds it")] = None,
    state: State = None,
) -> Response:
    """The rounds held where the actor may see activities (`created`, `opens_at`)."""
    found = await choice_rounds.list_choice_rounds(
        db, actor, page=page, unit_id=unit_id, state=state
    )
    await include.into("ChoiceRound", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/offered-choice-rounds",
    operation_id="list_offered_choice_rounds",
    response_model=PageOf[ChoiceRoundView],
)
async def list_offered_choice_rounds(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    state: State = None,
) -> Response:
    """The rounds in which something is for the actor, past ones included (`created`, `opens_at`)."""
    found = await choice_rounds.list_offered_choice_rounds(db, actor, page=page, state=state)
    await include.into("ChoiceRound", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/choice-rounds",
    operation_id="create_choice_round",
    response_model=ChoiceRoundView,
    status_code=201,
)
async def create_choice_round(
    db: Transaction, actor: CurrentActor, new: NewChoiceRound
) -> Response:
    """Draft a round that a unit holds."""
    row = await choice_rounds.create_choice_round(db, actor, new=new)
    return answer_created(row, f"/api/v1/choice-rounds/{row['id']}")


@router.get(
    "/choice-rounds/{round_id}", operation_id="get_choice_round", response_model=ChoiceRoundView
)
async def get_choice_round(
    request: Request, db: Reading, actor: CurrentActor, round_id: UUID, include: Include
) -> Response:
    """One round."""
    row = await choice_rounds.get_choice_round(db, actor, round_id=round_id)
    await include.into("ChoiceRound", [row])
    return answer_one(request, row)


@router.patch(
    "/choice-rounds/{round_id}", operation_id="update_choice_round", response_model=ChoiceRoundView
)
async def update_choice_round(
    db: Transaction, actor: CurrentActor, round_id: UUID, changes: ChoiceRoundChanges
) -> Response:
    """Change a draft; what is published stands."""
    row = await choice_rounds.update_choice_round(db, actor, round_id=round_id, changes=changes)
    return answer(row)


@router.post(
    "/choice-rounds/{round_id}/offerings",
    operation_id="add_choice_offering",
    response_model=ChoiceRoundView,
)
async def add_choice_offering(
    db: Transaction, actor: CurrentActor, round_id: UUID, offering: NewChoiceOffering
) -> Response:
    """Let an activity be chosen in a draft; from now on nobody enrols in it directly."""
    row = await choice_rounds.add_choice_offering(db, actor, round_id=round_id, offering=offering)
    return answer(row)


@router.delete(
    "/choice-rounds/{round_id}/offerings/{activity_id}",
    operation_id="remove_choice_offering",
    response_model=ChoiceRoundView,
)
async def remove_choice_offering(
    db: Transaction, actor: CurrentActor, round_id: UUID, activity_id: UUID
) -> Response:
    """Take an activity out of a draft; teachers enrol in it directly again."""
    row = await choice_rounds.remove_choice_offering(
        db, actor, round_id=round_id, activity_id=activity_id
    )
    return answer(row)


@router.post(
    "/choice-rounds/{round_id}/publish",
    operation_id="publish_choice_round",
    response_model=ChoiceRoundView,
)
async def publish_choice_round(db: Transaction, actor: CurrentActor, round_id: UUID) -> Response:
    """Publish a draft to all those for whom something is in it."""
    row = await choice_rounds.publish_choice_round(db, actor, round_id=round_id, now=now())
    return answer(row)


@router.post(
    "/choice-rounds/{round_id}/cancel",
    operation_id="cancel_choice_round",
    response_model=ChoiceRoundView,
)
async def cancel_choice_round(db: Transaction, actor: CurrentActor, round_id: UUID) -> Response:
    """Call a round off; what people have by it already, they keep."""
    return answer(await choice_rounds.cancel_choice_round(db, actor, round_id=round_id, now=now()))
