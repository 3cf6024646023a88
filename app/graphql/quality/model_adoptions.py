"""Adoptions of model cases over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import model_adoptions, model_cases
from app.domain.quality.model_adoptions import (
    AdoptionActivityChoice,
    AdoptionFigure,
    ModelAdoptionCountView,
    ModelAdoptionEnd,
    ModelAdoptionReport,
    ModelAdoptionView,
    NewModelAdoption,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.type(name="AdoptionFigure", description=AdoptionFigure.__doc__)(AdoptionFigure)


@node(
    model_adoptions.MODEL_ADOPTIONS,
    name="ModelAdoption",
    description="典型案例的推广应用 / the adoption of a model case",
)
class ModelAdoptionNode(Node, ModelAdoptionView):
    """An adoption with its case and the unit that works by it."""

    case = edge(
        model_cases.model_cases_by_id,
        lazy("app.graphql.quality.model_cases", "ModelCaseNode"),
        many=False,
        keys="case_ids",
        key="case_id",
        description="典型案例 / case",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="采用单位 / unit that works by it",
    )


@strawberry.pydantic.type(
    name="ModelAdoptionCount", description="推广应用统计 / how many units adopted a case"
)
class ModelAdoptionCountNode(ModelAdoptionCountView):
    """How many units of a level have adopted a case."""


@strawberry.pydantic.input(name="NewModelAdoption")
class NewModelAdoptionInput(NewModelAdoption):
    """That a unit works by a case."""


@strawberry.pydantic.input(name="AdoptionActivityChoice")
class AdoptionActivityChoiceInput(AdoptionActivityChoice):
    """Which activity was held by the case."""


@strawberry.pydantic.input(name="ModelAdoptionReport")
class ModelAdoptionReportInput(ModelAdoptionReport):
    """What came of an adoption."""


@strawberry.pydantic.input(name="ModelAdoptionEnd")
class ModelAdoptionEndInput(ModelAdoptionEnd):
    """From when and why it is given up."""


@strawberry.type
class ModelAdoptionQueries:
    """What may be asked about adoptions of model cases."""

    @strawberry.field(
        description="推广应用 / adoptions", graphql_type=Connection[ModelAdoptionNode]
    )
    async def model_adoptions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        case_id: UUID | None = None,
        unit_id: UUID | None = None,
        in_force: bool | None = None,
        reported: bool | None = None,
    ) -> Any:
        """The adoptions by units in the actor's place (`created`, `report_by`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: model_adoptions.list_model_adoptions(
                db,
                actor,
                page=page,
                case_id=case_id,
                unit_id=unit_id,
                in_force=in_force,
                reported=reported,
            ),
        )

    @strawberry.field(description="一项推广应用 / one adoption", graphql_type=ModelAdoptionNode)
    async def model_adoption(
        self,
        info: Info[Context],
        id: UUID,
    ) -> Any:
        """One adoption, seen by the unit and those above it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: model_adoptions.get_model_adoption(db, actor, adoption_id=id)
        )

    @strawberry.field(
        description="推广应用统计 / adoptions counted", graphql_type=list[ModelAdoptionCountNode]
    )
    async def model_adoption_counts(
        self,
        info: Info[Context],
        unit_id: UUID,
    ) -> Any:
        """By how many units in and below a unit each case was adopted, by their level."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: model_adoptions.list_model_adoption_counts(db, actor, unit_id=unit_id)
        )


@strawberry.type
class ModelAdoptionMutations:
    """What may be done about adoptions of model cases."""

    @strawberry.mutation(description="采用案例 / adopt a case", graphql_type=ModelAdoptionNode)
    async def adopt_model_case(
        self,
        info: Info[Context],
        case_id: UUID,
        new: NewModelAdoptionInput,
    ) -> Any:
        """Say for a unit that it works by a case of another."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_adoptions.adopt_model_case(
                db, actor, case_id=case_id, new=new, now=now()
            )

    @strawberry.mutation(description="列入活动 / name an activity", graphql_type=ModelAdoptionNode)
    async def add_adoption_activity(
        self,
        info: Info[Context],
        adoption_id: UUID,
        choice: AdoptionActivityChoiceInput,
    ) -> Any:
        """Name an activity of the unit that was held by the case."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_adoptions.add_adoption_activity(
                db, actor, adoption_id=adoption_id, choice=choice, now=now()
            )

    @strawberry.mutation(
        description="报告成效 / say what came of it", graphql_type=ModelAdoptionNode
    )
    async def report_model_adoption(
        self,
        info: Info[Context],
        adoption_id: UUID,
        said: ModelAdoptionReportInput,
    ) -> Any:
        """Say what came of an adoption; the figures are computed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_adoptions.report_model_adoption(
                db, actor, adoption_id=adoption_id, said=said, now=now()
            )

    @strawberry.mutation(description="停止采用 / give it up", graphql_type=ModelAdoptionNode)
    async def end_model_adoption(
        self,
        info: Info[Context],
        adoption_id: UUID,
        end: ModelAdoptionEndInput,
    ) -> Any:
        """Say that a unit no longer works by a case, and why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await model_adoptions.end_model_adoption(
                db, actor, adoption_id=adoption_id, end=end, now=now()
            )
