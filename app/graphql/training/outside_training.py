"""Training attended elsewhere over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import outside_training
from app.domain.training.outside_training import (
    NewOutsideTraining,
    OutsideTrainingReturn,
    OutsideTrainingState,
    OutsideTrainingView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    outside_training.OUTSIDE_TRAINING,
    name="OutsideTraining",
    description="校外培训 / training attended elsewhere",
)
class OutsideTrainingNode(Node, OutsideTrainingView):
    """What a teacher attended elsewhere."""


@strawberry.pydantic.input(name="NewOutsideTraining")
class NewOutsideTrainingInput(NewOutsideTraining):
    """What was attended elsewhere."""


@strawberry.pydantic.input(name="OutsideTrainingReturn")
class OutsideTrainingReturnInput(OutsideTrainingReturn):
    """Why a statement is returned."""


@strawberry.type
class OutsideTrainingQueries:
    """What may be asked about training attended elsewhere."""

    @strawberry.field(description="一项校外培训 / one of them", graphql_type=OutsideTrainingNode)
    async def outside_training(self, info: Info[Context], id: UUID) -> Any:
        """One training elsewhere."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: outside_training.get_outside_training(db, actor, training_id=id)
        )

    @strawberry.field(
        description="管理范围内教师的校外培训 / of the teachers of the actor's place",
        graphql_type=Connection[OutsideTrainingNode],
    )
    async def outside_trainings(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        state: OutsideTrainingState | None = None,
    ) -> Any:
        """A page of what teachers attended elsewhere."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: outside_training.list_outside_trainings(
                db, actor, page=page, school_id=school_id, state=state
            ),
        )

    @strawberry.field(
        description="教师的校外培训 / of one teacher", graphql_type=Connection[OutsideTrainingNode]
    )
    async def teacher_outside_trainings(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: OutsideTrainingState | None = None,
    ) -> Any:
        """A page of what a teacher attended elsewhere."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: outside_training.list_teacher_outside_trainings(
                db, actor, teacher_id=teacher_id, page=page, state=state
            ),
        )


@strawberry.type
class OutsideTrainingMutations:
    """What may be done with training attended elsewhere."""

    @strawberry.mutation(description="填报校外培训 / state it", graphql_type=OutsideTrainingNode)
    async def state_outside_training(
        self, info: Info[Context], teacher_id: UUID, new: NewOutsideTrainingInput
    ) -> Any:
        """State what one attended elsewhere."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outside_training.state_outside_training(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="学校代录校外培训 / enter it", graphql_type=OutsideTrainingNode
    )
    async def enter_outside_training(
        self, info: Info[Context], teacher_id: UUID, new: NewOutsideTrainingInput
    ) -> Any:
        """Enter what a teacher attended elsewhere."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outside_training.enter_outside_training(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="核实 / confirm", graphql_type=OutsideTrainingNode)
    async def confirm_outside_training(self, info: Info[Context], training_id: UUID) -> Any:
        """Confirm what a teacher attended elsewhere."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outside_training.confirm_outside_training(
                db, actor, training_id=training_id, now=now()
            )

    @strawberry.mutation(description="退回 / return", graphql_type=OutsideTrainingNode)
    async def return_outside_training(
        self, info: Info[Context], training_id: UUID, decision: OutsideTrainingReturnInput
    ) -> Any:
        """Return a statement and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outside_training.return_outside_training(
                db, actor, training_id=training_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="撤回 / take back", graphql_type=OutsideTrainingNode)
    async def withdraw_outside_training(self, info: Info[Context], training_id: UUID) -> Any:
        """Take one's own statement back."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await outside_training.withdraw_outside_training(
                db, actor, training_id=training_id, now=now()
            )
