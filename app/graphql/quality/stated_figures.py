"""Stated figures over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import stated_figures
from app.domain.quality.stated_figures import (
    FigureCheckRowView,
    FigureCheckView,
    FigureComparison,
    FigureConclusion,
    FigureExampleView,
    FigureExplanation,
    FigureLine,
    FigureReasonView,
    FigureState,
    FigureVerdict,
    NewStatedFigure,
    NewStatedValue,
    StatedFigureView,
    StatedValue,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What a statement and an answer are made of has no edges: they are the types themselves.
strawberry.pydantic.type(name="StatedValue", description=StatedValue.__doc__)(StatedValue)
strawberry.pydantic.type(name="FigureLine", description=FigureLine.__doc__)(FigureLine)
strawberry.pydantic.type(name="FigureReasonInWords", description=FigureReasonView.__doc__)(
    FigureReasonView
)
strawberry.pydantic.input(name="NewStatedValue", description=NewStatedValue.__doc__)(NewStatedValue)


@node(stated_figures.STATED_FIGURES, name="StatedFigure", description="文中数据 / what is stated")
class StatedFigureNode(Node, StatedFigureView):
    """A stated figure and the unit whose document states it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="填报单位 / unit whose document states it",
    )


@node(stated_figures.FIGURE_CHECKS, name="FigureCheck", description="核对结果 / an answer")
class FigureCheckNode(Node, FigureCheckView):
    """An answer and the figure to which it was given."""

    figure = edge(
        stated_figures.stated_figures_by_id,
        StatedFigureNode,
        many=False,
        keys="figure_ids",
        key="figure_id",
        description="所核对的数据 / stated figure",
    )


@strawberry.pydantic.type(name="FigureCheckRow", description=FigureCheckRowView.__doc__)
class FigureCheckRowNode(FigureCheckRowView):
    """What one unit has in a registered number."""


@strawberry.pydantic.type(name="FigureExample", description=FigureExampleView.__doc__)
class FigureExampleNode(FigureExampleView):
    """A passage of a source with the answer to it."""


@strawberry.pydantic.input(name="NewStatedFigure")
class NewStatedFigureInput(NewStatedFigure):
    """What a document of a unit states."""


@strawberry.pydantic.input(name="FigureExplanation")
class FigureExplanationInput(FigureExplanation):
    """What the unit says of a difference."""


@strawberry.pydantic.input(name="FigureConclusion")
class FigureConclusionInput(FigureConclusion):
    """What becomes of a figure, and why."""


@strawberry.type
class StatedFigureQueries:
    """What may be asked about stated figures."""

    @strawberry.field(description="文中数据 / a stated figure", graphql_type=StatedFigureNode)
    async def stated_figure(self, info: Info[Context], figure_id: UUID) -> Any:
        """One stated figure in its own words."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: stated_figures.get_stated_figure(db, actor, figure_id=figure_id)
        )

    @strawberry.field(
        description="文中数据 / stated figures", graphql_type=Connection[StatedFigureNode]
    )
    async def stated_figures(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        state: FigureState | None = None,
        verdict: FigureVerdict | None = None,
        comparison: FigureComparison | None = None,
    ) -> Any:
        """What documents of the units in the actor's place state (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: stated_figures.list_stated_figures(
                db, actor, page=page, unit_id=unit_id, state=state, verdict=verdict,
                comparison=comparison,
            ),
        )  # fmt: skip

    @strawberry.field(description="核对结果 / an answer", graphql_type=FigureCheckNode)
    async def figure_check(self, info: Info[Context], check_id: UUID) -> Any:
        """One answer with its reasons and lines."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: stated_figures.get_figure_check(db, actor, check_id=check_id)
        )

    @strawberry.field(description="核对结果 / answers", graphql_type=Connection[FigureCheckNode])
    async def figure_checks(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        figure_id: UUID | None = None,
    ) -> Any:
        """The answers that were given, each as it was given (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: stated_figures.list_figure_checks(db, actor, page=page, figure_id=figure_id),
        )

    @strawberry.field(
        description="核对结果的各单位明细 / what each unit has in a number",
        graphql_type=list[FigureCheckRowNode],
    )
    async def figure_check_rows(
        self, info: Info[Context], check_id: UUID, differing: bool | None = None
    ) -> Any:
        """What each unit has in the registered number, beside what it stated itself."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: stated_figures.list_figure_check_rows(
                db, actor, check_id=check_id, differing=differing
            )
        )

    @strawberry.field(
        description="文中数据样例 / what the source documents state",
        graphql_type=list[FigureExampleNode],
    )
    async def figure_examples(self, info: Info[Context]) -> Any:
        """What the source documents state, and what is answered to each passage."""
        actor = info.context.actor
        return await info.context.read(lambda db: stated_figures.list_figure_examples(db, actor))


@strawberry.type
class StatedFigureMutations:
    """What may be done about stated figures."""

    @strawberry.mutation(
        description="录入并核对文中数据 / enter and check", graphql_type=StatedFigureNode
    )
    async def state_figure(
        self, info: Info[Context], unit_id: UUID, new: NewStatedFigureInput
    ) -> Any:
        """Enter what a document of a unit states; it is checked at once."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await stated_figures.state_figure(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(description="重新核对 / check again", graphql_type=StatedFigureNode)
    async def check_stated_figure(self, info: Info[Context], figure_id: UUID) -> Any:
        """Check it again against the register as it is now."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await stated_figures.check_stated_figure(
                db, actor, figure_id=figure_id, now=now()
            )

    @strawberry.mutation(description="说明差异 / explain", graphql_type=StatedFigureNode)
    async def explain_stated_figure(
        self, info: Info[Context], figure_id: UUID, said: FigureExplanationInput
    ) -> Any:
        """Say for the unit why its document states otherwise."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await stated_figures.explain_stated_figure(
                db, actor, figure_id=figure_id, said=said, now=now()
            )

    @strawberry.mutation(description="办结 / conclude", graphql_type=StatedFigureNode)
    async def conclude_stated_figure(
        self, info: Info[Context], figure_id: UUID, conclusion: FigureConclusionInput
    ) -> Any:
        """Say for the bureau over the unit what becomes of it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await stated_figures.conclude_stated_figure(
                db, actor, figure_id=figure_id, conclusion=conclusion, now=now()
            )
