"""Publications of approved claims, and objections to them, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import claim_publications
from app.domain.credits.claim_publications import (
    ClaimObjectionView,
    ClaimPublicationView,
    NewClaimObjection,
    NewClaimPublication,
    ObjectionDecision,
    PublishedClaimView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    claim_publications.PUBLICATIONS,
    name="ClaimPublication",
    description="学分公示 / approved claims shown for objection",
)
class ClaimPublicationNode(Node, ClaimPublicationView):
    """A publication."""


@node(
    claim_publications.OBJECTIONS,
    name="ClaimObjection",
    description="公示异议 / an objection to a published claim",
)
class ClaimObjectionNode(Node, ClaimObjectionView):
    """An objection."""


@strawberry.pydantic.type(
    name="PublishedClaim", description="公示中的申报 / what everybody sees of a claim"
)
class PublishedClaimNode(PublishedClaimView):
    """What everybody sees of a published claim."""


@strawberry.pydantic.input(name="NewClaimPublication")
class NewClaimPublicationInput(NewClaimPublication):
    """Approved claims that are published together."""


@strawberry.pydantic.input(name="NewClaimObjection")
class NewClaimObjectionInput(NewClaimObjection):
    """An objection to a published claim."""


@strawberry.pydantic.input(name="ObjectionDecision")
class ObjectionDecisionInput(ObjectionDecision):
    """What is decided on an objection."""


@strawberry.type
class ClaimPublicationQueries:
    """What may be asked about publications."""

    @strawberry.field(description="一次公示 / one publication", graphql_type=ClaimPublicationNode)
    async def claim_publication(self, info: Info[Context], id: UUID) -> Any:
        """One publication, while its days last."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: claim_publications.get_claim_publication(
                db, actor, publication_id=id, now=now()
            )
        )

    @strawberry.field(
        description="当前公示 / publications shown today",
        graphql_type=Connection[ClaimPublicationNode],
    )
    async def claim_publications(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """The publications shown to the actor today."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: claim_publications.list_claim_publications(db, actor, page=page, now=now()),
        )

    @strawberry.field(
        description="公示内容 / what is shown of the claims", graphql_type=list[PublishedClaimNode]
    )
    async def published_claims(self, info: Info[Context], publication_id: UUID) -> Any:
        """What is shown of the claims of a publication."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: claim_publications.list_published_claims(
                db, actor, publication_id=publication_id, now=now()
            )
        )

    @strawberry.field(
        description="公示异议 / objections", graphql_type=Connection[ClaimObjectionNode]
    )
    async def claim_objections(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        publication_id: UUID | None = None,
    ) -> Any:
        """The objections to what the actor's units published."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: claim_publications.list_claim_objections(
                db, actor, page=page, publication_id=publication_id
            ),
        )

    @strawberry.field(
        description="本人提出的异议及处理结果 / what one objected to, and what was answered",
        graphql_type=list[ClaimObjectionNode],
    )
    async def own_claim_objections(self, info: Info[Context]) -> Any:
        """What the actor objected to."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: claim_publications.list_own_claim_objections(db, actor)
        )


@strawberry.type
class ClaimPublicationMutations:
    """What may be done with publications."""

    @strawberry.mutation(
        description="公示 / publish approved claims", graphql_type=ClaimPublicationNode
    )
    async def publish_claims(self, info: Info[Context], new: NewClaimPublicationInput) -> Any:
        """Publish approved claims."""
        async with info.context.transaction() as db:
            return await claim_publications.publish_claims(
                db, info.context.actor, new=new, now=now()
            )

    @strawberry.mutation(description="提出异议 / object", graphql_type=ClaimObjectionNode)
    async def object_to_claim(
        self, info: Info[Context], publication_id: UUID, new: NewClaimObjectionInput
    ) -> Any:
        """Object to a claim that is shown."""
        async with info.context.transaction() as db:
            return await claim_publications.object_to_claim(
                db, info.context.actor, publication_id=publication_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="处理异议 / decide on an objection", graphql_type=ClaimObjectionNode
    )
    async def decide_claim_objection(
        self, info: Info[Context], objection_id: UUID, decision: ObjectionDecisionInput
    ) -> Any:
        """Decide on an objection."""
        async with info.context.transaction() as db:
            return await claim_publications.decide_claim_objection(
                db, info.context.actor, objection_id=objection_id, decision=decision, now=now()
            )
