"""Goals over REST: set and reported by the teacher, answered by the school."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.people import goals
from app.domain.people.goals import GoalAppraisal, GoalReport, GoalView, NewGoal
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/goals", tags=["people"], route_class=Route)


@router.get("", operation_id="list_goals", response_model=PageOf[GoalView])
async def list_goals(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    reported: Annotated[bool | None, Query(description="是否已自评 / reported on")] = None,
) -> Response:
    """One's own goals and those of one's place, the first due first (`due_on`, `created`)."""
    found = await goals.list_goals(
        db, actor, page=page, teacher_id=teacher_id, school_id=school_id, reported=reported
    )
    await include.into("Goal", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="set_goal", response_model=GoalView, status_code=201)
async def set_goal(db: Transaction, actor: CurrentActor, new: NewGoal) -> Response:
    """Set oneself a goal."""
    row = await goals.set_goal(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/goals/{row['id']}")


@router.get("/{goal_id}", operation_id="get_goal", response_model=GoalView)
async def get_goal(
    request: Request, db: Reading, actor: CurrentActor, goal_id: UUID, include: Include
) -> Response:
    """One goal."""
    row = await goals.get_goal(db, actor, goal_id=goal_id)
    await include.into("Goal", [row])
    return answer_one(request, row)


@router.post("/{goal_id}/report", operation_id="report_goal", response_model=GoalView)
async def report_goal(
    db: Transaction, actor: CurrentActor, goal_id: UUID, report: GoalReport
) -> Response:
    """Say what came of one's own goal."""
    row = await goals.report_goal(db, actor, goal_id=goal_id, report=report, now=now())
    return answer(row)


@router.post("/{goal_id}/appraise", operation_id="appraise_goal", response_model=GoalView)
async def appraise_goal(
    db: Transaction, actor: CurrentActor, goal_id: UUID, appraisal: GoalAppraisal
) -> Response:
    """Say what the school thinks of it; this closes the goal."""
    row = await goals.appraise_goal(db, actor, goal_id=goal_id, appraisal=appraisal, now=now())
    return answer(row)
