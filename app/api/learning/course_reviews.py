"""Reviews of courses over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import course_reviews
from app.domain.learning.course_reviews import CourseOpinion, CourseRetirement, CourseReviewView
from app.domain.learning.courses import CourseRevision, CourseView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/courses/{course_id}/reviews",
    operation_id="list_course_reviews",
    response_model=PageOf[CourseReviewView],
)
async def list_course_reviews(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    course_id: UUID,
) -> Response:
    """What was done with a course: by whom, when, with which opinion (`taken`)."""
    found = await course_reviews.list_course_reviews(db, actor, page=page, course_id=course_id)
    return answer_page(request, found, fields)


@router.post("/courses/{course_id}/submit", operation_id="submit_course", response_model=CourseView)
async def submit_course(db: Transaction, actor: CurrentActor, course_id: UUID) -> Response:
    """Declare a course to the superior; what it says is kept as a version."""
    row = await course_reviews.submit_course(db, actor, course_id=course_id, now=now())
    return answer(row)


@router.post(
    "/courses/{course_id}/revisions", operation_id="revise_course", response_model=CourseView
)
async def revise_course(
    db: Transaction, actor: CurrentActor, course_id: UUID, revision: CourseRevision
) -> Response:
    """Submit what an agreed course is to say; until it is agreed to, the course says what it said."""
    row = await course_reviews.revise_course(
        db, actor, course_id=course_id, revision=revision, now=now()
    )
    return answer(row)


@router.post(
    "/courses/{course_id}/withdraw", operation_id="withdraw_course", response_model=CourseView
)
async def withdraw_course(db: Transaction, actor: CurrentActor, course_id: UUID) -> Response:
    """Take a course, or a revision, back that has not been decided on."""
    row = await course_reviews.withdraw_course(db, actor, course_id=course_id, now=now())
    return answer(row)


@router.post("/courses/{course_id}/return", operation_id="return_course", response_model=CourseView)
async def return_course(
    db: Transaction, actor: CurrentActor, course_id: UUID, opinion: CourseOpinion
) -> Response:
    """Give a course back to be written on, and say why."""
    row = await course_reviews.return_course(
        db, actor, course_id=course_id, opinion=opinion, now=now()
    )
    return answer(row)


@router.post(
    "/courses/{course_id}/approve", operation_id="approve_course", response_model=CourseView
)
async def approve_course(
    db: Transaction, actor: CurrentActor, course_id: UUID, opinion: CourseOpinion
) -> Response:
    """Agree to a course, or to its revision."""
    row = await course_reviews.approve_course(
        db, actor, course_id=course_id, opinion=opinion, now=now()
    )
    return answer(row)


@router.post(
    "/courses/{course_id}/publish", operation_id="publish_course", response_model=CourseView
)
async def publish_course(db: Transaction, actor: CurrentActor, course_id: UUID) -> Response:
    """Put an agreed course into the catalogue of those it is for."""
    row = await course_reviews.publish_course(db, actor, course_id=course_id, now=now())
    return answer(row)


@router.post("/courses/{course_id}/retire", operation_id="retire_course", response_model=CourseView)
async def retire_course(
    db: Transaction, actor: CurrentActor, course_id: UUID, retirement: CourseRetirement
) -> Response:
    """Take an agreed course out of the catalogue, and say why."""
    row = await course_reviews.retire_course(
        db, actor, course_id=course_id, retirement=retirement, now=now()
    )
    return answer(row)
