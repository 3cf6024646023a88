"""Enrolments over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import enrolments, no_shows
from app.domain.training.enrolments import (
    EnrolledView,
    EnrolmentView,
    NewPlaces,
    Nomination,
    Placement,
    PlacesView,
    Withdrawal,
)
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
    """Enrol in an activity that is offered to the actor; a repeat answers the same enrolment.

    Where no place is left and the organiser keeps a waiting list, the answer is `waiting`, with the
    `position` in it.
    """
    row = await enrolments.enrol_oneself(db, actor, activity_id=activity_id, now=now())
    return answer(row)


@router.post(
    "/activities/{activity_id}/enrolment/withdraw",
    operation_id="withdraw_enrolment",
    response_model=EnrolmentView,
)
async def withdraw_enrolment(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Withdraw the actor's own enrolment; its place goes to the first who waits."""
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


@router.post(
    "/activities/{activity_id}/enrolment/decline",
    operation_id="decline_nomination",
    response_model=EnrolmentView,
)
async def decline_nomination(
    db: Transaction, actor: CurrentActor, activity_id: UUID, why: Withdrawal
) -> Response:
    """Decline, with a reason, the place for which the actor's school asked."""
    row = await enrolments.decline_nomination(
        db, actor, activity_id=activity_id, why=why, now=now()
    )
    return answer(row)


@router.get(
    "/activities/{activity_id}/places", operation_id="get_places", response_model=PlacesView
)
async def get_places(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """How the places of an activity are given, and how many are taken."""
    return answer(await enrolments.get_places(db, actor, activity_id=activity_id))


@router.put(
    "/activities/{activity_id}/places", operation_id="set_places", response_model=PlacesView
)
async def set_places(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewPlaces
) -> Response:
    """Decide how the places of an activity are given; those who wait have at once what is free."""
    row = await enrolments.set_places(db, actor, activity_id=activity_id, new=new, now=now())
    return answer(row)


@router.get(
    "/activities/{activity_id}/waiting",
    operation_id="list_waiting",
    response_model=PageOf[EnrolledView],
)
async def list_waiting(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """Who waits for a place in an activity that the actor organises (`turn`, `name`)."""
    found = await enrolments.list_waiting(db, actor, activity_id=activity_id, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/activities/{activity_id}/no-shows",
    operation_id="list_no_shows",
    response_model=PageOf[EnrolledView],
)
async def list_no_shows(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """Who had a place in what was held, and neither came nor had leave (`created`, `name`)."""
    found = await no_shows.list_no_shows(db, actor, activity_id=activity_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/units/{school_id}/nominations",
    operation_id="nominate_teachers",
    response_model=list[EnrolmentView],
)
async def nominate_teachers(
    db: Transaction, actor: CurrentActor, school_id: UUID, nomination: Nomination
) -> Response:
    """Enrol teachers of a school in an activity that is published to it."""
    row = await enrolments.nominate_teachers(
        db, actor, school_id=school_id, nomination=nomination, now=now()
    )
    return answer(row)


@router.post(
    "/activities/{activity_id}/enrolments",
    operation_id="enrol_teacher",
    response_model=EnrolmentView,
)
async def enrol_teacher(
    db: Transaction, actor: CurrentActor, activity_id: UUID, placement: Placement
) -> Response:
    """Give a teacher a place, with a reason, before those who wait."""
    row = await enrolments.enrol_teacher(
        db, actor, activity_id=activity_id, placement=placement, now=now()
    )
    return answer(row)


@router.post(
    "/activities/{activity_id}/enrolments/{teacher_id}/remove",
    operation_id="remove_enrolment",
    response_model=EnrolmentView,
)
async def remove_enrolment(
    db: Transaction, actor: CurrentActor, activity_id: UUID, teacher_id: UUID, why: Withdrawal
) -> Response:
    """Take back, with a reason, the place or the turn of a teacher."""
    row = await enrolments.remove_enrolment(
        db, actor, activity_id=activity_id, teacher_id=teacher_id, why=why, now=now()
    )
    return answer(row)
