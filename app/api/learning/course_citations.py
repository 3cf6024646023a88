"""Citations of courses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import course_citations
from app.domain.learning.course_citations import CourseCitationView
from app.domain.training.citations import CitedKind, NewCitation
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/course-citations",
    operation_id="list_course_citations",
    response_model=PageOf[CourseCitationView],
)
async def list_course_citations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    course_id: Annotated[UUID | None, Query(description="课程 / course")] = None,
    cited_id: Annotated[UUID | None, Query(description="所依据对象 / key of what is cited")] = None,
    kind: Annotated[CitedKind | None, Query(description="依据类型 / kind")] = None,
) -> Response:
    """What a course answers, or which courses answer something (`created`)."""
    found = await course_citations.list_course_citations(
        db, actor, page=page, course_id=course_id, cited_id=cited_id, kind=kind
    )
    return answer_page(request, found, fields)


@router.post(
    "/courses/{course_id}/citations",
    operation_id="add_course_citation",
    response_model=CourseCitationView,
    status_code=201,
)
async def add_course_citation(
    db: Transaction, actor: CurrentActor, course_id: UUID, new: NewCitation
) -> Response:
    """Say what a course that is being written answers."""
    row = await course_citations.add_course_citation(
        db, actor, course_id=course_id, new=new, now=now()
    )
    return answer(row, 201)


@router.delete(
    "/course-citations/{citation_id}",
    operation_id="remove_course_citation",
    response_model=CourseCitationView,
)
async def remove_course_citation(
    db: Transaction, actor: CurrentActor, citation_id: UUID
) -> Response:
    """Take a citation out of a course that is being written; what it was."""
    row = await course_citations.remove_course_citation(db, actor, citation_id=citation_id)
    return answer(row)
