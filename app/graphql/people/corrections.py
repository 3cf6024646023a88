"""Corrections of records over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import corrections, teachers
from app.domain.people.corrections import (
    CorrectionOpinion,
    CorrectionState,
    CorrectionView,
    NewCorrection,
    TeacherCorrection,
)
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(
    corrections.CORRECTIONS,
    name="Correction",
    description="更正申请 / a request for a correction of the own record",
)
class CorrectionNode(Node, CorrectionView):
    """A request with its edge."""

    teacher = edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / whose record it is",
    )


@strawberry.pydantic.input(name="NewCorrection")
class NewCorrectionInput(NewCorrection):
    """What of one's own record is wrong."""


@strawberry.pydantic.input(name="CorrectionOpinion")
class CorrectionOpinionInput(CorrectionOpinion):
    """What is answered."""


@strawberry.pydantic.input(name="TeacherCorrection")
class TeacherCorrectionInput(TeacherCorrection):
    """What is to be put right."""


@strawberry.type
class CorrectionQueries:
    """What may be asked about corrections."""

    @strawberry.field(description="一项更正申请 / one request", graphql_type=CorrectionNode)
    async def correction(self, info: Info[Context], id: UUID) -> Any:
        """One request."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: corrections.get_correction(db, actor, correction_id=id)
        )

    @strawberry.field(
        description="更正申请列表 / requests", graphql_type=Connection[CorrectionNode]
    )
    async def corrections(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        state: CorrectionState | None = None,
    ) -> Any:
        """A page of requests: one's own, and those of the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: corrections.list_corrections(
                db, actor, page=page, teacher_id=teacher_id, state=state
            ),
        )


@strawberry.type
class CorrectionMutations:
    """What may be done with corrections."""

    @strawberry.mutation(
        description="申请更正本人信息 / ask for a correction", graphql_type=CorrectionNode
    )
    async def request_correction(self, info: Info[Context], new: NewCorrectionInput) -> Any:
        """Say that something in one's own record is wrong."""
        context = info.context
        async with context.transaction() as db:
            return await corrections.request_correction(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )

    @strawberry.mutation(
        description="同意更正，随即写入 / grant, and write it", graphql_type=CorrectionNode
    )
    async def grant_correction(
        self, info: Info[Context], correction_id: UUID, decision: CorrectionOpinionInput
    ) -> Any:
        """Find the person right."""
        context = info.context
        async with context.transaction() as db:
            return await corrections.grant_correction(
                db,
                context.actor,
                correction_id=correction_id,
                decision=decision,
                cipher=context.held.cipher,
                now=now(),
            )

    @strawberry.mutation(description="不予更正 / decline", graphql_type=CorrectionNode)
    async def decline_correction(
        self, info: Info[Context], correction_id: UUID, decision: CorrectionOpinionInput
    ) -> Any:
        """Find the record right, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await corrections.decline_correction(
                db, actor, correction_id=correction_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="撤回申请 / take one's request back", graphql_type=CorrectionNode
    )
    async def withdraw_correction(self, info: Info[Context], correction_id: UUID) -> Any:
        """Take one's own request back while it waits."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await corrections.withdraw_correction(
                db, actor, correction_id=correction_id, now=now()
            )

    @strawberry.mutation(
        description="更正教师登记信息 / put right what was entered wrongly",
        graphql_type=TeacherNode,
    )
    async def correct_teacher(
        self, info: Info[Context], teacher_id: UUID, correction: TeacherCorrectionInput
    ) -> Any:
        """Put right what was entered wrongly of a teacher."""
        context = info.context
        async with context.transaction() as db:
            return await corrections.correct_teacher(
                db,
                context.actor,
                teacher_id=teacher_id,
                correction=correction,
                cipher=context.held.cipher,
                now=now(),
            )
