"""Classes of runs over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import course_classes
from app.domain.learning.course_classes import CourseClassView, NewCourseClass
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)

RunId = Annotated[UUID | None, Query(description="开课 / run")]
CourseId = Annotated[UUID | None, Query(description="课程 / course")]
ActivityId = Annotated[UUID | None, Query(description="活动 / activity that the class is")]


@router.get(
    "/course-classes", operation_id="list_course_classes", response_model=PageOf[CourseClassView]
)
async def list_course_classes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    run_id: RunId = None,
    course_id: CourseId = None,
    activity_id: ActivityId = None,
) -> Response:
    """The classes in the actor's place: of a run, of a course, or of an activity (`created`, `name`)."""
    found = await course_classes.list_course_classes(
        db, actor, page=page, run_id=run_id, course_id=course_id, activity_id=activity_id
    )
    await include.into("CourseClass", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/offered-course-classes",
    operation_id="list_offered_course_classes",
    response_model=PageOf[CourseClassView],
)
async def list_offered_course_classes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    run_id: RunId = None,
    course_id: CourseId = None,
    activity_id: ActivityId = None,
) -> Response:
    """The classes that are published to the actor (`created`, `name`)."""
    found = await course_classes.list_offered_course_classes(
        db, actor, page=page, run_id=run_id, course_id=course_id, activity_id=activity_id
    )
    await include.into("CourseClass", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/course-runs/{run_id}/classes",
    operation_id="open_course_class",
    response_model=CourseClassView,
    status_code=201,
)
async def open_course_class(
    db: Transaction, actor: CurrentActor, run_id: UUID, new: NewCourseClass
) -> Response:
    """Open a class of a run: an activity is drafted, to which its sessions are added."""
    row = await course_classes.open_course_class(db, actor, run_id=run_id, new=new)
    return answer(row, 201)
