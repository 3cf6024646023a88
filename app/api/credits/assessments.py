"""Assessments of teachers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.credits import assessments
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments import AssessmentView, Judgement, NewAssessment, ReachedView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get("/assessments", operation_id="list_assessments", response_model=PageOf[AssessmentView])
async def list_assessments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    term: Annotated[AssessmentTerm | None, Query(description="考核周期 / term")] = None,
    starts_on: Annotated[date | None, Query(description="起始日 / first day of the term")] = None,
    judgement: Annotated[Judgement | None, Query(description="考核等次 / judgement")] = None,
) -> Response:
    """The results in the actor's place, and one's own (`starts_on`, `created`)."""
    found = await assessments.list_assessments(
        db,
        actor,
        page=page,
        teacher_id=teacher_id,
        school_id=school_id,
        term=term,
        starts_on=starts_on,
        judgement=judgement,
    )
    return answer_page(request, found, fields)


@router.get(
    "/assessments/{assessment_id}/figures",
    operation_id="list_assessment_figures",
    response_model=list[ReachedView],
)
async def list_assessment_figures(
    db: Reading, actor: CurrentActor, assessment_id: UUID
) -> Response:
    """What was counted when a result was recorded."""
    found = await assessments.list_assessment_figures(db, actor, assessment_id=assessment_id)
    return answer(found)


@router.get(
    "/units/{unit_id}/assessment-figures",
    operation_id="list_school_reached",
    response_model=list[ReachedView],
)
async def list_school_reached(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    term: Annotated[AssessmentTerm, Query(description="考核周期 / term")] = AssessmentTerm.YEAR,
    starts_on: Annotated[date | None, Query(description="起始日 / first day of the term")] = None,
    ends_on: Annotated[
        date | None, Query(description="终止日（含） / last day of the term")
    ] = None,
) -> Response:
    """What each teacher of a school reached of what it asks."""
    found = await assessments.list_school_reached(
        db, actor, unit_id=unit_id, term=term, starts_on=starts_on, ends_on=ends_on, now=now()
    )
    return answer(found)


@router.get(
    "/teachers/{teacher_id}/assessment-figures",
    operation_id="list_teacher_reached",
    response_model=list[ReachedView],
)
async def list_teacher_reached(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    term: Annotated[AssessmentTerm, Query(description="考核周期 / term")] = AssessmentTerm.YEAR,
    starts_on: Annotated[date | None, Query(description="起始日 / first day of the term")] = None,
    ends_on: Annotated[
        date | None, Query(description="终止日（含） / last day of the term")
    ] = None,
) -> Response:
    """What one teacher reached of what the school asks."""
    found = await assessments.list_teacher_reached(
        db, actor, teacher_id=teacher_id, term=term, starts_on=starts_on, ends_on=ends_on, now=now()
    )
    return answer(found)


@router.post(
    "/teachers/{teacher_id}/assessments",
    operation_id="record_assessment",
    response_model=AssessmentView,
    status_code=201,
)
async def record_assessment(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewAssessment
) -> Response:
    """Enter into the file how a teacher's term is judged."""
    row = await assessments.record_assessment(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer(row, 201)
