"""Trainers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.learning import trainers
from app.domain.learning.trainers import (
    NewTrainer,
    TrainerAnswer,
    TrainerChanges,
    TrainerEngagement,
    TrainerRemoval,
    TrainerState,
    TrainerView,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.vocabulary import ActivityContent
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/trainers", operation_id="list_trainers", response_model=PageOf[TrainerView])
async def list_trainers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[
        UUID | None, Query(description="导师库所属单位 / unit whose library it is")
    ] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    state: Annotated[TrainerState | None, Query(description="状态 / state")] = None,
    engagement: Annotated[
        TrainerEngagement | None, Query(description="专职或兼职 / full-time or part-time")
    ] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    content: Annotated[ActivityContent | None, Query(description="研修内容 / content")] = None,
    is_external: Annotated[
        bool | None, Query(description="是否外聘 / whether from outside")
    ] = None,
) -> Response:
    """The trainers of the libraries in one's place, and oneself as one, by name (`name`, `created`)."""
    found = await trainers.list_trainers(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        teacher_id=teacher_id,
        state=state,
        engagement=engagement,
        stage=stage,
        subject=subject,
        content=content,
        is_external=is_external,
    )
    await include.into("Trainer", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/known-trainers", operation_id="list_known_trainers", response_model=PageOf[TrainerView]
)
async def list_known_trainers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    content: Annotated[ActivityContent | None, Query(description="研修内容 / content")] = None,
) -> Response:
    """The trainers on whom one's school or bureau may call today: of its own library and those above."""
    found = await trainers.list_known_trainers(
        db, actor, page=page, stage=stage, subject=subject, content=content
    )
    await include.into("Trainer", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/trainers", operation_id="invite_trainer", response_model=TrainerView, status_code=201
)
async def invite_trainer(db: Transaction, actor: CurrentActor, new: NewTrainer) -> Response:
    """Invite somebody into the library of a school or a bureau."""
    row = await trainers.invite_trainer(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/trainers/{row['id']}")


@router.get("/trainers/{trainer_id}", operation_id="get_trainer", response_model=TrainerView)
async def get_trainer(
    request: Request, db: Reading, actor: CurrentActor, trainer_id: UUID, include: Include
) -> Response:
    """One trainer."""
    row = await trainers.get_trainer(db, actor, trainer_id=trainer_id)
    await include.into("Trainer", [row])
    return answer_one(request, row)


@router.patch(
    "/trainers/{trainer_id}",
    operation_id="update_trainer",
    response_model=TrainerView,
    openapi_extra=IF_MATCH,
)
async def update_trainer(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    trainer_id: UUID,
    changes: TrainerChanges,
) -> Response:
    """Change for what a trainer is kept."""
    found = await trainers.get_trainer(db, actor, trainer_id=trainer_id, lock=True)
    check_if_match(request, found)
    row = await trainers.update_trainer(db, actor, trainer_id=trainer_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/trainers/{trainer_id}/answer",
    operation_id="answer_trainer_invitation",
    response_model=TrainerView,
)
async def answer_trainer_invitation(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, reply: TrainerAnswer
) -> Response:
    """Accept or decline an invitation, as the teacher who was invited."""
    return answer(
        await trainers.answer_trainer_invitation(
            db, actor, trainer_id=trainer_id, reply=reply, now=now()
        )
    )


@router.post(
    "/trainers/{trainer_id}/record-answer",
    operation_id="record_trainer_answer",
    response_model=TrainerView,
)
async def record_trainer_answer(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, reply: TrainerAnswer
) -> Response:
    """Record what an outside expert has answered."""
    return answer(
        await trainers.record_trainer_answer(
            db, actor, trainer_id=trainer_id, reply=reply, now=now()
        )
    )


@router.post(
    "/trainers/{trainer_id}/remove", operation_id="remove_trainer", response_model=TrainerView
)
async def remove_trainer(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, removal: TrainerRemoval
) -> Response:
    """Let somebody leave the library, or withdraw an invitation, with the reason."""
    return answer(
        await trainers.remove_trainer(db, actor, trainer_id=trainer_id, removal=removal, now=now())
    )
