"""What draft packs would mean, over GraphQL."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON

from app.domain.credits import what_ifs
from app.domain.credits.what_ifs import (
    NewWhatIf,
    WhatIfChange,
    WhatIfGrouping,
    WhatIfGroupView,
    WhatIfPersonView,
    WhatIfView,
)
from app.graphql.context import Context
from app.graphql.following import Following
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.request.live import progress_source


@node(what_ifs.WHAT_IFS, name="WhatIf", description="规则试算 / what a draft pack would mean")
class WhatIfNode(Node, WhatIfView):
    """A what-if, and how far it is."""


@strawberry.pydantic.type(name="WhatIfGroup", description="试算分组 / some teachers together")
class WhatIfGroupNode(WhatIfGroupView):
    """What a draft would mean for some teachers together."""


@strawberry.pydantic.type(name="WhatIfPerson", description="试算教师 / one teacher under both")
class WhatIfPersonNode(WhatIfPersonView):
    """What a draft would mean for one teacher."""


@strawberry.type
class WhatIfQueries:
    """What may be asked about what-ifs."""

    @strawberry.field(description="一次试算 / one what-if", graphql_type=WhatIfNode)
    async def what_if(self, info: Info[Context], id: UUID) -> Any:
        """One what-if."""
        actor = info.context.actor
        return await info.context.read(lambda db: what_ifs.get_what_if(db, actor, what_if_id=id))

    @strawberry.field(description="试算列表 / what-ifs", graphql_type=Connection[WhatIfNode])
    async def what_ifs(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of those of the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: what_ifs.list_what_ifs(db, actor, page=page)
        )

    @strawberry.field(
        description="试算结果分组 / who gains and who falls below, together",
        graphql_type=list[WhatIfGroupNode],
    )
    async def what_if_groups(
        self, info: Info[Context], what_if_id: UUID, by: WhatIfGrouping = WhatIfGrouping.ALL
    ) -> Any:
        """The sums by county, school, rank or age."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: what_ifs.list_what_if_groups(db, actor, what_if_id=what_if_id, by=by)
        )

    @strawberry.field(
        description="试算结果名单（姓名脱敏） / the teachers under both rules",
        graphql_type=Connection[WhatIfPersonNode],
    )
    async def what_if_people(
        self,
        info: Info[Context],
        what_if_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        change: WhatIfChange | None = None,
    ) -> Any:
        """A page of the teachers."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: what_ifs.list_what_if_people(
                db, actor, what_if_id=what_if_id, page=page, change=change
            ),
        )


@strawberry.type
class WhatIfMutations:
    """What may be done with what-ifs."""

    @strawberry.mutation(description="试算规则草案 / try a draft out", graphql_type=WhatIfNode)
    async def request_what_if(
        self, info: Info[Context], unit_id: UUID, document: JSON, as_of: date | None = None
    ) -> Any:
        """Have a draft tried out on the teachers of a city or a county."""
        new = NewWhatIf.model_validate({"unit_id": unit_id, "document": document, "as_of": as_of})
        async with info.context.transaction() as db:
            return await what_ifs.request_what_if(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="取消试算 / take a question back", graphql_type=WhatIfNode)
    async def cancel_what_if(self, info: Info[Context], what_if_id: UUID) -> Any:
        """Take a question back before it is answered."""
        async with info.context.transaction() as db:
            return await what_ifs.cancel_what_if(
                db, info.context.actor, what_if_id=what_if_id, now=now()
            )


@strawberry.type
class WhatIfSubscriptions:
    """What may be followed of what-ifs."""

    @strawberry.subscription(
        description="跟踪试算进度 / a what-if, as it gets on", graphql_type=WhatIfNode
    )
    async def what_if(self, info: Info[Following], id: UUID) -> AsyncGenerator[Any]:
        """One what-if, and then again whenever it got on."""
        source = progress_source(
            id, lambda db, actor: what_ifs.get_what_if(db, actor, what_if_id=id)
        )
        async for row in info.context.follow("get_what_if", id, source, None):
            yield row
