"""Completion of courses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.learning import course_completions
from app.domain.learning.course_completions import (
    CompletionCorrection,
    CompletionsSettled,
    CourseCompletionView,
    CourseProgress,
    JudgementsKept,
    NewCourseJudgements,
    SettledCompletionView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/activities/{activity_id}/class-progress",
    operation_id="list_class_progress",
    response_model=list[CourseProgress],
)
async def list_class_progress(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """How far everybody in a class that the actor organises has come, condition by condition."""
    return answer(await course_completions.list_class_progress(db, actor, activity_id=activity_id))


@router.get(
    "/teachers/{teacher_id}/course-progress/{activity_id}",
    operation_id="get_course_progress",
    response_model=CourseProgress,
)
async def get_course_progress(
    db: Reading, actor: CurrentActor, teacher_id: UUID, activity_id: UUID
) -> Response:
    """How far one teacher has come in a class, by the key of its activity."""
    return answer(
        await course_completions.get_course_progress(
            db, actor, activity_id=activity_id, teacher_id=teacher_id
        )
    )


@router.post(
    "/activities/{activity_id}/course-judgements",
    operation_id="judge_course_participants",
    response_model=JudgementsKept,
)
async def judge_course_participants(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewCourseJudgements
) -> Response:
    """Judge participants of a class whose course asks for it; nobody judges themselves."""
    return answer(
        await course_completions.judge_course_participants(
            db, actor, activity_id=activity_id, new=new, now=now()
        )
    )


@router.post(
    "/activities/{activity_id}/course-completions",
    operation_id="settle_course_completions",
    response_model=CompletionsSettled,
)
async def settle_course_completions(
    db: Transaction, actor: CurrentActor, activity_id: UUID
) -> Response:
    """Settle who completed a closed class; whoever was settled before stays as they are."""
    return answer(
        await course_completions.settle_course_completions(
            db, actor, activity_id=activity_id, now=now()
        )
    )


@router.get(
    "/activities/{activity_id}/course-completions",
    operation_id="list_course_completions",
    response_model=PageOf[SettledCompletionView],
)
async def list_course_completions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    completed: Annotated[bool | None, Query(description="是否结业 / whether completed")] = None,
) -> Response:
    """What was settled of a class that the actor organises (`created`, `name`)."""
    found = await course_completions.list_course_completions(
        db, actor, activity_id=activity_id, page=page, completed=completed
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/course-completions",
    operation_id="list_teacher_course_completions",
    response_model=PageOf[CourseCompletionView],
)
async def list_teacher_course_completions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """What was settled of one teacher, corrected ones included (`created`)."""
    found = await course_completions.list_teacher_course_completions(
        db, actor, teacher_id=teacher_id, page=page
    )
    await include.into("CourseCompletion", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/course-completions/{completion_id}",
    operation_id="get_course_completion",
    response_model=CourseCompletionView,
)
async def get_course_completion(
    request: Request, db: Reading, actor: CurrentActor, completion_id: UUID, include: Include
) -> Response:
    """One completion: one's own, or of a teacher in the actor's place."""
    row = await course_completions.get_course_completion(db, actor, completion_id=completion_id)
    await include.into("CourseCompletion", [row])
    return answer_one(request, row)


@router.post(
    "/course-completions/{completion_id}/correct",
    operation_id="correct_course_completion",
    response_model=SettledCompletionView,
)
async def correct_course_completion(
    db: Transaction, actor: CurrentActor, completion_id: UUID, correction: CompletionCorrection
) -> Response:
    """Say otherwise of somebody, and why; what was settled stays to be read."""
    return answer(
        await course_completions.correct_course_completion(
            db, actor, completion_id=completion_id, correction=correction, now=now()
        )
    )
