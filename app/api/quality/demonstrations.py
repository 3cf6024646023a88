"""Applications for a title, and titles of demonstration schools, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import demonstrations
from app.domain.quality.demonstrations import (
    DemonstrationAppeal,
    DemonstrationAppealDecision,
    DemonstrationDecision,
    DemonstrationRecommendation,
    DemonstrationReevaluation,
    DemonstrationState,
    DemonstrationStepView,
    DemonstrationText,
    DemonstrationView,
    DemonstrationWithdrawal,
    NewDemonstration,
    PublishedDemonstrationView,
)
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/demonstrations",
    operation_id="list_demonstrations",
    response_model=PageOf[DemonstrationView],
)
async def list_demonstrations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    call_id: Annotated[UUID | None, Query(description="创建通知 / call")] = None,
    unit_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    state: Annotated[DemonstrationState | None, Query(description="状态 / state")] = None,
    ends_before: Annotated[
        date | None, Query(description="命名在该日之前期满 / whose title ends before this day")
    ] = None,
) -> Response:
    """The applications that the actor may see (`created`, `valid_to`)."""
    found = await demonstrations.list_demonstrations(
        db, actor, page=page, call_id=call_id, unit_id=unit_id, state=state,
        ends_before=ends_before,
    )  # fmt: skip
    await include.into("Demonstration", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/published-demonstrations",
    operation_id="list_published_demonstrations",
    response_model=PageOf[PublishedDemonstrationView],
)
async def list_published_demonstrations(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The schools that are published today, for objections (`published`)."""
    found = await demonstrations.list_published_demonstrations(db, actor, page=page, now=now())
    return answer_page(request, found, fields)


@router.get(
    "/demonstrations/{demonstration_id}",
    operation_id="get_demonstration",
    response_model=DemonstrationView,
)
async def get_demonstration(
    request: Request, db: Reading, actor: CurrentActor, demonstration_id: UUID, include: Include
) -> Response:
    """One application, seen by the school and those above it."""
    row = await demonstrations.get_demonstration(db, actor, demonstration_id=demonstration_id)
    await include.into("Demonstration", [row])
    return answer_one(request, row)


@router.get(
    "/demonstrations/{demonstration_id}/steps",
    operation_id="list_demonstration_steps",
    response_model=list[DemonstrationStepView],
)
async def list_demonstration_steps(
    db: Reading, actor: CurrentActor, demonstration_id: UUID
) -> Response:
    """All that was done, with the conditions as they were found then."""
    rows = await demonstrations.list_demonstration_steps(
        db, actor, demonstration_id=demonstration_id
    )
    return answer(rows)


@router.post(
    "/demonstration-calls/{call_id}/demonstrations",
    operation_id="create_demonstration",
    response_model=DemonstrationView,
    status_code=201,
)
async def create_demonstration(
    db: Transaction, actor: CurrentActor, call_id: UUID, new: NewDemonstration
) -> Response:
    """Begin an application for the school itself."""
    row = await demonstrations.create_demonstration(db, actor, call_id=call_id, new=new, now=now())
    return answer_created(row, f"/api/v1/demonstrations/{row['id']}")


@router.put(
    "/demonstrations/{demonstration_id}",
    operation_id="write_demonstration",
    response_model=DemonstrationView,
)
async def write_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID, said: DemonstrationText
) -> Response:
    """Write the application anew until it is handed in."""
    row = await demonstrations.write_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/files/{file_id}/link",
    operation_id="create_demonstration_file_link",
    response_model=FileLink,
)
async def create_demonstration_file_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    file_id: UUID,
    new: NewFileLink,
) -> Response:
    """A link to a file of an application, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await demonstrations.create_demonstration_file_link(
            db, actor, demonstration_id=demonstration_id, file_id=file_id, new=new, links=links,
            now=now(),
        )
    )  # fmt: skip


@router.post(
    "/demonstrations/{demonstration_id}/hand-in",
    operation_id="hand_in_demonstration",
    response_model=DemonstrationView,
)
async def hand_in_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID
) -> Response:
    """Hand an application in; the conditions are looked up in the register."""
    row = await demonstrations.hand_in_demonstration(
        db, actor, demonstration_id=demonstration_id, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/take-back",
    operation_id="take_back_demonstration",
    response_model=DemonstrationView,
)
async def take_back_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID
) -> Response:
    """Take an application back to change it, until experts are appointed."""
    row = await demonstrations.take_back_demonstration(
        db, actor, demonstration_id=demonstration_id, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/recommendation",
    operation_id="recommend_demonstration",
    response_model=DemonstrationView,
)
async def recommend_demonstration(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    said: DemonstrationRecommendation,
) -> Response:
    """Say for the county whether it recommends a school of its own."""
    row = await demonstrations.recommend_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/decision",
    operation_id="decide_demonstration",
    response_model=DemonstrationView,
)
async def decide_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID, decision: DemonstrationDecision
) -> Response:
    """Publish a school for objections, or say no."""
    row = await demonstrations.decide_demonstration(
        db, actor, demonstration_id=demonstration_id, decision=decision, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/award",
    operation_id="award_demonstration",
    response_model=DemonstrationView,
)
async def award_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID
) -> Response:
    """Give the title after the days for objections; the conditions are looked up once more."""
    row = await demonstrations.award_demonstration(
        db, actor, demonstration_id=demonstration_id, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/reevaluation",
    operation_id="reevaluate_demonstration",
    response_model=DemonstrationView,
)
async def reevaluate_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID, said: DemonstrationReevaluation
) -> Response:
    """Evaluate a title again in the last half year of its term."""
    row = await demonstrations.reevaluate_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/withdrawal",
    operation_id="withdraw_demonstration",
    response_model=DemonstrationView,
)
async def withdraw_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID, said: DemonstrationWithdrawal
) -> Response:
    """Withdraw a title with a reason; the school may appeal."""
    row = await demonstrations.withdraw_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/appeal",
    operation_id="appeal_demonstration",
    response_model=DemonstrationView,
)
async def appeal_demonstration(
    db: Transaction, actor: CurrentActor, demonstration_id: UUID, said: DemonstrationAppeal
) -> Response:
    """Appeal for the school against the withdrawal of its title."""
    row = await demonstrations.appeal_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/demonstrations/{demonstration_id}/appeal-decision",
    operation_id="decide_demonstration_appeal",
    response_model=DemonstrationView,
)
async def decide_demonstration_appeal(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    decision: DemonstrationAppealDecision,
) -> Response:
    """Decide on an appeal, as another than who withdrew the title."""
    row = await demonstrations.decide_demonstration_appeal(
        db, actor, demonstration_id=demonstration_id, decision=decision, now=now()
    )
    return answer(row)
