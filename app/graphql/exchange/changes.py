"""The change feed over GraphQL."""

from typing import Annotated, Any

import strawberry
from strawberry import Info

from app.domain.exchange import changes
from app.domain.exchange.changes import (
    ChangeKind,
    ChangesView,
    ChangeView,
    ClaimChangeView,
    EnrolmentChangeView,
    MembershipView,
)
from app.graphql.context import Context
from app.graphql.credits.certificates import CertificateNode
from app.graphql.credits.entries import CreditEntryNode
from app.graphql.credits.packs import RulePackNode
from app.graphql.organisation.units import UnitNode
from app.graphql.people.teachers import TeacherNode
from app.graphql.training.activities import ActivityNode
from app.graphql.training.activities.types import SessionNode
from app.graphql.training.attendance.types import AttendanceNode
from app.graphql.training.groups import GroupNode


@strawberry.pydantic.type(name="Membership", description="教研组成员 / membership of a group")
class MembershipNode(MembershipView):
    """A membership by its keys; the members of a group are read from the group."""


@strawberry.pydantic.type(name="EnrolmentChange", description="报名 / an enrolment")
class EnrolmentChangeNode(EnrolmentChangeView):
    """An enrolment by its keys; place in the waiting list and names are read from it."""


@strawberry.pydantic.type(name="ClaimChange", description="学分申报 / a claim")
class ClaimChangeNode(ClaimChangeView):
    """A claim without its evidence, which is read from the claim."""


@strawberry.pydantic.type(name="Change", description="变更 / a change")
class ChangeNode(ChangeView):
    """A change, with the thing as a node, so that its edges can be followed."""

    unit: UnitNode | None = None
    teacher: TeacherNode | None = None
    group: GroupNode | None = None
    group_member: MembershipNode | None = None
    activity: ActivityNode | None = None
    attendance: AttendanceNode | None = None
    credit_entry: CreditEntryNode | None = None
    session: SessionNode | None = None
    enrolment: EnrolmentChangeNode | None = None
    claim: ClaimChangeNode | None = None
    certificate: CertificateNode | None = None
    pack: RulePackNode | None = None


@strawberry.pydantic.type(name="Changes", description="变更流的一段 / a part of the change feed")
class ChangesNode(ChangesView):
    """A part of the feed."""

    items: list[ChangeNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.type
class ChangeQueries:
    """What may be asked of the feed."""

    @strawberry.field(description="变更流 / what changed, oldest first", graphql_type=ChangesNode)
    async def changes(
        self,
        info: Info[Context],
        first: Annotated[int, strawberry.argument(description="条数（1–500） / at most 500")] = 100,
        after: Annotated[
            str | None, strawberry.argument(description="上次的 next / `next` of the read before")
        ] = None,
        kinds: list[ChangeKind] | None = None,
    ) -> Any:
        """What changed after a cursor."""
        actor = info.context.actor
        async with info.context.held.pool.connection() as db:  # a query's own only reads
            await changes.keep_coverage(db, actor)
        return await info.context.read(
            lambda db: changes.list_changes(db, actor, after=after, limit=first, kinds=kinds)
        )
