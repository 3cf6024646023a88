"""Joint organisers of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import partnerships
from app.domain.training.activities.joint import (
    Acceptance,
    Invitation,
    PartnershipState,
    PartnershipView,
    Refusal,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(partnerships.PARTNERSHIPS, name="Partnership", description="联合主办 / a joint organiser")
class PartnershipNode(Node, PartnershipView):
    """A unit that organises an activity jointly."""


@strawberry.pydantic.input(name="Invitation")
class InvitationInput(Invitation):
    """Which unit is to organise jointly."""


@strawberry.pydantic.input(name="Acceptance")
class AcceptanceInput(Acceptance):
    """For whom of its own a joint organiser means the activity."""


@strawberry.pydantic.input(name="Refusal")
class RefusalInput(Refusal):
    """Why a unit does not organise jointly."""


@strawberry.type
class PartnershipQueries:
    """What may be asked about joint organisers."""

    @strawberry.field(
        description="活动的联合主办单位 / joint organisers", graphql_type=list[PartnershipNode]
    )
    async def partners(self, info: Info[Context], activity_id: UUID) -> Any:
        """The units that organise an activity jointly, or were invited to."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: partnerships.list_partners(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="本单位收到的联合主办邀请 / invitations",
        graphql_type=Connection[PartnershipNode],
    )
    async def partnerships(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: PartnershipState | None = None,
    ) -> Any:
        """A page of the invitations to units of the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: partnerships.list_partnerships(db, actor, page=page, state=state),
        )


@strawberry.type
class PartnershipMutations:
    """What may be done with joint organisers."""

    @strawberry.mutation(description="邀请联合主办 / invite", graphql_type=PartnershipNode)
    async def invite_partner(
        self, info: Info[Context], activity_id: UUID, invitation: InvitationInput
    ) -> Any:
        """Invite another unit to organise jointly."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await partnerships.invite_partner(
                db, actor, activity_id=activity_id, invitation=invitation, now=now()
            )

    @strawberry.mutation(description="终止联合主办 / end", graphql_type=PartnershipNode)
    async def end_partnership(
        self,
        info: Info[Context],
        activity_id: UUID,
        unit_id: UUID,
        department_id: UUID | None = None,
    ) -> Any:
        """Let a unit, or a department of it, no longer organise jointly."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await partnerships.end_partnership(
                db, actor, activity_id=activity_id, unit_id=unit_id, department_id=department_id
            )

    @strawberry.mutation(description="接受联合主办 / accept", graphql_type=PartnershipNode)
    async def accept_partnership(
        self, info: Info[Context], partnership_id: UUID, acceptance: AcceptanceInput
    ) -> Any:
        """Accept to organise jointly."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await partnerships.accept_partnership(
                db, actor, partnership_id=partnership_id, acceptance=acceptance, now=now()
            )

    @strawberry.mutation(description="谢绝联合主办 / decline", graphql_type=PartnershipNode)
    async def decline_partnership(
        self, info: Info[Context], partnership_id: UUID, refusal: RefusalInput
    ) -> Any:
        """Decline to organise jointly."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await partnerships.decline_partnership(
                db, actor, partnership_id=partnership_id, refusal=refusal, now=now()
            )
