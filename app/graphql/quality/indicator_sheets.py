"""Indicator sheets over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON

from app.domain.quality import indicator_sheets
from app.domain.quality.indicator_sheets import (
    EvaluatedKind,
    Indicator,
    IndicatorSheetView,
    NewIndicator,
    NewIndicatorSheet,
    NewScoring,
    NewScoringStep,
    Scoring,
    ScoringStep,
    ShippedIndicatorSheetView,
    ShippedSheetChoice,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The parts of a sheet have no edges: they are the types and the inputs themselves.
for _part in (ScoringStep, Scoring, Indicator):
    strawberry.pydantic.type(name=_part.__name__, description=_part.__doc__)(_part)
for _given in (NewScoringStep, NewScoring, NewIndicator):
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@node(
    indicator_sheets.INDICATOR_SHEETS,
    name="IndicatorSheet",
    description="指标表 / a version of an indicator sheet",
)
class IndicatorSheetNode(Node, IndicatorSheetView):
    """A version of a sheet."""


@strawberry.pydantic.input(name="NewIndicatorSheet")
class NewIndicatorSheetInput(NewIndicatorSheet):
    """A sheet to be published."""


@strawberry.pydantic.type(
    name="ShippedIndicatorSheet", description="随附指标表 / a sheet that is shipped"
)
class ShippedIndicatorSheetNode(ShippedIndicatorSheetView):
    """A sheet that is shipped."""


@strawberry.pydantic.input(name="ShippedSheetChoice")
class ShippedSheetChoiceInput(ShippedSheetChoice):
    """Which of them is published, for which bureau."""


@strawberry.type
class IndicatorSheetQueries:
    """What may be asked about indicator sheets."""

    @strawberry.field(description="一份指标表 / one sheet", graphql_type=IndicatorSheetNode)
    async def indicator_sheet(self, info: Info[Context], id: UUID) -> Any:
        """One sheet."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: indicator_sheets.get_indicator_sheet(db, actor, sheet_id=id)
        )

    @strawberry.field(description="指标表 / sheets", graphql_type=Connection[IndicatorSheetNode])
    async def indicator_sheets(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        code: str | None = None,
        evaluated: EvaluatedKind | None = None,
    ) -> Any:
        """A page of the sheets of the bureaux at and above the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: indicator_sheets.list_indicator_sheets(
                db, actor, page=page, unit_id=unit_id, code=code, evaluated=evaluated
            ),
        )

    @strawberry.field(
        description="指标表的 JSON Schema / of a sheet to be published", graphql_type=JSON
    )
    async def indicator_sheet_schema(self, info: Info[Context]) -> Any:
        """The JSON Schema of a sheet to be published."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: indicator_sheets.get_indicator_sheet_schema(db, actor)
        )

    @strawberry.field(
        description="随附指标表 / shipped sheets", graphql_type=list[ShippedIndicatorSheetNode]
    )
    async def shipped_indicator_sheets(self, info: Info[Context]) -> Any:
        """The sheets that are shipped, ready to be published as a bureau's own."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: indicator_sheets.list_shipped_indicator_sheets(db, actor)
        )


@strawberry.type
class IndicatorSheetMutations:
    """What may be done about indicator sheets."""

    @strawberry.mutation(
        description="发布随附指标表 / publish a shipped sheet", graphql_type=IndicatorSheetNode
    )
    async def publish_shipped_indicator_sheet(
        self, info: Info[Context], choice: ShippedSheetChoiceInput
    ) -> Any:
        """Publish a shipped sheet for a bureau."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await indicator_sheets.publish_shipped_indicator_sheet(
                db, actor, choice=choice, now=now()
            )

    @strawberry.mutation(
        description="发布指标表 / publish a sheet", graphql_type=IndicatorSheetNode
    )
    async def publish_indicator_sheet(
        self, info: Info[Context], new: NewIndicatorSheetInput
    ) -> Any:
        """Publish a sheet of a bureau."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await indicator_sheets.publish_indicator_sheet(db, actor, new=new, now=now())
