"""Inspections of groups over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import group_inspections, groups
from app.domain.training.group_inspections import (
    InspectionAnswer,
    InspectionConclusion,
    InspectionCountView,
    InspectionView,
    NewInspection,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    group_inspections.INSPECTIONS,
    name="GroupInspection",
    description="教研组检查记录 / an inspection of a group",
)
class GroupInspectionNode(Node, InspectionView):
    """An inspection with its edges."""

    group = edge(
        groups.groups_by_id,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=False,
        keys="group_ids",
        key="group_id",
        description="被检查的教研组 / group that was inspected",
    )
    by_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="by_unit_id",
        description="检查单位 / on whose behalf, null where the actor may not see it",
    )


@strawberry.pydantic.type(
    name="GroupInspectionCount", description="教研组受检情况 / a group's inspections of a term"
)
class InspectionCountNode(InspectionCountView):
    """A group with its inspections of a term."""


@strawberry.pydantic.input(name="NewGroupInspection")
class NewInspectionInput(NewInspection):
    """An inspection to be recorded."""


@strawberry.pydantic.input(name="GroupInspectionAnswer")
class InspectionAnswerInput(InspectionAnswer):
    """What the group answers."""


@strawberry.pydantic.input(name="GroupInspectionConclusion")
class InspectionConclusionInput(InspectionConclusion):
    """With what an inspection is closed."""


@strawberry.type
class GroupInspectionQueries:
    """What may be asked about inspections of groups."""

    @strawberry.field(
        description="一次教研组检查 / one inspection", graphql_type=GroupInspectionNode
    )
    async def group_inspection(self, info: Info[Context], id: UUID) -> Any:
        """One inspection."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: group_inspections.get_group_inspection(db, actor, inspection_id=id)
        )

    @strawberry.field(
        description="教研组检查列表 / inspections", graphql_type=Connection[GroupInspectionNode]
    )
    async def group_inspections(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        group_id: UUID | None = None,
        unit_id: UUID | None = None,
        by_unit_id: UUID | None = None,
        answered: bool | None = None,
        closed: bool | None = None,
    ) -> Any:
        """A page of inspections, by day unless sorted otherwise."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: group_inspections.list_group_inspections(
                db, actor, page=page, group_id=group_id, unit_id=unit_id,
                by_unit_id=by_unit_id, answered=answered, closed=closed,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="各教研组受检情况 / how often each group was inspected in a term",
        graphql_type=list[InspectionCountNode],
    )
    async def group_inspection_counts(
        self,
        info: Info[Context],
        unit_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The open groups of a unit, those without any inspection too."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: group_inspections.list_group_inspection_counts(
                db, actor, unit_id=unit_id, now=now(), since=since, until=until
            )
        )


@strawberry.type
class GroupInspectionMutations:
    """What may be done about inspections of groups."""

    @strawberry.mutation(
        description="登记教研组检查 / record an inspection", graphql_type=GroupInspectionNode
    )
    async def inspect_group(
        self, info: Info[Context], group_id: UUID, new: NewInspectionInput
    ) -> Any:
        """Record how a group was found on a day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await group_inspections.inspect_group(
                db, actor, group_id=group_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="答复教研组检查 / answer an inspection", graphql_type=GroupInspectionNode
    )
    async def answer_group_inspection(
        self, info: Info[Context], inspection_id: UUID, reply: InspectionAnswerInput
    ) -> Any:
        """Answer as a leader of the group."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await group_inspections.answer_group_inspection(
                db, actor, inspection_id=inspection_id, reply=reply, now=now()
            )

    @strawberry.mutation(
        description="办结教研组检查 / close an inspection", graphql_type=GroupInspectionNode
    )
    async def close_group_inspection(
        self, info: Info[Context], inspection_id: UUID, conclusion: InspectionConclusionInput
    ) -> Any:
        """Close an inspection, answered or not."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await group_inspections.close_group_inspection(
                db, actor, inspection_id=inspection_id, conclusion=conclusion, now=now()
            )
