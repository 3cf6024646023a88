"""Consultations over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import consultations
from app.domain.learning.consultations import (
    ConsultationClosing,
    ConsultationMessageView,
    ConsultationState,
    ConsultationText,
    ConsultationTotals,
    ConsultationView,
    NewConsultation,
    OwnConsultationView,
)
from app.domain.people.teachers import Subject
from app.graphql.context import Context
from app.graphql.edges import paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(
    name="ConsultationMessage", description="提问或答复 / a question or an answer"
)
class ConsultationMessageNode(ConsultationMessageView):
    """A question or an answer."""


@node(
    consultations.CONSULTATIONS,
    name="Consultation",
    description="在线指导 / what a teacher asks an adviser",
)
class ConsultationNode(Node, ConsultationView):
    """What a teacher asks an adviser."""

    messages = paged_edge(
        consultations.consultation_messages_of,
        ConsultationMessageNode,
        keys="consultation_ids",
        first=20,
        description="提问与答复 / questions and answers",
    )


@strawberry.pydantic.type(
    name="OwnConsultation", description="本人的在线指导 / a consultation as the two see it"
)
class OwnConsultationNode(OwnConsultationView):
    """A consultation as the two see it."""


@strawberry.pydantic.type(
    name="ConsultationTotals", description="在线指导统计 / what an adviser was asked in a year"
)
class ConsultationTotalsNode(ConsultationTotals):
    """What an adviser was asked in a year."""


@strawberry.pydantic.input(name="NewConsultation")
class NewConsultationInput(NewConsultation):
    """A question to an adviser."""


@strawberry.pydantic.input(name="ConsultationText")
class ConsultationTextInput(ConsultationText):
    """What is asked or answered."""


@strawberry.pydantic.input(name="ConsultationClosing")
class ConsultationClosingInput(ConsultationClosing):
    """What the asker thinks of what was answered."""


@strawberry.type
class ConsultationQueries:
    """What may be asked: consultations."""

    @strawberry.field(
        description="在线指导列表 / consultations", graphql_type=Connection[ConsultationNode]
    )
    async def consultations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        adviser_id: UUID | None = None,
        state: ConsultationState | None = None,
        subject: Subject | None = None,
        offered: bool | None = None,
    ) -> Any:
        """One's own, and those in one's place that are not private (`created`, `due_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: consultations.list_consultations(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                adviser_id=adviser_id,
                state=state,
                subject=subject,
                offered=bool(offered),
            ),
        )

    @strawberry.field(
        description="本人的在线指导 / one's own consultations",
        graphql_type=Connection[OwnConsultationNode],
    )
    async def own_consultations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ConsultationState | None = None,
    ) -> Any:
        """The consultations in which one asks or is asked, with how they were rated."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: consultations.list_own_consultations(
                db,
                actor,
                page=page,
                state=state,
            ),
        )

    @strawberry.field(description="一次在线指导 / one consultation", graphql_type=ConsultationNode)
    async def consultation(self, info: Info[Context], id: UUID) -> Any:
        """One consultation."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: consultations.get_consultation(db, actor, consultation_id=id)
        )

    @strawberry.field(
        description="提问与答复 / questions and answers",
        graphql_type=Connection[ConsultationMessageNode],
    )
    async def consultation_messages(
        self,
        info: Info[Context],
        consultation_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The questions and answers, in their order."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: consultations.list_consultation_messages(
                db,
                actor,
                page=page,
                consultation_id=consultation_id,
            ),
        )

    @strawberry.field(
        description="在线指导统计 / totals of an adviser", graphql_type=ConsultationTotalsNode
    )
    async def consultation_totals(
        self, info: Info[Context], teacher_id: UUID, year: int | None = None
    ) -> Any:
        """What a teacher was asked as an adviser in a year."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: consultations.get_consultation_totals(
                db, actor, teacher_id=teacher_id, year=year, now=now()
            )
        )


@strawberry.type
class ConsultationMutations:
    """What may be done: consultations."""

    @strawberry.mutation(description="提问 / ask an adviser", graphql_type=OwnConsultationNode)
    async def ask_consultation(self, info: Info[Context], new: NewConsultationInput) -> Any:
        """Ask an adviser: a trainer, one's mentor, or the head of one's group."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await consultations.ask_consultation(db, actor, new=new, now=now())

    @strawberry.mutation(description="答复 / answer", graphql_type=OwnConsultationNode)
    async def answer_consultation(
        self, info: Info[Context], consultation_id: UUID, new: ConsultationTextInput
    ) -> Any:
        """Answer what one was asked."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await consultations.answer_consultation(
                db, actor, consultation_id=consultation_id, new=new, now=now()
            )

    @strawberry.mutation(description="追问 / ask further", graphql_type=OwnConsultationNode)
    async def ask_further(
        self, info: Info[Context], consultation_id: UUID, new: ConsultationTextInput
    ) -> Any:
        """Ask further in a consultation of one's own."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await consultations.ask_further(
                db, actor, consultation_id=consultation_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="办结并评分 / close and rate", graphql_type=OwnConsultationNode
    )
    async def close_consultation(
        self, info: Info[Context], consultation_id: UUID, closing: ConsultationClosingInput
    ) -> Any:
        """Close a consultation of one's own, and rate it where it was answered."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await consultations.close_consultation(
                db, actor, consultation_id=consultation_id, closing=closing, now=now()
            )
