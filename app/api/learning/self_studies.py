"""Self-study courses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import self_studies
from app.domain.learning.self_studies import (
    MilestoneReport,
    MilestoneView,
    NewSelfStudy,
    SelfStudyChanges,
    SelfStudyConclusion,
    SelfStudyDecision,
    SelfStudyEnd,
    SelfStudyState,
    SelfStudyView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/self-studies", operation_id="list_self_studies", response_model=PageOf[SelfStudyView])
async def list_self_studies(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    state: Annotated[SelfStudyState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The self-studies in the actor's place, by first day unless sorted otherwise (`starts_on`, `created`)."""
    found = await self_studies.list_self_studies(
        db, actor, page=page, teacher_id=teacher_id, school_id=school_id, state=state
    )
    await include.into("SelfStudy", found.items)
    return answer_page(request, found, fields)


@router.get("/self-studies/{study_id}", operation_id="get_self_study", response_model=SelfStudyView)
async def get_self_study(
    request: Request, db: Reading, actor: CurrentActor, study_id: UUID, include: Include
) -> Response:
    """One self-study: one's own, or of a teacher in the actor's place."""
    row = await self_studies.get_self_study(db, actor, study_id=study_id)
    await include.into("SelfStudy", [row])
    return answer_one(request, row)


@router.get(
    "/self-studies/{study_id}/milestones",
    operation_id="list_self_study_milestones",
    response_model=PageOf[MilestoneView],
)
async def list_self_study_milestones(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    study_id: UUID,
) -> Response:
    """The milestones of a self-study in their order (`ordinal`)."""
    found = await self_studies.list_self_study_milestones(db, actor, page=page, study_id=study_id)
    return answer_page(request, found, fields)


@router.post(
    "/teachers/{teacher_id}/self-studies",
    operation_id="draft_self_study",
    response_model=SelfStudyView,
    status_code=201,
)
async def draft_self_study(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewSelfStudy
) -> Response:
    """Draft a self-study of a teacher, with its milestones."""
    row = await self_studies.draft_self_study(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer_created(row, f"/api/v1/self-studies/{row['id']}")


@router.patch(
    "/self-studies/{study_id}", operation_id="update_self_study", response_model=SelfStudyView
)
async def update_self_study(
    db: Transaction, actor: CurrentActor, study_id: UUID, changes: SelfStudyChanges
) -> Response:
    """Change a self-study that is being written."""
    row = await self_studies.update_self_study(db, actor, study_id=study_id, changes=changes)
    return answer(row)


@router.post(
    "/self-studies/{study_id}/submit",
    operation_id="submit_self_study",
    response_model=SelfStudyView,
)
async def submit_self_study(db: Transaction, actor: CurrentActor, study_id: UUID) -> Response:
    """Hand the plan of a self-study to the school."""
    row = await self_studies.submit_self_study(db, actor, study_id=study_id, now=now())
    return answer(row)


@router.post(
    "/self-studies/{study_id}/decide",
    operation_id="decide_self_study",
    response_model=SelfStudyView,
)
async def decide_self_study(
    db: Transaction, actor: CurrentActor, study_id: UUID, decision: SelfStudyDecision
) -> Response:
    """Agree to the plan or the conclusion that waits, or give it back."""
    row = await self_studies.decide_self_study(
        db, actor, study_id=study_id, decision=decision, now=now()
    )
    return answer(row)


@router.post(
    "/self-study-milestones/{milestone_id}/report",
    operation_id="report_self_study_milestone",
    response_model=MilestoneView,
)
async def report_self_study_milestone(
    db: Transaction, actor: CurrentActor, milestone_id: UUID, report: MilestoneReport
) -> Response:
    """Report what was done for a milestone, with what shows it."""
    row = await self_studies.report_self_study_milestone(
        db, actor, milestone_id=milestone_id, report=report, now=now()
    )
    return answer(row)


@router.post(
    "/self-studies/{study_id}/report",
    operation_id="report_self_study",
    response_model=SelfStudyView,
)
async def report_self_study(
    db: Transaction, actor: CurrentActor, study_id: UUID, conclusion: SelfStudyConclusion
) -> Response:
    """Hand the conclusion to the school, once all milestones were reported."""
    row = await self_studies.report_self_study(
        db, actor, study_id=study_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.post(
    "/self-studies/{study_id}/end", operation_id="end_self_study", response_model=SelfStudyView
)
async def end_self_study(
    db: Transaction, actor: CurrentActor, study_id: UUID, end: SelfStudyEnd
) -> Response:
    """Give a self-study up, and say why."""
    row = await self_studies.end_self_study(db, actor, study_id=study_id, end=end, now=now())
    return answer(row)
