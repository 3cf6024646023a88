"""Teachers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation.units import Stage
from app.domain.people import teachers
from app.domain.people.careers import NewRank
from app.domain.people.teachers import NewTeacher, Subject, TeacherView
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    now,
    resources,
)
from app.request.inclusions import Include

router = APIRouter(prefix="/teachers", tags=["people"], route_class=Route)


@router.get("", operation_id="list_teachers", response_model=PageOf[TeacherView])
async def list_teachers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    county_id: Annotated[UUID | None, Query(description="主管教育局 / bureau")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    name: Annotated[str | None, Query(max_length=60, description="姓名 / name, whole")] = None,
) -> Response:
    """The teachers whom the actor may see, by name unless sorted otherwise (`name`, `created`)."""
    found = await teachers.list_teachers(
        db,
        actor,
        page=page,
        school_id=school_id,
        county_id=county_id,
        subject=subject,
        stage=stage,
        name=name,
    )
    await include.into("Teacher", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_teacher", response_model=TeacherView, status_code=201)
async def create_teacher(
    request: Request, db: Transaction, actor: CurrentActor, new: NewTeacher
) -> Response:
    """Enter a teacher into the register of a school."""
    cipher = resources(request).cipher
    row = await teachers.create_teacher(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/teachers/{row['id']}")


@router.get("/{teacher_id}", operation_id="get_teacher", response_model=TeacherView)
async def get_teacher(
    request: Request, db: Reading, actor: CurrentActor, teacher_id: UUID, include: Include
) -> Response:
    """One teacher; the ID number is masked."""
    row = await teachers.get_teacher(db, actor, teacher_id=teacher_id)
    await include.into("Teacher", [row])
    return answer_one(request, row)


@router.post(
    "/{teacher_id}/ranks", operation_id="record_rank", response_model=TeacherView, status_code=201
)
async def record_rank(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewRank
) -> Response:
    """Record that a teacher holds a rank from a day on; the former rank ends on that day."""
    row = await teachers.record_rank(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer(row, 201)
