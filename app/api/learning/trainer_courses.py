"""Courses that trainers give, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import trainer_courses
from app.domain.learning.trainer_courses import NewTrainerCourse, TrainerCourseView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/trainer-courses",
    operation_id="list_trainer_courses",
    response_model=PageOf[TrainerCourseView],
)
async def list_trainer_courses(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    trainer_id: Annotated[UUID | None, Query(description="导师 / trainer")] = None,
    course_id: Annotated[UUID | None, Query(description="课程 / course")] = None,
) -> Response:
    """Which courses oneself and the trainers in one's place give, by title (`title`, `created`)."""
    found = await trainer_courses.list_trainer_courses(
        db, actor, page=page, trainer_id=trainer_id, course_id=course_id
    )
    await include.into("TrainerCourse", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/trainers/{trainer_id}/courses",
    operation_id="add_trainer_course",
    response_model=TrainerCourseView,
    status_code=201,
)
async def add_trainer_course(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, new: NewTrainerCourse
) -> Response:
    """Say that a trainer gives a published course."""
    row = await trainer_courses.add_trainer_course(
        db, actor, trainer_id=trainer_id, new=new, now=now()
    )
    return answer(row, status=201)


@router.delete(
    "/trainer-courses/{given_id}",
    operation_id="remove_trainer_course",
    response_model=TrainerCourseView,
)
async def remove_trainer_course(db: Transaction, actor: CurrentActor, given_id: UUID) -> Response:
    """Take a course from those that a trainer gives; what it was."""
    return answer(await trainer_courses.remove_trainer_course(db, actor, given_id=given_id))
