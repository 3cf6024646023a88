"""Mentoring records over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import mentoring_records, mentorships
from app.domain.learning.mentoring_records import (
    MentoringKind,
    MentoringRecordView,
    NewMentoringRecord,
)
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.mentorships import MentorshipNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    mentoring_records.MENTORING_RECORDS,
    name="MentoringRecord",
    description="带教记录 / observation or guidance",
)
class MentoringRecordNode(Node, MentoringRecordView):
    """Observation or guidance."""

    mentorship = edge(
        mentorships.mentorships_by_id,
        MentorshipNode,
        many=False,
        keys="mentorship_ids",
        key="mentorship_id",
        description="师徒结对 / mentorship",
    )


@strawberry.pydantic.input(name="NewMentoringRecord")
class NewMentoringRecordInput(NewMentoringRecord):
    """What was done."""


@strawberry.type
class MentoringRecordQueries:
    """What may be asked: mentoring records."""

    @strawberry.field(
        description="带教记录列表 / mentoring records", graphql_type=Connection[MentoringRecordNode]
    )
    async def mentoring_records(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        mentorship_id: UUID | None = None,
        kind: MentoringKind | None = None,
        confirmed: bool | None = None,
    ) -> Any:
        """The records of the mentorships that one may see, by day (`held_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: mentoring_records.list_mentoring_records(
                db, actor, page=page, mentorship_id=mentorship_id, kind=kind, confirmed=confirmed
            ),
        )

    @strawberry.field(description="一条带教记录 / one record", graphql_type=MentoringRecordNode)
    async def mentoring_record(self, info: Info[Context], id: UUID) -> Any:
        """One record."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: mentoring_records.get_mentoring_record(db, actor, record_id=id)
        )


@strawberry.type
class MentoringRecordMutations:
    """What may be done: mentoring records."""

    @strawberry.mutation(
        description="填写带教记录 / record what was done", graphql_type=MentoringRecordNode
    )
    async def write_mentoring_record(
        self, info: Info[Context], mentorship_id: UUID, new: NewMentoringRecordInput
    ) -> Any:
        """Record what was done, as a mentor or as the apprentice."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentoring_records.write_mentoring_record(
                db, actor, mentorship_id=mentorship_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="确认带教记录 / confirm what the other side wrote",
        graphql_type=MentoringRecordNode,
    )
    async def confirm_mentoring_record(self, info: Info[Context], record_id: UUID) -> Any:
        """Confirm what the other side wrote."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await mentoring_records.confirm_mentoring_record(
                db, actor, record_id=record_id, now=now()
            )
