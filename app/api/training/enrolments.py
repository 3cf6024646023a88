"""Enrolments over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import enrolments
from app.domain.training.enrolments import EnrolledView, EnrolmentView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/enrolments",
    operation_id="list_enrolments",
    response_model=PageOf[EnrolledView],
)
async def list_enrolments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """Who is enrolled in an activity that the actor organises (`created`, `name`)."""
    found = await enrolments.list_enrolments(db, actor, activity_id=activity_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/activities/{activity_id}/enrolment",
    operation_id="enrol_oneself",
    response_model=EnrolmentView,
)
async def enrol_oneself(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Enrol in an activity that is offered to the actor; a repeat answers the same enrolment."""
    row = await enrolments.enrol_oneself(db, actor, activity_id=activity_id, now=now())
    return answer(row)


@router.post(
    "/activities/{activity_id}/enrolment/withdraw",
    operation_id="withdraw_enrolment",
    response_model=EnrolmentView,
)
async def withdraw_enrolment(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Withdraw the actor's own enrolment; its place is free again."""
    row = await enrolments.withdraw_enrolment(db, actor, activity_id=activity_id, now=now())
    return answer(row)


@router.get(
    "/teachers/{teacher_id}/enrolments",
    operation_id="list_teacher_enrolments",
    response_model=PageOf[EnrolmentView],
)
async def list_teacher_enrolments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The enrolments of one teacher, withdrawn ones included (`created`)."""
    found = await enrolments.list_teacher_enrolments(db, actor, teacher_id=teacher_id, page=page)
    await include.into("Enrolment", found.items)
    return answer_page(request, found, fields)
