"""Runs of courses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import course_runs
from app.domain.learning.course_runs import (
    CourseRunChanges,
    CourseRunFigures,
    CourseRunView,
    NewCourseRun,
    RunConclusion,
    RunJudgement,
    RunState,
)
from app.domain.training.school_calendars import Semester
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)

CourseId = Annotated[UUID | None, Query(description="课程 / course")]
UnitId = Annotated[UUID | None, Query(description="开课单位 / unit that gives it")]
OfState = Annotated[RunState | None, Query(description="状态 / state")]


@router.get("/course-runs", operation_id="list_course_runs", response_model=PageOf[CourseRunView])
async def list_course_runs(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    course_id: CourseId = None,
    unit_id: UnitId = None,
    cohort_id: Annotated[UUID | None, Query(description="培训项目期次 / cohort")] = None,
    state: OfState = None,
    school_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="学年起始年 / school year")
    ] = None,
    semester: Annotated[Semester | None, Query(description="学期 / term")] = None,
) -> Response:
    """The runs in the actor's place, by first day unless sorted otherwise (`starts_on`, `created`)."""
    found = await course_runs.list_course_runs(
        db,
        actor,
        page=page,
        course_id=course_id,
        unit_id=unit_id,
        cohort_id=cohort_id,
        state=state,
        school_year=school_year,
        semester=semester,
    )
    await include.into("CourseRun", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/offered-course-runs",
    operation_id="list_offered_course_runs",
    response_model=PageOf[CourseRunView],
)
async def list_offered_course_runs(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    course_id: CourseId = None,
    unit_id: UnitId = None,
    state: OfState = None,
) -> Response:
    """The runs of which a class is published to the actor, by first day (`starts_on`, `created`)."""
    found = await course_runs.list_offered_course_runs(
        db, actor, page=page, course_id=course_id, unit_id=unit_id, state=state
    )
    await include.into("CourseRun", found.items)
    return answer_page(request, found, fields)


@router.get("/course-runs/{run_id}", operation_id="get_course_run", response_model=CourseRunView)
async def get_course_run(
    request: Request, db: Reading, actor: CurrentActor, run_id: UUID, include: Include
) -> Response:
    """One run, in the actor's place or of which a class is published to the actor."""
    row = await course_runs.get_course_run(db, actor, run_id=run_id)
    await include.into("CourseRun", [row])
    return answer_one(request, row)


@router.get(
    "/course-runs/{run_id}/figures",
    operation_id="get_course_run_figures",
    response_model=CourseRunFigures,
)
async def get_course_run_figures(
    request: Request, db: Reading, actor: CurrentActor, run_id: UUID
) -> Response:
    """What a run has come to: places, people, hours, satisfaction."""
    row = await course_runs.get_course_run_figures(db, actor, run_id=run_id)
    return answer_one(request, row)


@router.post(
    "/courses/{course_id}/runs",
    operation_id="open_course_run",
    response_model=CourseRunView,
    status_code=201,
)
async def open_course_run(
    db: Transaction, actor: CurrentActor, course_id: UUID, new: NewCourseRun
) -> Response:
    """Open a run of the approved version of a course."""
    row = await course_runs.open_course_run(db, actor, course_id=course_id, new=new, now=now())
    return answer_created(row, f"/api/v1/course-runs/{row['id']}")


@router.patch(
    "/course-runs/{run_id}", operation_id="update_course_run", response_model=CourseRunView
)
async def update_course_run(
    db: Transaction, actor: CurrentActor, run_id: UUID, changes: CourseRunChanges
) -> Response:
    """Change what an open run is called and when it is."""
    row = await course_runs.update_course_run(db, actor, run_id=run_id, changes=changes)
    return answer(row)


@router.post(
    "/course-runs/{run_id}/conclude",
    operation_id="conclude_course_run",
    response_model=CourseRunView,
)
async def conclude_course_run(
    db: Transaction, actor: CurrentActor, run_id: UUID, conclusion: RunConclusion
) -> Response:
    """Say what came of a run all of whose classes have ended."""
    row = await course_runs.conclude_course_run(
        db, actor, run_id=run_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.post(
    "/course-runs/{run_id}/cancel", operation_id="cancel_course_run", response_model=CourseRunView
)
async def cancel_course_run(
    db: Transaction, actor: CurrentActor, run_id: UUID, conclusion: RunConclusion
) -> Response:
    """Say why a run is not given."""
    row = await course_runs.cancel_course_run(
        db, actor, run_id=run_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.post(
    "/course-runs/{run_id}/judge", operation_id="judge_course_run", response_model=CourseRunView
)
async def judge_course_run(
    db: Transaction, actor: CurrentActor, run_id: UUID, judgement: RunJudgement
) -> Response:
    """Judge a concluded run, for the superior of who gave it."""
    row = await course_runs.judge_course_run(
        db, actor, run_id=run_id, judgement=judgement, now=now()
    )
    return answer(row)
