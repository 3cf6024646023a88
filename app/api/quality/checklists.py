"""Checklists over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.quality import checklists
from app.domain.quality.checklists import (
    ChecklistEnd,
    ChecklistProgress,
    ChecklistTickView,
    ChecklistView,
    NewChecklist,
    NewTick,
    TickWithdrawal,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)

_STARTS = Query(description="起始日，默认本学年 / first day, of the school year by default")
_ENDS = Query(description="终止日（含） / last day")


@router.get("/checklists", operation_id="list_checklists", response_model=PageOf[ChecklistView])
async def list_checklists(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    term: Annotated[AssessmentTerm | None, Query(description="完成周期 / term")] = None,
    in_force: Annotated[
        bool | None, Query(description="现行与否 / whether it is asked today")
    ] = None,
) -> Response:
    """The checklists of the schools in the actor's place (`valid_from`)."""
    found = await checklists.list_checklists(
        db, actor, page=page, school_id=school_id, term=term, in_force=in_force
    )
    return answer_page(request, found, fields)


@router.get(
    "/school-checklists",
    operation_id="list_school_checklists",
    response_model=PageOf[ChecklistView],
)
async def list_school_checklists(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """What the actor's own school asks today (`valid_from`)."""
    found = await checklists.list_school_checklists(db, actor, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/checklists/{checklist_id}", operation_id="get_checklist", response_model=ChecklistView
)
async def get_checklist(db: Reading, actor: CurrentActor, checklist_id: UUID) -> Response:
    """One checklist with its items."""
    return answer(await checklists.get_checklist(db, actor, checklist_id=checklist_id))


@router.post(
    "/units/{unit_id}/checklists",
    operation_id="create_checklist",
    response_model=ChecklistView,
    status_code=201,
)
async def create_checklist(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewChecklist
) -> Response:
    """Ask the teachers of a school for what a checklist says."""
    row = await checklists.create_checklist(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/checklists/{checklist_id}/end", operation_id="end_checklist", response_model=ChecklistView
)
async def end_checklist(
    db: Transaction, actor: CurrentActor, checklist_id: UUID, end: ChecklistEnd
) -> Response:
    """No longer ask it, from a day on."""
    row = await checklists.end_checklist(db, actor, checklist_id=checklist_id, end=end, now=now())
    return answer(row)


@router.get(
    "/checklists/{checklist_id}/progress",
    operation_id="list_checklist_progress",
    response_model=list[ChecklistProgress],
)
async def list_checklist_progress(
    db: Reading,
    actor: CurrentActor,
    checklist_id: UUID,
    starts_on: Annotated[date | None, _STARTS] = None,
    ends_on: Annotated[date | None, _ENDS] = None,
) -> Response:
    """How far each teacher is whom a checklist asks, item by item."""
    found = await checklists.list_checklist_progress(
        db, actor, checklist_id=checklist_id, starts_on=starts_on, ends_on=ends_on, now=now()
    )
    return answer(found)


@router.get(
    "/teachers/{teacher_id}/checklist-progress",
    operation_id="list_teacher_checklist_progress",
    response_model=list[ChecklistProgress],
)
async def list_teacher_checklist_progress(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    term: Annotated[AssessmentTerm, Query(description="完成周期 / term")] = AssessmentTerm.YEAR,
    starts_on: Annotated[date | None, _STARTS] = None,
    ends_on: Annotated[date | None, _ENDS] = None,
) -> Response:
    """How far one teacher is with what the school asks in a term; teachers see their own."""
    found = await checklists.list_teacher_checklist_progress(
        db, actor, teacher_id=teacher_id, term=term, starts_on=starts_on, ends_on=ends_on,
        now=now(),
    )  # fmt: skip
    return answer(found)


@router.get(
    "/checklist-ticks",
    operation_id="list_checklist_ticks",
    response_model=PageOf[ChecklistTickView],
)
async def list_checklist_ticks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    checklist_id: Annotated[UUID | None, Query(description="清单 / checklist")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    stands: Annotated[
        bool | None, Query(description="是否有效 / whether it was not withdrawn")
    ] = None,
) -> Response:
    """The ticks in the actor's place, and one's own (`done_on`, `created`)."""
    found = await checklists.list_checklist_ticks(
        db, actor, page=page, checklist_id=checklist_id, teacher_id=teacher_id, stands=stands
    )
    return answer_page(request, found, fields)


@router.post(
    "/teachers/{teacher_id}/checklist-ticks",
    operation_id="tick_checklist_item",
    response_model=ChecklistTickView,
    status_code=201,
)
async def tick_checklist_item(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewTick
) -> Response:
    """Confirm that a teacher has done what an item asks."""
    row = await checklists.tick_checklist_item(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/checklist-ticks/{tick_id}/withdraw",
    operation_id="withdraw_checklist_tick",
    response_model=ChecklistTickView,
)
async def withdraw_checklist_tick(
    db: Transaction, actor: CurrentActor, tick_id: UUID, withdrawal: TickWithdrawal
) -> Response:
    """Take a tick back, with the reason."""
    row = await checklists.withdraw_checklist_tick(
        db, actor, tick_id=tick_id, withdrawal=withdrawal, now=now()
    )
    return answer(row)
