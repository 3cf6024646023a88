"""Research outputs over REST."""

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
from app.domain.learning import outputs
from app.domain.learning.outputs import (
    NewOutput,
    OutputChanges,
    OutputDecision,
    OutputDuplicate,
    OutputKind,
    OutputState,
    OutputView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/outputs", operation_id="list_outputs", response_model=PageOf[OutputView])
async def list_outputs(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="填报单位 / unit")] = None,
    topic_id: Annotated[UUID | None, Query(description="课题 / topic")] = None,
    author_id: Annotated[UUID | None, Query(description="作者 / author")] = None,
    kind: Annotated[OutputKind | None, Query(description="成果形式 / kind")] = None,
    state: Annotated[OutputState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The outputs that the actor may see (`created`, `published_on`)."""
    found = await outputs.list_outputs(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        topic_id=topic_id,
        author_id=author_id,
        kind=kind,
        state=state,
    )
    await include.into("Output", found.items)
    return answer_page(request, found, fields)


@router.post("/outputs", operation_id="state_output", response_model=OutputView, status_code=201)
async def state_output(db: Transaction, actor: CurrentActor, new: NewOutput) -> Response:
    """State an output: one's own as an author, or a unit's."""
    row = await outputs.state_output(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/outputs/{row['id']}")


@router.get("/outputs/{output_id}", operation_id="get_output", response_model=OutputView)
async def get_output(
    request: Request, db: Reading, actor: CurrentActor, output_id: UUID, include: Include
) -> Response:
    """One output, and whether it is confirmed."""
    row = await outputs.get_output(db, actor, output_id=output_id)
    await include.into("Output", [row])
    return answer_one(request, row)


@router.patch(
    "/outputs/{output_id}",
    operation_id="update_output",
    response_model=OutputView,
    openapi_extra=IF_MATCH,
)
async def update_output(
    request: Request, db: Transaction, actor: CurrentActor, output_id: UUID, changes: OutputChanges
) -> Response:
    """Change what was stated and is not confirmed; with `If-Match` only if it is still as read."""
    check_if_match(request, await outputs.get_output(db, actor, output_id=output_id, lock=True))
    row = await outputs.update_output(db, actor, output_id=output_id, changes=changes, now=now())
    return answer(row, headers={"ETag": etag_of(row)})


@router.get(
    "/outputs/{output_id}/duplicates",
    operation_id="list_output_duplicates",
    response_model=list[OutputDuplicate],
)
async def list_output_duplicates(db: Reading, actor: CurrentActor, output_id: UUID) -> Response:
    """What in the city may be the same: by title, DOI, ISBN or file."""
    return answer(await outputs.list_output_duplicates(db, actor, output_id=output_id))


@router.post("/outputs/{output_id}/decide", operation_id="decide_output", response_model=OutputView)
async def decide_output(
    db: Transaction, actor: CurrentActor, output_id: UUID, decision: OutputDecision
) -> Response:
    """Confirm an output, or return it to be put right."""
    return answer(
        await outputs.decide_output(db, actor, output_id=output_id, decision=decision, now=now())
    )


@router.post(
    "/outputs/{output_id}/withdraw", operation_id="withdraw_output", response_model=OutputView
)
async def withdraw_output(db: Transaction, actor: CurrentActor, output_id: UUID) -> Response:
    """Take back what has not been confirmed."""
    return answer(await outputs.withdraw_output(db, actor, output_id=output_id, now=now()))
