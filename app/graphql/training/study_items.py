"""What is studied, and plans against what was done over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import study_items
from app.domain.training.study_items import Have, PlanProgress, StudyItemView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@strawberry.pydantic.type(name="StudyItem", description="研修项目 / an activity and its four haves")
class StudyItemNode(StudyItemView):
    """An activity with its four haves."""


@strawberry.pydantic.type(
    name="PlanProgress", description="计划执行情况 / a plan against what was done"
)
class PlanProgressNode(PlanProgress):
    """A plan against what was done."""


@strawberry.type
class StudyItemQueries:
    """What may be asked about what is studied, and plans against what was done."""

    @strawberry.field(
        description="研修项目四有情况 / what was studied, with its four haves",
        graphql_type=Connection[StudyItemNode],
    )
    async def study_items(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        group_id: UUID | None = None,
        lacks: Have | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The activities that were held, with their four haves, by first day (`starts_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: study_items.list_study_items(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                group_id=group_id,
                lacks=lacks,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(
        description="计划执行情况 / a plan against what was done", graphql_type=PlanProgressNode
    )
    async def plan_progress(self, info: Info[Context], plan_id: UUID) -> Any:
        """A plan against what was done by it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: study_items.get_plan_progress(db, actor, plan_id=plan_id)
        )
