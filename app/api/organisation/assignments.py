"""Assignments over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation import assignments
from app.domain.organisation.assignments import AssignmentView, NewAssignment
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/assignments", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_assignments", response_model=PageOf[AssignmentView])
async def list_assignments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    account_id: Annotated[UUID | None, Query(description="责任人账号 / holder")] = None,
    network_id: Annotated[UUID | None, Query(description="所包片区 / network")] = None,
    school_id: Annotated[UUID | None, Query(description="所包学校 / a school")] = None,
) -> Response:
    """The assignments that hold on a day, those that end first before the others (`valid_to`)."""
    found = await assignments.list_assignments(
        db, actor, page=page, now=now(), as_of=as_of, account_id=account_id,
        network_id=network_id, school_id=school_id,
    )  # fmt: skip
    await include.into("Assignment", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_assignment", response_model=AssignmentView, status_code=201)
async def create_assignment(db: Transaction, actor: CurrentActor, new: NewAssignment) -> Response:
    """Make somebody of a bureau answerable for schools, or for a network, for a term."""
    row = await assignments.create_assignment(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/assignments/{row['id']}")


@router.get("/{assignment_id}", operation_id="get_assignment", response_model=AssignmentView)
async def get_assignment(
    request: Request, db: Reading, actor: CurrentActor, assignment_id: UUID, include: Include
) -> Response:
    """One assignment, seen by its bureau, its schools and its holder."""
    row = await assignments.get_assignment(db, actor, assignment_id=assignment_id)
    await include.into("Assignment", [row])
    return answer_one(request, row)


@router.post("/{assignment_id}/end", operation_id="end_assignment", response_model=AssignmentView)
async def end_assignment(db: Transaction, actor: CurrentActor, assignment_id: UUID) -> Response:
    """End an assignment today; its holder's grant ends with it."""
    return answer(
        await assignments.end_assignment(db, actor, assignment_id=assignment_id, now=now())
    )
