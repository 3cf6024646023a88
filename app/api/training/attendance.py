"""Attendance over REST: codes, checking in, the register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import attendance
from app.domain.training.attendance import (
    AttendanceRecorded,
    AttendanceStatus,
    AttendanceView,
    CheckInCode,
    NewAttendance,
    NewCheckIn,
    ParticipantView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    SingleStatement,
    Transaction,
    now,
)
from app.request.inclusions import Include
from app.request.recording import provenance

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/sessions/{session_id}/check-in-code",
    operation_id="get_check_in_code",
    response_model=CheckInCode,
)
async def get_check_in_code(db: Reading, actor: CurrentActor, session_id: UUID) -> Response:
    """The code to be shown in the room now; it changes every thirty seconds."""
    row = await attendance.get_check_in_code(db, actor, session_id=session_id, now=now())
    return answer(row, headers={"Cache-Control": "no-store"})


@router.post(
    "/sessions/{session_id}/check-in", operation_id="check_in", response_model=AttendanceView
)
async def check_in(
    request: Request, db: SingleStatement, actor: CurrentActor, session_id: UUID, given: NewCheckIn
) -> Response:
    """Check in with the code shown in the room; a repeat answers the same record."""
    row = await attendance.check_in(
        db,
        actor,
        session_id=session_id,
        given=given,
        now=now(),
        provenance=provenance(request.scope),
    )
    return answer(row)


@router.post(
    "/sessions/{session_id}/attendance",
    operation_id="record_attendance",
    response_model=AttendanceRecorded,
)
async def record_attendance(
    db: Transaction, actor: CurrentActor, session_id: UUID, new: NewAttendance
) -> Response:
    """Record or correct the attendance of many teachers at once, all of them or none."""
    return answer(
        await attendance.record_attendance(db, actor, session_id=session_id, new=new, now=now())
    )


@router.get(
    "/activities/{activity_id}/attendance",
    operation_id="list_attendance",
    response_model=PageOf[ParticipantView],
)
async def list_attendance(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    session_id: Annotated[UUID | None, Query(description="场次 / session")] = None,
    status: Annotated[AttendanceStatus | None, Query(description="出勤状态 / status")] = None,
) -> Response:
    """Who took part in an activity that the actor organises, by name (`name`, `created`)."""
    found = await attendance.list_attendance(
        db, actor, activity_id=activity_id, page=page, session_id=session_id, status=status
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/attendance",
    operation_id="list_teacher_attendance",
    response_model=PageOf[AttendanceView],
)
async def list_teacher_attendance(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The attendance of one teacher, in the order in which it was recorded (`created`)."""
    found = await attendance.list_teacher_attendance(db, actor, teacher_id=teacher_id, page=page)
    await include.into("Attendance", found.items)
    return answer_page(request, found, fields)
