"""What may be asked of applications for a title over GraphQL, and what they lead to."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import demonstration_calls, demonstrations
from app.domain.quality.demonstrations import (
    DemonstrationFinding,
    DemonstrationState,
    DemonstrationStepView,
    DemonstrationView,
    PublishedDemonstrationView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.type(
    name="DemonstrationFinding", description="条件核查结果 / a condition as the register shows it"
)(DemonstrationFinding)


@node(
    demonstrations.DEMONSTRATIONS,
    name="Demonstration",
    description="示范校申报与命名 / an application for a title, and the title",
)
class DemonstrationNode(Node, DemonstrationView):
    """An application with its call, its school and the bureau that gives the title."""

    call = edge(
        demonstration_calls.demonstration_calls_by_id,
        lazy("app.graphql.quality.demonstration_calls", "DemonstrationCallNode"),
        many=False,
        keys="call_ids",
        key="call_id",
        description="创建通知 / call",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="申报学校 / school",
    )
    by_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="by_unit_id",
        description="命名教育局 / bureau that gives the title",
    )


@strawberry.pydantic.type(
    name="PublishedDemonstration", description="公示中的学校 / a school that is published"
)
class PublishedDemonstrationNode(PublishedDemonstrationView):
    """A school that is to bear a title."""


@strawberry.pydantic.type(
    name="DemonstrationStep", description="办理环节 / what was done with an application"
)
class DemonstrationStepNode(DemonstrationStepView):
    """One step of an application."""


@strawberry.type
class DemonstrationQueries:
    """What may be asked about applications for a title."""

    @strawberry.field(
        description="示范校申报 / applications", graphql_type=Connection[DemonstrationNode]
    )
    async def demonstrations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        call_id: UUID | None = None,
        unit_id: UUID | None = None,
        state: DemonstrationState | None = None,
        ends_before: date | None = None,
    ) -> Any:
        """The applications that the actor may see (`created`, `valid_to`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: demonstrations.list_demonstrations(
                db,
                actor,
                page=page,
                call_id=call_id,
                unit_id=unit_id,
                state=state,
                ends_before=ends_before,
            ),
        )

    @strawberry.field(
        description="公示中的学校 / schools that are published",
        graphql_type=Connection[PublishedDemonstrationNode],
    )
    async def published_demonstrations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The schools that are published today, for objections."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: demonstrations.list_published_demonstrations(
                db, actor, page=page, now=now()
            ),
        )

    @strawberry.field(description="一项申报 / one application", graphql_type=DemonstrationNode)
    async def demonstration(
        self,
        info: Info[Context],
        id: UUID,
    ) -> Any:
        """One application."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstrations.get_demonstration(db, actor, demonstration_id=id)
        )

    @strawberry.field(
        description="办理过程 / what was done", graphql_type=list[DemonstrationStepNode]
    )
    async def demonstration_steps(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """All that was done, with the conditions as they were found then."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstrations.list_demonstration_steps(
                db, actor, demonstration_id=demonstration_id
            )
        )
