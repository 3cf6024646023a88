"""Members of committees over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import committee_members, committees
from app.domain.organisation.committee_members import (
    CommitteeMemberEnd,
    CommitteeMemberView,
    NewCommitteeMember,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.request import now


@node(
    committee_members.COMMITTEE_MEMBERS,
    name="CommitteeMember",
    description="委员会成员 / a seat in a committee",
)
class CommitteeMemberNode(Node, CommitteeMemberView):
    """A seat with its edge."""

    committee = edge(
        committees.committees_by_id,
        lazy("app.graphql.organisation.committees", "CommitteeNode"),
        many=False,
        keys="committee_ids",
        key="committee_id",
        description="所属委员会 / committee",
    )


@strawberry.pydantic.input(name="NewCommitteeMember")
class NewCommitteeMemberInput(NewCommitteeMember):
    """Somebody who is to sit in a committee."""


@strawberry.pydantic.input(name="CommitteeMemberEnd")
class CommitteeMemberEndInput(CommitteeMemberEnd):
    """The end of a seat."""


@strawberry.type
class CommitteeMemberQueries:
    """What may be asked about members of committees."""

    @strawberry.field(description="成员 / members", graphql_type=list[CommitteeMemberNode])
    async def committee_members(
        self,
        info: Info[Context],
        committee_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """Who sat in a committee on a day."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: committee_members.list_committee_members(
                db, actor, committee_id=committee_id, as_of=as_of, known_on=known_on
            )
        )


@strawberry.type
class CommitteeMemberMutations:
    """What may be done with members of committees."""

    @strawberry.mutation(description="任命 / give a seat", graphql_type=CommitteeMemberNode)
    async def seat_committee_member(
        self, info: Info[Context], committee_id: UUID, new: NewCommitteeMemberInput
    ) -> Any:
        """Give somebody a seat in a committee."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await committee_members.seat_committee_member(
                db, actor, committee_id=committee_id, new=new, now=now()
            )

    @strawberry.mutation(description="免去 / end a seat", graphql_type=CommitteeMemberNode)
    async def unseat_committee_member(
        self, info: Info[Context], member_id: UUID, end: CommitteeMemberEndInput
    ) -> Any:
        """End a seat on a day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await committee_members.unseat_committee_member(
                db, actor, member_id=member_id, end=end, now=now()
            )
