"""Problems taken in, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training import problems
from app.domain.training.problems import (
    NewProblem,
    ProblemCount,
    ProblemMerger,
    ProblemReply,
    ProblemState,
    ProblemView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/problems", operation_id="list_problems", response_model=PageOf[ProblemView])
async def list_problems(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="所在单位 / unit")] = None,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    state: Annotated[ProblemState | None, Query(description="状态 / state")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    tag: Annotated[str | None, Query(max_length=20, description="标签 / tag")] = None,
) -> Response:
    """The problems that the actor may see, as they were stated (`created`)."""
    found = await problems.list_problems(
        db, actor, page=page, unit_id=unit_id, group_id=group_id, state=state, subject=subject,
        stage=stage, tag=tag,
    )  # fmt: skip
    await include.into("Problem", found.items)
    return answer_page(request, found, fields)


@router.post("/problems", operation_id="state_problem", response_model=ProblemView, status_code=201)
async def state_problem(db: Transaction, actor: CurrentActor, new: NewProblem) -> Response:
    """State a problem: for oneself, for a group that one leads, for a unit that one administers."""
    row = await problems.state_problem(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/problems/{row['id']}")


@router.get("/problems/{problem_id}", operation_id="get_problem", response_model=ProblemView)
async def get_problem(
    request: Request, db: Reading, actor: CurrentActor, problem_id: UUID, include: Include
) -> Response:
    """One problem, and what became of it."""
    row = await problems.get_problem(db, actor, problem_id=problem_id)
    await include.into("Problem", [row])
    return answer_one(request, row)


@router.post(
    "/problems/{problem_id}/take-in", operation_id="take_in_problem", response_model=ProblemView
)
async def take_in_problem(db: Transaction, actor: CurrentActor, problem_id: UUID) -> Response:
    """Take a problem in, to be worked on."""
    return answer(await problems.take_in_problem(db, actor, problem_id=problem_id, now=now()))


@router.post(
    "/problems/{problem_id}/answer", operation_id="answer_problem", response_model=ProblemView
)
async def answer_problem(
    db: Transaction, actor: CurrentActor, problem_id: UUID, reply: ProblemReply
) -> Response:
    """Answer a problem."""
    row = await problems.answer_problem(db, actor, problem_id=problem_id, reply=reply, now=now())
    return answer(row)


@router.post(
    "/problems/{problem_id}/merge", operation_id="merge_problem", response_model=ProblemView
)
async def merge_problem(
    db: Transaction, actor: CurrentActor, problem_id: UUID, merger: ProblemMerger
) -> Response:
    """Join a problem with another that says the same."""
    row = await problems.merge_problem(db, actor, problem_id=problem_id, merger=merger, now=now())
    return answer(row)


@router.get(
    "/units/{unit_id}/problem-counts",
    operation_id="list_problem_counts",
    response_model=list[ProblemCount],
)
async def list_problem_counts(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """How many problems were stated in a unit and below, by subject and stage."""
    return answer(await problems.list_problem_counts(db, actor, unit_id=unit_id))
