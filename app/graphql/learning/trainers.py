"""Trainers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_assessments, trainer_courses, trainers
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
from app.domain.people import teachers
from app.domain.people.teachers import Subject
from app.domain.training.vocabulary import ActivityContent
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(trainers.TRAINERS, name="Trainer", description="导师 / somebody in a library of trainers")
class TrainerNode(Node, TrainerView):
    """Somebody in a library of trainers."""

    teacher = edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher, null for an outside expert",
    )
    courses = paged_edge(
        trainer_courses.trainer_courses_of,
        lazy("app.graphql.learning.trainer_courses", "TrainerCourseNode"),
        keys="trainer_ids",
        first=10,
        description="授课课程 / courses they give",
    )
    assessments = paged_edge(
        trainer_assessments.trainer_assessments_of,
        lazy("app.graphql.learning.trainer_assessments", "TrainerAssessmentNode"),
        keys="trainer_ids",
        first=10,
        description="考核 / how they were judged",
    )


@strawberry.pydantic.input(name="NewTrainer")
class NewTrainerInput(NewTrainer):
    """Somebody to be invited."""


@strawberry.pydantic.input(name="TrainerAnswer")
class TrainerAnswerInput(TrainerAnswer):
    """Whether an invitation is accepted."""


@strawberry.pydantic.input(name="TrainerChanges")
class TrainerChangesInput(TrainerChanges):
    """What of a trainer is to change."""


@strawberry.pydantic.input(name="TrainerRemoval")
class TrainerRemovalInput(TrainerRemoval):
    """Why somebody leaves a library."""


@strawberry.type
class TrainerQueries:
    """What may be asked: trainers."""

    @strawberry.field(description="导师列表 / trainers", graphql_type=Connection[TrainerNode])
    async def trainers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        teacher_id: UUID | None = None,
        state: TrainerState | None = None,
        engagement: TrainerEngagement | None = None,
        stage: Stage | None = None,
        subject: Subject | None = None,
        content: ActivityContent | None = None,
        is_external: bool | None = None,
    ) -> Any:
        """The trainers of the libraries in one's place, and oneself as one, by name (`name`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainers.list_trainers(
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
            ),
        )

    @strawberry.field(
        description="可邀请的导师 / trainers of the libraries above",
        graphql_type=Connection[TrainerNode],
    )
    async def known_trainers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        stage: Stage | None = None,
        subject: Subject | None = None,
        content: ActivityContent | None = None,
    ) -> Any:
        """The trainers on whom one's school or bureau may call today: of its own library and those above."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainers.list_known_trainers(
                db, actor, page=page, stage=stage, subject=subject, content=content
            ),
        )

    @strawberry.field(description="一名导师 / one trainer", graphql_type=TrainerNode)
    async def trainer(self, info: Info[Context], id: UUID) -> Any:
        """One trainer."""
        actor = info.context.actor
        return await info.context.read(lambda db: trainers.get_trainer(db, actor, trainer_id=id))


@strawberry.type
class TrainerMutations:
    """What may be done: trainers."""

    @strawberry.mutation(
        description="邀请导师入库 / invite into a library", graphql_type=TrainerNode
    )
    async def invite_trainer(self, info: Info[Context], new: NewTrainerInput) -> Any:
        """Invite somebody into the library of a school or a bureau."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainers.invite_trainer(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="修改导师信息 / change for what a trainer is kept", graphql_type=TrainerNode
    )
    async def update_trainer(
        self, info: Info[Context], trainer_id: UUID, changes: TrainerChangesInput
    ) -> Any:
        """Change for what a trainer is kept."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainers.update_trainer(db, actor, trainer_id=trainer_id, changes=changes)

    @strawberry.mutation(description="答复邀请 / accept or decline", graphql_type=TrainerNode)
    async def answer_trainer_invitation(
        self, info: Info[Context], trainer_id: UUID, reply: TrainerAnswerInput
    ) -> Any:
        """Accept or decline an invitation, as the teacher who was invited."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainers.answer_trainer_invitation(
                db, actor, trainer_id=trainer_id, reply=reply, now=now()
            )

    @strawberry.mutation(
        description="登记外聘专家的答复 / record an outside expert's answer",
        graphql_type=TrainerNode,
    )
    async def record_trainer_answer(
        self, info: Info[Context], trainer_id: UUID, reply: TrainerAnswerInput
    ) -> Any:
        """Record what an outside expert has answered."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainers.record_trainer_answer(
                db, actor, trainer_id=trainer_id, reply=reply, now=now()
            )

    @strawberry.mutation(
        description="退出导师库 / let somebody leave, with the reason", graphql_type=TrainerNode
    )
    async def remove_trainer(
        self, info: Info[Context], trainer_id: UUID, removal: TrainerRemovalInput
    ) -> Any:
        """Let somebody leave the library, or withdraw an invitation, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainers.remove_trainer(
                db, actor, trainer_id=trainer_id, removal=removal, now=now()
            )
