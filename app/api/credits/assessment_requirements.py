"""Assessment requirements over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.credits import assessment_requirements
from app.domain.credits.assessment_requirements import (
    AssessmentRequirementView,
    AssessmentTerm,
    NewRequirement,
    RequirementEnd,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/assessment-requirements",
    operation_id="list_assessment_requirements",
    response_model=PageOf[AssessmentRequirementView],
)
async def list_assessment_requirements(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    term: Annotated[AssessmentTerm | None, Query(description="考核周期 / term")] = None,
    in_force: Annotated[
        bool | None, Query(description="现行与否 / whether it is asked today")
    ] = None,
) -> Response:
    """What the schools in the actor's place ask of their teachers (`valid_from`)."""
    found = await assessment_requirements.list_assessment_requirements(
        db, actor, page=page, school_id=school_id, term=term, in_force=in_force
    )
    return answer_page(request, found, fields)


@router.get(
    "/school-assessment-requirements",
    operation_id="list_school_requirements",
    response_model=PageOf[AssessmentRequirementView],
)
async def list_school_requirements(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    term: Annotated[AssessmentTerm | None, Query(description="考核周期 / term")] = None,
) -> Response:
    """What the actor's own school asks today (`valid_from`)."""
    found = await assessment_requirements.list_school_requirements(db, actor, page=page, term=term)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/assessment-requirements",
    operation_id="set_assessment_requirement",
    response_model=AssessmentRequirementView,
    status_code=201,
)
async def set_assessment_requirement(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewRequirement
) -> Response:
    """Ask something of the teachers of a school."""
    row = await assessment_requirements.set_assessment_requirement(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/assessment-requirements/{requirement_id}/end",
    operation_id="end_assessment_requirement",
    response_model=AssessmentRequirementView,
)
async def end_assessment_requirement(
    db: Transaction, actor: CurrentActor, requirement_id: UUID, end: RequirementEnd
) -> Response:
    """No longer ask it, from a day on."""
    row = await assessment_requirements.end_assessment_requirement(
        db, actor, requirement_id=requirement_id, end=end, now=now()
    )
    return answer(row)
