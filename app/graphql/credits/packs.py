"""Rule packs over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON

from app.domain.credits.packs import published, publishing, schema
from app.domain.credits.packs.published import RulePackView
from app.domain.credits.packs.publishing import NewRefinement, NewRulePack
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    published.RULE_PACKS, name="RulePack", description="规则包 / a version of the rules of credit"
)
class RulePackNode(Node, RulePackView):
    """A published pack with its document."""

    document = edge(
        published.documents_of,
        JSON,
        many=False,
        keys="pack_keys",
        description="规则包全文 / the document",
    )


@strawberry.type
class RulePackQueries:
    """What may be asked about rule packs."""

    @strawberry.field(description="一个规则包 / one rule pack", graphql_type=RulePackNode)
    async def pack(self, info: Info[Context], id: UUID) -> Any:
        """One pack."""
        actor = info.context.actor
        return await info.context.read(lambda db: published.get_pack(db, actor, pack_key=id))

    @strawberry.field(description="规则包的 JSON Schema / of a rule pack", graphql_type=JSON)
    async def pack_schema(self, info: Info[Context]) -> Any:
        """The JSON Schema of a rule pack."""
        actor = info.context.actor
        return await info.context.read(lambda db: schema.get_pack_schema(db, actor))

    @strawberry.field(description="县级细化的 JSON Schema / of a refinement", graphql_type=JSON)
    async def refinement_schema(self, info: Info[Context]) -> Any:
        """The JSON Schema of a county's refinement."""
        actor = info.context.actor
        return await info.context.read(lambda db: schema.get_refinement_schema(db, actor))

    @strawberry.field(description="规则包列表 / rule packs", graphql_type=Connection[RulePackNode])
    async def packs(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        pack_id: str | None = None,
        in_force_on: date | None = None,
    ) -> Any:
        """A page of the packs that apply where the actor is."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: published.list_packs(
                db, actor, page=page, pack_id=pack_id, in_force_on=in_force_on
            ),
        )


@strawberry.type
class RulePackMutations:
    """What may be done with rule packs."""

    @strawberry.mutation(description="发布规则包 / publish a rule pack", graphql_type=RulePackNode)
    async def publish_pack(self, info: Info[Context], unit_id: UUID, document: JSON) -> Any:
        """Put a version of a pack in force for a city."""
        new = NewRulePack.model_validate({"unit_id": unit_id, "document": document})
        async with info.context.transaction() as db:
            return await publishing.publish_pack(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(
        description="细化规则包（县） / publish a county's refinement", graphql_type=RulePackNode
    )
    async def refine_pack(self, info: Info[Context], unit_id: UUID, document: JSON) -> Any:
        """Put a county's numbers in force."""
        new = NewRefinement.model_validate({"unit_id": unit_id, "document": document})
        async with info.context.transaction() as db:
            return await publishing.refine_pack(db, info.context.actor, new=new, now=now())
