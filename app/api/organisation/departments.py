"""Departments over REST."""

from datetime import date
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
from app.domain.access.roles import Duty
from app.domain.organisation import departments
from app.domain.organisation.departments import (
    DepartmentChanges,
    DepartmentKind,
    DepartmentView,
    NewDepartment,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/departments", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_departments", response_model=PageOf[DepartmentView])
async def list_departments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / bureau or school")] = None,
    kind: Annotated[DepartmentKind | None, Query(description="类型 / kind")] = None,
    duty: Annotated[Duty | None, Query(description="职责 / duty")] = None,
) -> Response:
    """The departments in the actor's place, by name unless sorted otherwise (`name`, `created`)."""
    found = await departments.list_departments(
        db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id, kind=kind, duty=duty
    )
    await include.into("Department", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_department", response_model=DepartmentView, status_code=201)
async def create_department(db: Transaction, actor: CurrentActor, new: NewDepartment) -> Response:
    """Set up a department in a bureau or a school."""
    row = await departments.create_department(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/departments/{row['id']}")


@router.get("/{department_id}", operation_id="get_department", response_model=DepartmentView)
async def get_department(
    request: Request, db: Reading, actor: CurrentActor, department_id: UUID, include: Include
) -> Response:
    """One department, in the actor's place or of a unit above."""
    row = await departments.get_department(db, actor, department_id=department_id)
    await include.into("Department", [row])
    return answer_one(request, row)


@router.patch(
    "/{department_id}",
    operation_id="update_department",
    response_model=DepartmentView,
    openapi_extra=IF_MATCH,
)
async def update_department(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    department_id: UUID,
    changes: DepartmentChanges,
) -> Response:
    """Rename a department or charge it otherwise; with `If-Match` only if it is still as read."""
    found = await departments.get_department(db, actor, department_id=department_id, lock=True)
    check_if_match(request, found)
    row = await departments.update_department(
        db, actor, department_id=department_id, changes=changes, now=now()
    )
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/{department_id}/close", operation_id="close_department", response_model=DepartmentView
)
async def close_department(db: Transaction, actor: CurrentActor, department_id: UUID) -> Response:
    """Close a department today; the grants over it end with it."""
    return answer(
        await departments.close_department(db, actor, department_id=department_id, now=now())
    )
