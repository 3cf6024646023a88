"""Assessments of trainers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import trainer_assessments, trainers
from app.domain.learning.trainer_assessments import (
    NewTrainerAssessment,
    TrainerAssessmentView,
    TrainerGrade,
)
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.trainers import TrainerNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    trainer_assessments.TRAINER_ASSESSMENTS,
    name="TrainerAssessment",
    description="导师考核 / a judgement of a trainer",
)
class TrainerAssessmentNode(Node, TrainerAssessmentView):
    """A judgement of a trainer."""

    trainer = edge(
        trainers.trainers_by_id,
        TrainerNode,
        many=False,
        keys="trainer_ids",
        key="trainer_id",
        description="导师 / trainer",
    )


@strawberry.pydantic.input(name="NewTrainerAssessment")
class NewTrainerAssessmentInput(NewTrainerAssessment):
    """A judgement of one appearance, or of one year."""


@strawberry.type
class TrainerAssessmentQueries:
    """What may be asked: assessments of trainers."""

    @strawberry.field(
        description="导师考核列表 / assessments of trainers",
        graphql_type=Connection[TrainerAssessmentNode],
    )
    async def trainer_assessments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        trainer_id: UUID | None = None,
        year: int | None = None,
        grade: TrainerGrade | None = None,
    ) -> Any:
        """The assessments of oneself and of the trainers in one's place (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: trainer_assessments.list_trainer_assessments(
                db, actor, page=page, trainer_id=trainer_id, year=year, grade=grade
            ),
        )

    @strawberry.field(
        description="一次导师考核 / one assessment", graphql_type=TrainerAssessmentNode
    )
    async def trainer_assessment(self, info: Info[Context], id: UUID) -> Any:
        """One assessment."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: trainer_assessments.get_trainer_assessment(db, actor, assessment_id=id)
        )


@strawberry.type
class TrainerAssessmentMutations:
    """What may be done: assessments of trainers."""

    @strawberry.mutation(
        description="考核导师 / judge an appearance or a year", graphql_type=TrainerAssessmentNode
    )
    async def assess_trainer(
        self, info: Info[Context], trainer_id: UUID, new: NewTrainerAssessmentInput
    ) -> Any:
        """Judge an appearance or a year of a trainer; nobody judges themselves."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await trainer_assessments.assess_trainer(
                db, actor, trainer_id=trainer_id, new=new, now=now()
            )
