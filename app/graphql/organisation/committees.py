"""Committees and leading groups over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import committee_members, committees, units
from app.domain.organisation.committees import (
    CommitteeKind,
    CommitteeView,
    Concern,
    NewCommittee,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    committees.COMMITTEES,
    name="Committee",
    description="领导小组、工作小组、专家指导委员会 / a committee",
)
class CommitteeNode(Node, CommitteeView):
    """A committee with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / owner, null where the actor may not see it",
    )
    members = edge(
        committee_members.committee_members_of,
        lazy("app.graphql.organisation.committee_members", "CommitteeMemberNode"),
        many=True,
        keys="committee_ids",
        description="现成员 / who sits in it today, the chair first",
    )


@strawberry.pydantic.input(name="NewCommittee")
class NewCommitteeInput(NewCommittee):
    """A committee to be set up."""


@strawberry.type
class CommitteeQueries:
    """What may be asked about committees."""

    @strawberry.field(
        description="一个委员会或领导小组 / one committee", graphql_type=CommitteeNode
    )
    async def committee(self, info: Info[Context], id: UUID) -> Any:
        """One committee."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: committees.get_committee(db, actor, committee_id=id)
        )

    @strawberry.field(
        description="委员会、领导小组列表 / committees", graphql_type=Connection[CommitteeNode]
    )
    async def committees(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        unit_id: UUID | None = None,
        kind: CommitteeKind | None = None,
        concern: Concern | None = None,
    ) -> Any:
        """A page of committees."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: committees.list_committees(
                db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id, kind=kind,
                concern=concern,
            ),
        )  # fmt: skip


@strawberry.type
class CommitteeMutations:
    """What may be done with committees."""

    @strawberry.mutation(description="设立 / set up a committee", graphql_type=CommitteeNode)
    async def create_committee(self, info: Info[Context], new: NewCommitteeInput) -> Any:
        """Set up a committee for a bureau or a school."""
        async with info.context.transaction() as db:
            return await committees.create_committee(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="撤销 / dissolve a committee", graphql_type=CommitteeNode)
    async def dissolve_committee(self, info: Info[Context], committee_id: UUID) -> Any:
        """End a committee today, and the seats in it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await committees.dissolve_committee(
                db, actor, committee_id=committee_id, now=now()
            )
