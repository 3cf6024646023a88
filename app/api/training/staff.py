"""Who carries activities, over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import staff
from app.domain.training.staff import NewStaff, StaffView, TeacherStaffView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/staff", operation_id="list_staff", response_model=list[StaffView]
)
async def list_staff(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """Who carries an activity and its sessions, by name and unit."""
    return answer(await staff.list_staff(db, actor, activity_id=activity_id))


@router.post(
    "/activities/{activity_id}/staff",
    operation_id="add_staff",
    response_model=StaffView,
    status_code=201,
)
async def add_staff(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewStaff
) -> Response:
    """Name somebody at an activity: a teacher, or a person from outside."""
    return answer(await staff.add_staff(db, actor, activity_id=activity_id, new=new), 201)


@router.delete("/staff/{staff_id}", operation_id="remove_staff", response_model=StaffView)
async def remove_staff(db: Transaction, actor: CurrentActor, staff_id: UUID) -> Response:
    """Take somebody off an activity; the answer is who it was."""
    return answer(await staff.remove_staff(db, actor, staff_id=staff_id))


@router.get(
    "/teachers/{teacher_id}/staff",
    operation_id="list_teacher_staff",
    response_model=PageOf[TeacherStaffView],
)
async def list_teacher_staff(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """What a teacher carried of what was published (`created`)."""
    found = await staff.list_teacher_staff(db, actor, teacher_id=teacher_id, page=page)
    await include.into("TeacherStaff", found.items)
    return answer_page(request, found, fields)
