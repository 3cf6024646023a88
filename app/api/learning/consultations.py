"""Consultations over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import consultations
from app.domain.learning.consultations import (
    ConsultationClosing,
    ConsultationMessageView,
    ConsultationState,
    ConsultationText,
    ConsultationTotals,
    ConsultationView,
    NewConsultation,
    OwnConsultationView,
)
from app.domain.people.teachers import Subject
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)

State = Annotated[ConsultationState | None, Query(description="状态 / state")]


@router.get(
    "/consultations",
    operation_id="list_consultations",
    response_model=PageOf[ConsultationView],
)
async def list_consultations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="提问教师 / who asks")] = None,
    adviser_id: Annotated[UUID | None, Query(description="指导教师 / adviser")] = None,
    state: State = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    offered: Annotated[
        bool | None, Query(description="本校教师公开的 / those that one's school shares")
    ] = None,
) -> Response:
    """One's own consultations and those in one's place that are not private (`created`, `due_on`)."""
    found = await consultations.list_consultations(
        db,
        actor,
        page=page,
        teacher_id=teacher_id,
        adviser_id=adviser_id,
        state=state,
        subject=subject,
        offered=bool(offered),
    )
    await include.into("Consultation", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/me/consultations",
    operation_id="list_own_consultations",
    response_model=PageOf[OwnConsultationView],
)
async def list_own_consultations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    state: State = None,
) -> Response:
    """The consultations in which one asks or is asked, with how they were rated."""
    found = await consultations.list_own_consultations(db, actor, page=page, state=state)
    return answer_page(request, found, fields)


@router.post(
    "/consultations",
    operation_id="ask_consultation",
    response_model=OwnConsultationView,
    status_code=201,
)
async def ask_consultation(db: Transaction, actor: CurrentActor, new: NewConsultation) -> Response:
    """Ask an adviser: a trainer, one's mentor, or the head of one's group."""
    row = await consultations.ask_consultation(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/consultations/{row['id']}")


@router.get(
    "/consultations/{consultation_id}",
    operation_id="get_consultation",
    response_model=ConsultationView,
)
async def get_consultation(
    request: Request, db: Reading, actor: CurrentActor, consultation_id: UUID, include: Include
) -> Response:
    """One consultation."""
    row = await consultations.get_consultation(db, actor, consultation_id=consultation_id)
    await include.into("Consultation", [row])
    return answer_one(request, row)


@router.get(
    "/consultations/{consultation_id}/messages",
    operation_id="list_consultation_messages",
    response_model=PageOf[ConsultationMessageView],
)
async def list_consultation_messages(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    consultation_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """The questions and answers, in their order."""
    found = await consultations.list_consultation_messages(
        db, actor, consultation_id=consultation_id, page=page
    )
    return answer_page(request, found, fields)


@router.post(
    "/consultations/{consultation_id}/answer",
    operation_id="answer_consultation",
    response_model=OwnConsultationView,
)
async def answer_consultation(
    db: Transaction, actor: CurrentActor, consultation_id: UUID, new: ConsultationText
) -> Response:
    """Answer what one was asked."""
    return answer(
        await consultations.answer_consultation(
            db, actor, consultation_id=consultation_id, new=new, now=now()
        )
    )


@router.post(
    "/consultations/{consultation_id}/ask-further",
    operation_id="ask_further",
    response_model=OwnConsultationView,
)
async def ask_further(
    db: Transaction, actor: CurrentActor, consultation_id: UUID, new: ConsultationText
) -> Response:
    """Ask further in a consultation of one's own."""
    return answer(
        await consultations.ask_further(
            db, actor, consultation_id=consultation_id, new=new, now=now()
        )
    )


@router.post(
    "/consultations/{consultation_id}/close",
    operation_id="close_consultation",
    response_model=OwnConsultationView,
)
async def close_consultation(
    db: Transaction, actor: CurrentActor, consultation_id: UUID, closing: ConsultationClosing
) -> Response:
    """Close a consultation of one's own, and rate it where it was answered."""
    return answer(
        await consultations.close_consultation(
            db, actor, consultation_id=consultation_id, closing=closing, now=now()
        )
    )


@router.get(
    "/teachers/{teacher_id}/consultation-totals",
    operation_id="get_consultation_totals",
    response_model=ConsultationTotals,
)
async def get_consultation_totals(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    year: Annotated[
        int | None,
        Query(ge=2000, le=2999, description="年份，默认本年 / year, this one by default"),
    ] = None,
) -> Response:
    """What a teacher was asked as an adviser in a year, in numbers."""
    return answer(
        await consultations.get_consultation_totals(
            db, actor, teacher_id=teacher_id, year=year, now=now()
        )
    )
