"""What players told of who learns, as records of ours."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_one, answer_page
from app.domain.learning import learning_records
from app.domain.learning.learning_records import LearningRecordView
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(prefix="/learning-records", tags=["learning"], route_class=Route)


@router.get("", operation_id="list_learning_records", response_model=PageOf[LearningRecordView])
async def list_learning_records(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / class")] = None,
    verb: Annotated[str | None, Query(max_length=500, description="动词 IRI / verb")] = None,
) -> Response:
    """The records of the teachers whom the actor may see, as they were stored (`stored`)."""
    found = await learning_records.list_learning_records(
        db, actor, page=page, teacher_id=teacher_id, activity_id=activity_id, verb=verb
    )
    return answer_page(request, found, fields)


@router.get("/{record_id}", operation_id="get_learning_record", response_model=LearningRecordView)
async def get_learning_record(
    request: Request, db: Reading, actor: CurrentActor, record_id: UUID
) -> Response:
    """One record; the statement itself is at `/xapi/statements?statementId=`."""
    found = await learning_records.get_learning_record(db, actor, record_id=record_id)
    return answer_one(request, found)
