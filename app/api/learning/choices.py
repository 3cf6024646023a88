"""What teachers choose in rounds, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_page
from app.domain.learning import choices
from app.domain.learning.choice_rounds import ChoiceRoundView
from app.domain.learning.choices import (
    ChoiceDecisions,
    ChoiceOfferingView,
    ChoiceView,
    MadeChoiceView,
    NewChoice,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/choice-rounds/{round_id}/offerings",
    operation_id="list_choice_offerings",
    response_model=list[ChoiceOfferingView],
)
async def list_choice_offerings(db: Reading, actor: CurrentActor, round_id: UUID) -> Response:
    """What the actor sees of what can be chosen, by first day, and how sought after each is."""
    return answer(await choices.list_choice_offerings(db, actor, round_id=round_id))


@router.post(
    "/choice-rounds/{round_id}/settle",
    operation_id="settle_choice_round",
    response_model=ChoiceRoundView,
)
async def settle_choice_round(db: Transaction, actor: CurrentActor, round_id: UUID) -> Response:
    """End a round that is closed: what nobody has decided about is given by its priorities."""
    row = await choices.settle_choice_round(db, actor, round_id=round_id, now=now())
    return answer(row)


@router.get(
    "/choice-rounds/{round_id}/choices",
    operation_id="list_choices",
    response_model=PageOf[MadeChoiceView],
)
async def list_choices(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    round_id: UUID,
    page: PageParameters,
    fields: Fields,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / activity")] = None,
) -> Response:
    """Who chose what in a round that the actor holds, withdrawn choices not (`created`, `name`)."""
    found = await choices.list_choices(
        db, actor, round_id=round_id, page=page, activity_id=activity_id
    )
    return answer_page(request, found, fields)


@router.post(
    "/choice-rounds/{round_id}/choices",
    operation_id="choose_activity",
    response_model=ChoiceView,
    status_code=201,
)
async def choose_activity(
    db: Transaction, actor: CurrentActor, round_id: UUID, new: NewChoice
) -> Response:
    """Choose an activity in an open round: first come, first served, or to be decided about."""
    row = await choices.choose_activity(db, actor, round_id=round_id, new=new, now=now())
    return answer_created(row, f"/api/v1/choice-rounds/{round_id}/choices")


@router.post(
    "/choice-rounds/{round_id}/choices/{activity_id}/withdraw",
    operation_id="withdraw_choice",
    response_model=ChoiceView,
)
async def withdraw_choice(
    db: Transaction, actor: CurrentActor, round_id: UUID, activity_id: UUID
) -> Response:
    """Withdraw the actor's own choice while the round is open; a place goes to the next who waits."""
    row = await choices.withdraw_choice(
        db, actor, round_id=round_id, activity_id=activity_id, now=now()
    )
    return answer(row)


@router.post(
    "/choice-rounds/{round_id}/decisions",
    operation_id="decide_choices",
    response_model=list[ChoiceView],
)
async def decide_choices(
    db: Transaction, actor: CurrentActor, round_id: UUID, decisions: ChoiceDecisions
) -> Response:
    """Accept or decline choices of a two-way round that is closed; all of them, or none."""
    rows = await choices.decide_choices(
        db, actor, round_id=round_id, decisions=decisions, now=now()
    )
    return answer(rows)


@router.get(
    "/teachers/{teacher_id}/choices",
    operation_id="list_teacher_choices",
    response_model=PageOf[ChoiceView],
)
async def list_teacher_choices(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
    round_id: Annotated[UUID | None, Query(description="选课轮次 / round")] = None,
) -> Response:
    """The choices of one teacher, withdrawn ones included (`created`)."""
    found = await choices.list_teacher_choices(
        db, actor, teacher_id=teacher_id, page=page, round_id=round_id
    )
    await include.into("Choice", found.items)
    return answer_page(request, found, fields)
