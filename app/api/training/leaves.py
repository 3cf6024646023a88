"""Leave over REST: asked for by the teacher, decided by who keeps the register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import leaves
from app.domain.training.leaves import (
    LeaveOpinion,
    LeaveState,
    LeaveView,
    NewLeave,
    ParticipantLeaveView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.post(
    "/sessions/{session_id}/leaves",
    operation_id="request_leave",
    response_model=LeaveView,
    status_code=201,
)
async def request_leave(
    db: Transaction, actor: CurrentActor, session_id: UUID, new: NewLeave
) -> Response:
    """Ask for leave from a session, before it or within three days of its end."""
    row = await leaves.request_leave(db, actor, session_id=session_id, new=new, now=now())
    return answer_created(row, f"/api/v1/leaves/{row['id']}")


@router.get("/leaves/{leave_id}", operation_id="get_leave", response_model=LeaveView)
async def get_leave(request: Request, db: Reading, actor: CurrentActor, leave_id: UUID) -> Response:
    """One request for leave: one's own, or of a teacher in the actor's place."""
    return answer_one(request, await leaves.get_leave(db, actor, leave_id=leave_id))


@router.post(
    "/leaves/{leave_id}/approve", operation_id="approve_leave", response_model=ParticipantLeaveView
)
async def approve_leave(
    db: Transaction, actor: CurrentActor, leave_id: UUID, decision: LeaveOpinion
) -> Response:
    """Give leave: the register says excused from now on."""
    return answer(
        await leaves.approve_leave(db, actor, leave_id=leave_id, decision=decision, now=now())
    )


@router.post(
    "/leaves/{leave_id}/decline", operation_id="decline_leave", response_model=ParticipantLeaveView
)
async def decline_leave(
    db: Transaction, actor: CurrentActor, leave_id: UUID, decision: LeaveOpinion
) -> Response:
    """Give no leave, and say why."""
    return answer(
        await leaves.decline_leave(db, actor, leave_id=leave_id, decision=decision, now=now())
    )


@router.post("/leaves/{leave_id}/withdraw", operation_id="withdraw_leave", response_model=LeaveView)
async def withdraw_leave(db: Transaction, actor: CurrentActor, leave_id: UUID) -> Response:
    """Take one's own request back while it waits."""
    return answer(await leaves.withdraw_leave(db, actor, leave_id=leave_id, now=now()))


@router.get(
    "/activities/{activity_id}/leaves",
    operation_id="list_leaves",
    response_model=PageOf[ParticipantLeaveView],
)
async def list_leaves(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    session_id: Annotated[UUID | None, Query(description="场次 / session")] = None,
    state: Annotated[LeaveState | None, Query(description="状态 / state")] = None,
) -> Response:
    """Who asked for leave from an activity that the actor organises (`created`, `name`)."""
    found = await leaves.list_leaves(
        db, actor, activity_id=activity_id, page=page, session_id=session_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/leaves",
    operation_id="list_teacher_leaves",
    response_model=PageOf[LeaveView],
)
async def list_teacher_leaves(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """The leave that one teacher has asked for (`created`)."""
    found = await leaves.list_teacher_leaves(db, actor, teacher_id=teacher_id, page=page)
    return answer_page(request, found, fields)
