"""Tests over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import course_tests
from app.domain.learning.course_tests import (
    CourseTestChanges,
    CourseTestState,
    CourseTestView,
    NewCourseTest,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)

OfActivity = Annotated[UUID | None, Query(description="在该活动（班）中进行的 / taken in it")]
OfCourse = Annotated[UUID | None, Query(description="所属课程 / course")]


@router.get(
    "/course-tests", operation_id="list_course_tests", response_model=PageOf[CourseTestView]
)
async def list_course_tests(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: OfActivity = None,
    course_id: OfCourse = None,
    state: Annotated[CourseTestState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The tests in the actor's place, the first drafted first (`created`)."""
    found = await course_tests.list_course_tests(
        db, actor, page=page, activity_id=activity_id, course_id=course_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/offered-course-tests",
    operation_id="list_offered_course_tests",
    response_model=PageOf[CourseTestView],
)
async def list_offered_course_tests(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: OfActivity = None,
    course_id: OfCourse = None,
) -> Response:
    """The tests that are published to the actor (`created`)."""
    found = await course_tests.list_offered_course_tests(
        db, actor, page=page, activity_id=activity_id, course_id=course_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/course-tests/{test_id}", operation_id="get_course_test", response_model=CourseTestView
)
async def get_course_test(
    request: Request, db: Reading, actor: CurrentActor, test_id: UUID
) -> Response:
    """One test in the actor's place, or published to the actor."""
    row = await course_tests.get_course_test(db, actor, test_id=test_id)
    return answer_one(request, row)


@router.post(
    "/course-tests",
    operation_id="draft_course_test",
    response_model=CourseTestView,
    status_code=201,
)
async def draft_course_test(db: Transaction, actor: CurrentActor, new: NewCourseTest) -> Response:
    """Draft a test of an activity, or of a version of a course."""
    row = await course_tests.draft_course_test(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/course-tests/{row['id']}")


@router.patch(
    "/course-tests/{test_id}", operation_id="update_course_test", response_model=CourseTestView
)
async def update_course_test(
    db: Transaction, actor: CurrentActor, test_id: UUID, changes: CourseTestChanges
) -> Response:
    """Change a draft."""
    row = await course_tests.update_course_test(db, actor, test_id=test_id, changes=changes)
    return answer(row)


@router.post(
    "/course-tests/{test_id}/publish",
    operation_id="publish_course_test",
    response_model=CourseTestView,
)
async def publish_course_test(db: Transaction, actor: CurrentActor, test_id: UUID) -> Response:
    """Publish a draft: it draws out of the versions that its questions have now."""
    row = await course_tests.publish_course_test(db, actor, test_id=test_id, now=now())
    return answer(row)


@router.post(
    "/course-tests/{test_id}/withdraw",
    operation_id="withdraw_course_test",
    response_model=CourseTestView,
)
async def withdraw_course_test(db: Transaction, actor: CurrentActor, test_id: UUID) -> Response:
    """Make a draft again of a test that nobody has begun."""
    row = await course_tests.withdraw_course_test(db, actor, test_id=test_id)
    return answer(row)
