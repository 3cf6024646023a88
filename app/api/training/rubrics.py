"""Rubrics of lesson observation over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import rubrics
from app.domain.training.rubrics import NewRubric, RubricFields, RubricView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/rubrics", tags=["training"], route_class=Route)


@router.get("", operation_id="list_rubrics", response_model=PageOf[RubricView])
async def list_rubrics(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="发布单位 / unit that published it")] = None,
    code: Annotated[str | None, Query(max_length=40, description="量表代码 / code")] = None,
) -> Response:
    """The rubrics of the units at and above the actor (`created`)."""
    found = await rubrics.list_rubrics(db, actor, page=page, unit_id=unit_id, code=code)
    return answer_page(request, found, fields)


@router.post("", operation_id="publish_rubric", response_model=RubricView, status_code=201)
async def publish_rubric(db: Transaction, actor: CurrentActor, new: NewRubric) -> Response:
    """Publish a rubric of a unit; one of a code that there is becomes its next version."""
    row = await rubrics.publish_rubric(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/rubrics/{row['id']}")


@router.get("/standard", operation_id="get_standard_rubric", response_model=RubricFields)
async def get_standard_rubric(db: Reading, actor: CurrentActor) -> Response:
    """The rubric that is used where none is named, ready to be published as one's own."""
    return answer(await rubrics.get_standard_rubric(db, actor))


@router.get("/{rubric_id}", operation_id="get_rubric", response_model=RubricView)
async def get_rubric(
    request: Request, db: Reading, actor: CurrentActor, rubric_id: UUID
) -> Response:
    """One rubric."""
    return answer_one(request, await rubrics.get_rubric(db, actor, rubric_id=rubric_id))
