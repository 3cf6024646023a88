"""Codes of the province over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import province_codes
from app.domain.exchange.province_codes import CodeSet, NewProvinceCode, ProvinceCodeView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.enum(CodeSet, name="ProvinceCodeSet")


@node(
    province_codes.PROVINCE_CODES,
    name="ProvinceCode",
    description="省平台代码对照 / what a word of ours is called in the province",
)
class ProvinceCodeNode(Node, ProvinceCodeView):
    """A line of the mapping."""


@strawberry.pydantic.input(name="NewProvinceCode")
class NewProvinceCodeInput(NewProvinceCode):
    """A line to be entered."""


@strawberry.type
class ProvinceCodeQueries:
    """What may be asked about codes of the province."""

    @strawberry.field(description="一条代码对照 / one line", graphql_type=ProvinceCodeNode)
    async def province_code(self, info: Info[Context], id: UUID) -> Any:
        """One line of the mapping."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: province_codes.get_province_code(db, actor, province_code_id=id)
        )

    @strawberry.field(
        description="代码对照 / the mapping", graphql_type=Connection[ProvinceCodeNode]
    )
    async def province_codes(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        code_set: CodeSet | None = None,
        void: bool | None = None,
    ) -> Any:
        """A page of the mapping."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: province_codes.list_province_codes(
                db, actor, page=page, code_set=code_set, void=void
            ),
        )


@strawberry.type
class ProvinceCodeMutations:
    """What may be done with codes of the province."""

    @strawberry.mutation(description="登记代码对照 / enter a line", graphql_type=ProvinceCodeNode)
    async def enter_province_code(self, info: Info[Context], new: NewProvinceCodeInput) -> Any:
        """Enter what one of our words is called there."""
        async with info.context.transaction() as db:
            return await province_codes.enter_province_code(
                db, info.context.actor, new=new, now=now()
            )

    @strawberry.mutation(description="作废代码对照 / void a line", graphql_type=ProvinceCodeNode)
    async def void_province_code(self, info: Info[Context], province_code_id: UUID) -> Any:
        """Void a line of the mapping."""
        async with info.context.transaction() as db:
            return await province_codes.void_province_code(
                db, info.context.actor, province_code_id=province_code_id, now=now()
            )
