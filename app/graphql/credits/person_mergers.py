"""Mergers of two records of one person over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import person_mergers
from app.domain.credits.person_mergers import (
    MergerConsent,
    MergerRefusal,
    MergerState,
    NewPersonMerger,
    PersonMergerView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    person_mergers.PERSON_MERGERS,
    name="PersonMerger",
    description="重复登记合并 / a merger of two records of one person",
)
class PersonMergerNode(Node, PersonMergerView):
    """A merger."""


@strawberry.pydantic.input(name="NewPersonMerger")
class NewPersonMergerInput(NewPersonMerger):
    """A merger to be proposed."""


@strawberry.pydantic.input(name="MergerConsent")
class MergerConsentInput(MergerConsent):
    """What the other side says when it agrees."""


@strawberry.pydantic.input(name="MergerRefusal")
class MergerRefusalInput(MergerRefusal):
    """Why it does not come about."""


@strawberry.type
class PersonMergerQueries:
    """What may be asked about mergers."""

    @strawberry.field(description="一项合并 / one merger", graphql_type=PersonMergerNode)
    async def person_merger(self, info: Info[Context], id: UUID) -> Any:
        """One merger."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: person_mergers.get_person_merger(db, actor, merger_id=id)
        )

    @strawberry.field(description="合并列表 / mergers", graphql_type=Connection[PersonMergerNode])
    async def person_mergers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        survivor_id: UUID | None = None,
        merged_id: UUID | None = None,
        state: MergerState | None = None,
    ) -> Any:
        """A page of mergers."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: person_mergers.list_person_mergers(
                db, actor, page=page, survivor_id=survivor_id, merged_id=merged_id, state=state
            ),
        )


@strawberry.type
class PersonMergerMutations:
    """How two records of one person become one."""

    @strawberry.mutation(description="提出合并 / propose a merger", graphql_type=PersonMergerNode)
    async def propose_person_merger(self, info: Info[Context], new: NewPersonMergerInput) -> Any:
        """Propose that two records of one person become one."""
        context = info.context
        async with context.transaction() as db:
            return await person_mergers.propose_person_merger(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )

    @strawberry.mutation(
        description="同意合并，不可撤销 / agree to a merger, for good",
        graphql_type=PersonMergerNode,
    )
    async def accept_person_merger(
        self, info: Info[Context], merger_id: UUID, consent: MergerConsentInput
    ) -> Any:
        """Agree, for the other record."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await person_mergers.accept_person_merger(
                db, actor, merger_id=merger_id, consent=consent, now=now()
            )

    @strawberry.mutation(
        description="不同意或撤回合并 / decline a merger, or take it back",
        graphql_type=PersonMergerNode,
    )
    async def decline_person_merger(
        self, info: Info[Context], merger_id: UUID, refusal: MergerRefusalInput
    ) -> Any:
        """Say no, for either record."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await person_mergers.decline_person_merger(
                db, actor, merger_id=merger_id, refusal=refusal, now=now()
            )
