"""Schemes of pay inputs over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import pay_schemes
from app.domain.quality.pay_schemes import (
    NewPayScheme,
    NewPayTerm,
    PaySchemeView,
    PayTerm,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What stands within has no edges: these are the types themselves.
strawberry.pydantic.type(name="PayTerm", description=PayTerm.__doc__)(PayTerm)
strawberry.pydantic.input(name="NewPayTerm", description=NewPayTerm.__doc__)(NewPayTerm)


@node(
    pay_schemes.PAY_SCHEMES, name="PayScheme", description="优质优酬方案 / a scheme of pay inputs"
)
class PaySchemeNode(Node, PaySchemeView):
    """A version of a school's scheme."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )


@strawberry.pydantic.input(name="NewPayScheme")
class NewPaySchemeInput(NewPayScheme):
    """A scheme to be published."""


@strawberry.type
class PaySchemeQueries:
    """What may be asked: schemes of pay inputs."""

    @strawberry.field(description="优质优酬方案 / schemes", graphql_type=Connection[PaySchemeNode])
    async def pay_schemes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """The schemes of the schools in the actor's place (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: pay_schemes.list_pay_schemes(
                db, actor, page=page, school_id=school_id, in_force=in_force
            ),
        )

    @strawberry.field(
        description="本校现行方案 / scheme of one's own school",
        graphql_type=Connection[PaySchemeNode],
    )
    async def own_pay_schemes(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """What the actor's own school lets count today (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: pay_schemes.list_own_pay_schemes(db, actor, page=page)
        )

    @strawberry.field(description="优质优酬方案 / a scheme", graphql_type=PaySchemeNode)
    async def pay_scheme(self, info: Info[Context], scheme_id: UUID) -> Any:
        """One version of a scheme."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: pay_schemes.get_pay_scheme(db, actor, scheme_id=scheme_id)
        )


@strawberry.type
class PaySchemeMutations:
    """What may be done: schemes of pay inputs."""

    @strawberry.mutation(description="发布方案 / publish a scheme", graphql_type=PaySchemeNode)
    async def publish_pay_scheme(
        self, info: Info[Context], unit_id: UUID, new: NewPaySchemeInput
    ) -> Any:
        """Publish a school's scheme, as its next version, from today on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await pay_schemes.publish_pay_scheme(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
