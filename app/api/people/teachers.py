"""Teachers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.organisation.units import Stage
from app.domain.people import teachers
from app.domain.people.facts.engagement import Establishment, ServiceState
from app.domain.people.facts.posts import Post
from app.domain.people.teachers import NewTeacher, Subject, TeacherView
from app.domain.people.teachers.strata import Stratum
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
    post: Annotated[Post | None, Query(description="现岗位 / post held today")] = None,
    stratum: Annotated[Stratum | None, Query(description="类别 / stratum of today")] = None,
    establishment: Annotated[Establishment | None, Query(description="编制 / today")] = None,
    state: Annotated[ServiceState | None, Query(description="在岗状态 / today")] = None,
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
        post=post,
        stratum=stratum,
        establishment=establishment,
        state=state,
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
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    include: Include,
    as_of: Annotated[
        date | None, Query(description="该日的职称与岗位 / rank and posts then")
    ] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """One teacher; the ID number is masked. The place is the present one, whatever the day."""
    row = await teachers.get_teacher(
        db, actor, teacher_id=teacher_id, as_of=as_of, known_on=known_on
    )
    await include.into("Teacher", [row])
    return answer_one(request, row)
