"""Members of research groups over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import members
from app.domain.training.members import MemberView, NewDuty, NewMember
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(members.MEMBERS, name="Member", description="组员 / a member of a group")
class MemberNode(Node, MemberView):
    """A member in the narrow view."""


@strawberry.pydantic.input(name="NewMember")
class NewMemberInput(NewMember):
    """A teacher to be taken into a group."""


@strawberry.pydantic.input(name="NewDuty")
class NewDutyInput(NewDuty):
    """A duty that a member is to have."""


@strawberry.type
class MemberQueries:
    """What may be asked about members."""

    @strawberry.field(
        description="成员，默认今天 / members of a day, of today by default",
        graphql_type=Connection[MemberNode],
    )
    async def members(
        self,
        info: Info[Context],
        group_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """A page of a group's members of a day."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: members.list_members(
                db,
                actor,
                group_id=group_id,
                page=page,
                now=now(),
                as_of=as_of,
                known_on=known_on,
            ),
        )

    @strawberry.field(
        description="历任成员及职责 / who has belonged to a group, with which duty",
        graphql_type=Connection[MemberNode],
    )
    async def group_history(
        self,
        info: Info[Context],
        group_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a group's memberships of all time."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: members.list_group_history(db, actor, group_id=group_id, page=page),
        )


@strawberry.type
class MemberMutations:
    """What may be done with members."""

    @strawberry.mutation(description="加入教研组 / take into a group", graphql_type=MemberNode)
    async def add_member(self, info: Info[Context], group_id: UUID, new: NewMemberInput) -> Any:
        """Take a teacher of the group's unit into the group."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await members.add_member(db, actor, group_id=group_id, new=new, now=now())

    @strawberry.mutation(description="变更职责 / change a duty", graphql_type=MemberNode)
    async def change_duty(
        self, info: Info[Context], group_id: UUID, teacher_id: UUID, new: NewDutyInput
    ) -> Any:
        """Give a member another duty; a new head takes over from the present."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await members.change_duty(
                db, actor, group_id=group_id, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="退出教研组 / end a membership", graphql_type=MemberNode)
    async def end_membership(self, info: Info[Context], group_id: UUID, teacher_id: UUID) -> Any:
        """End a membership today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await members.end_membership(
                db, actor, group_id=group_id, teacher_id=teacher_id, now=now()
            )
