"""Sheets of pay inputs over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import pay_sheets
from app.domain.quality.pay_sheets import (
    NewPaySheet,
    PayLineView,
    PayObjection,
    PayObjectionDecision,
    PaySheetState,
    PaySheetView,
    PaySheetWithdrawal,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/pay-sheets", operation_id="list_pay_sheets", response_model=PageOf[PaySheetView])
async def list_pay_sheets(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    state: Annotated[PaySheetState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The sheets of the schools in the actor's place (`starts_on`, `created`)."""
    found = await pay_sheets.list_pay_sheets(db, actor, page=page, school_id=school_id, state=state)
    return answer_page(request, found, fields)


@router.get("/pay-sheets/{sheet_id}", operation_id="get_pay_sheet", response_model=PaySheetView)
async def get_pay_sheet(db: Reading, actor: CurrentActor, sheet_id: UUID) -> Response:
    """One sheet of a school in the actor's place."""
    found = await pay_sheets.get_pay_sheet(db, actor, sheet_id=sheet_id)
    return answer(found)


@router.post(
    "/units/{unit_id}/pay-sheets",
    operation_id="make_pay_sheet",
    response_model=PaySheetView,
    status_code=201,
)
async def make_pay_sheet(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewPaySheet
) -> Response:
    """Count a period that is over for every teacher of a school."""
    found = await pay_sheets.make_pay_sheet(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(found, 201)


@router.get("/pay-lines", operation_id="list_pay_lines", response_model=PageOf[PayLineView])
async def list_pay_lines(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    sheet_id: Annotated[UUID | None, Query(description="投入表 / sheet")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    objected: Annotated[
        bool | None, Query(description="是否有异议 / whether it was objected to")
    ] = None,
) -> Response:
    """The lines in the actor's place, and one's own (`created`, `points`)."""
    found = await pay_sheets.list_pay_lines(
        db, actor, page=page, sheet_id=sheet_id, teacher_id=teacher_id, objected=objected
    )
    return answer_page(request, found, fields)


@router.get("/pay-lines/{line_id}", operation_id="get_pay_line", response_model=PayLineView)
async def get_pay_line(db: Reading, actor: CurrentActor, line_id: UUID) -> Response:
    """One line, for the teacher and for those in charge."""
    found = await pay_sheets.get_pay_line(db, actor, line_id=line_id)
    return answer(found)


@router.post(
    "/pay-lines/{line_id}/objection", operation_id="object_to_pay_line", response_model=PayLineView
)
async def object_to_pay_line(
    db: Transaction, actor: CurrentActor, line_id: UUID, said: PayObjection
) -> Response:
    """Object in person to the own line, while its days last."""
    found = await pay_sheets.object_to_pay_line(db, actor, line_id=line_id, said=said, now=now())
    return answer(found)


@router.post(
    "/pay-lines/{line_id}/objection/decide",
    operation_id="decide_pay_objection",
    response_model=PayLineView,
)
async def decide_pay_objection(
    db: Transaction, actor: CurrentActor, line_id: UUID, decision: PayObjectionDecision
) -> Response:
    """Answer an objection; upheld, the line is counted anew from the register."""
    found = await pay_sheets.decide_pay_objection(
        db, actor, line_id=line_id, decision=decision, now=now()
    )
    return answer(found)


@router.post(
    "/pay-sheets/{sheet_id}/confirm", operation_id="confirm_pay_sheet", response_model=PaySheetView
)
async def confirm_pay_sheet(db: Transaction, actor: CurrentActor, sheet_id: UUID) -> Response:
    """Confirm a sheet as a human who neither made it nor is on it."""
    found = await pay_sheets.confirm_pay_sheet(db, actor, sheet_id=sheet_id, now=now())
    return answer(found)


@router.post(
    "/pay-sheets/{sheet_id}/withdraw",
    operation_id="withdraw_pay_sheet",
    response_model=PaySheetView,
)
async def withdraw_pay_sheet(
    db: Transaction, actor: CurrentActor, sheet_id: UUID, withdrawal: PaySheetWithdrawal
) -> Response:
    """Withdraw a sheet with the reason, so that its days can be counted anew."""
    found = await pay_sheets.withdraw_pay_sheet(
        db, actor, sheet_id=sheet_id, withdrawal=withdrawal, now=now()
    )
    return answer(found)
