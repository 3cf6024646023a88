"""Attendance over REST: codes, checking in and out, the register, corrections."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.credits.entries import teachers_credited
from app.domain.training import attendance
from app.domain.training.attendance import (
    AttendanceChangeView,
    AttendanceCorrection,
    AttendanceRecorded,
    AttendanceRuleView,
    AttendanceStatus,
    AttendanceView,
    CheckInCode,
    NewAttendance,
    NewAttendanceRule,
    NewCheckIn,
    NewCheckOut,
    OfflineCheckIn,
    ParticipantChangeView,
    ParticipantView,
    RegisterFile,
    RegisterPreview,
    RestOfRegister,
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
        recorded=True,
    )
    return answer(row)


@router.post(
    "/sessions/{session_id}/check-in-offline",
    operation_id="check_in_offline",
    response_model=AttendanceView,
)
async def check_in_offline(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    session_id: UUID,
    given: OfflineCheckIn,
) -> Response:
    """Hand in a code that was seen without a network, within 72 hours; it is marked as such."""
    row = await attendance.check_in_offline(
        db,
        actor,
        session_id=session_id,
        given=given,
        now=now(),
        provenance=provenance(request.scope),
    )
    return answer(row)


@router.post(
    "/sessions/{session_id}/check-out", operation_id="check_out", response_model=AttendanceView
)
async def check_out(
    db: Transaction, actor: CurrentActor, session_id: UUID, given: NewCheckOut
) -> Response:
    """Give the code once more on leaving, where the activity asks for it."""
    return answer(
        await attendance.check_out(db, actor, session_id=session_id, given=given, now=now())
    )


@router.get(
    "/activities/{activity_id}/attendance-rule",
    operation_id="get_attendance_rule",
    response_model=AttendanceRuleView,
)
async def get_attendance_rule(
    request: Request, db: Reading, actor: CurrentActor, activity_id: UUID
) -> Response:
    """What an activity demands: from when one is late, whether leaving is recorded."""
    row = await attendance.get_attendance_rule(db, actor, activity_id=activity_id)
    return answer_one(request, row)


@router.post(
    "/activities/{activity_id}/attendance-rule",
    operation_id="set_attendance_rule",
    response_model=AttendanceRuleView,
)
async def set_attendance_rule(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewAttendanceRule
) -> Response:
    """Decide what an activity demands, before it has been held."""
    row = await attendance.set_attendance_rule(db, actor, activity_id=activity_id, new=new)
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


@router.post(
    "/sessions/{session_id}/attendance/rest",
    operation_id="complete_attendance",
    response_model=AttendanceRecorded,
)
async def complete_attendance(
    db: Transaction, actor: CurrentActor, session_id: UUID, rest: RestOfRegister
) -> Response:
    """Record the same of everybody who is expected and has no record yet."""
    return answer(
        await attendance.complete_attendance(db, actor, session_id=session_id, rest=rest, now=now())
    )


@router.post(
    "/sessions/{session_id}/attendance/file-preview",
    operation_id="preview_register_file",
    response_model=RegisterPreview,
)
async def preview_register_file(
    db: Transaction, actor: CurrentActor, session_id: UUID, file: RegisterFile
) -> Response:
    """What entering a register as a file would do, line by line; nothing is changed."""
    return answer(
        await attendance.preview_register_file(
            db, actor, session_id=session_id, file=file, now=now()
        )
    )


@router.post(
    "/sessions/{session_id}/attendance/file",
    operation_id="enter_register_file",
    response_model=AttendanceRecorded,
)
async def enter_register_file(
    db: Transaction, actor: CurrentActor, session_id: UUID, file: RegisterFile
) -> Response:
    """Enter a register as a file, whole or not at all."""
    return answer(
        await attendance.enter_register_file(db, actor, session_id=session_id, file=file, now=now())
    )


@router.post(
    "/attendance/{attendance_id}/correct",
    operation_id="correct_attendance",
    response_model=ParticipantView,
)
async def correct_attendance(
    db: Transaction, actor: CurrentActor, attendance_id: UUID, correction: AttendanceCorrection
) -> Response:
    """Let a record say something else, with a reason; after the close by administrators alone."""
    row = await attendance.correct_attendance(
        db,
        actor,
        attendance_id=attendance_id,
        correction=correction,
        credited=teachers_credited,
        now=now(),
    )
    return answer(row)


@router.get(
    "/activities/{activity_id}/attendance-changes",
    operation_id="list_attendance_changes",
    response_model=PageOf[ParticipantChangeView],
)
async def list_attendance_changes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    session_id: Annotated[UUID | None, Query(description="场次 / session")] = None,
) -> Response:
    """What was changed in the attendance of an activity, by whom and why (`created`, `name`)."""
    found = await attendance.list_attendance_changes(
        db, actor, activity_id=activity_id, page=page, session_id=session_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/attendance-changes",
    operation_id="list_teacher_attendance_changes",
    response_model=PageOf[AttendanceChangeView],
)
async def list_teacher_attendance_changes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """What was changed in the attendance of one teacher (`created`)."""
    found = await attendance.list_teacher_attendance_changes(
        db, actor, teacher_id=teacher_id, page=page
    )
    return answer_page(request, found, fields)


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
