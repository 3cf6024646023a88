"""Evaluations of units over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import check_orders, rectifications, unit_evaluations
from app.domain.quality.check_orders import CheckKind
from app.domain.quality.unit_evaluations import (
    AppealDecision,
    EvaluationAppeal,
    EvaluationResult,
    EvaluationState,
    EvaluationValueView,
    EvaluatorView,
    IndicatorClaim,
    SelfInspection,
    UnitEvaluationView,
    VerificationView,
    VerifiedValue,
    VerifiedValues,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

for _given in (IndicatorClaim, VerifiedValue):
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@node(
    unit_evaluations.UNIT_EVALUATIONS,
    name="UnitEvaluation",
    description="对单位的评估 / the evaluation of a unit",
)
class UnitEvaluationNode(Node, UnitEvaluationView):
    """An evaluation with its edges."""

    order = edge(
        check_orders.check_orders_by_id,
        lazy("app.graphql.quality.check_orders", "CheckOrderNode"),
        many=False,
        keys="order_ids",
        key="order_id",
        description="检查通知 / order under which it is done",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="被评单位 / unit that is evaluated",
    )
    by_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="by_unit_id",
        description="评估教育局 / bureau that evaluates",
    )
    rectifications = paged_edge(
        rectifications.rectifications_of,
        lazy("app.graphql.quality.rectifications", "RectificationNode"),
        keys="evaluation_ids",
        first=20,
        description="整改事项 / what is to be put right",
    )


@strawberry.pydantic.type(
    name="EvaluationValue", description="指标的三方数值 / an indicator with its three values"
)
class EvaluationValueNode(EvaluationValueView):
    """One indicator of an evaluation."""


@strawberry.pydantic.type(name="Evaluator", description="评估人员 / an evaluator")
class EvaluatorNode(EvaluatorView):
    """An evaluator of one unit."""


@strawberry.pydantic.type(
    name="EvaluationVerification", description="核定 / what the evaluators found"
)
class VerificationNode(VerificationView):
    """What was found of one indicator."""


@strawberry.pydantic.input(name="SelfInspection")
class SelfInspectionInput(SelfInspection):
    """What the unit says of itself."""


@strawberry.pydantic.input(name="VerifiedValues")
class VerifiedValuesInput(VerifiedValues):
    """What is found of several indicators."""


@strawberry.pydantic.input(name="EvaluationResult")
class EvaluationResultInput(EvaluationResult):
    """What is said to the unit beside the points."""


@strawberry.pydantic.input(name="EvaluationAppeal")
class EvaluationAppealInput(EvaluationAppeal):
    """Why the unit does not agree."""


@strawberry.pydantic.input(name="AppealDecision")
class AppealDecisionInput(AppealDecision):
    """What is answered to an appeal."""


@strawberry.type
class UnitEvaluationQueries:
    """What may be asked about evaluations of units."""

    @strawberry.field(description="一项评估 / one evaluation", graphql_type=UnitEvaluationNode)
    async def unit_evaluation(self, info: Info[Context], id: UUID) -> Any:
        """One evaluation."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_evaluations.get_unit_evaluation(db, actor, evaluation_id=id)
        )

    @strawberry.field(
        description="评估列表 / evaluations", graphql_type=Connection[UnitEvaluationNode]
    )
    async def unit_evaluations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        order_id: UUID | None = None,
        unit_id: UUID | None = None,
        state: EvaluationState | None = None,
        kind: CheckKind | None = None,
        school_year: int | None = None,
        handed_in: bool | None = None,
    ) -> Any:
        """A page of the evaluations that the actor may see (`created`, `due_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: unit_evaluations.list_unit_evaluations(
                db, actor, page=page, order_id=order_id, unit_id=unit_id, state=state, kind=kind,
                school_year=school_year, handed_in=handed_in,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="各指标的三方数值 / the indicators with their values",
        graphql_type=list[EvaluationValueNode],
    )
    async def evaluation_values(self, info: Info[Context], evaluation_id: UUID) -> Any:
        """What was computed, claimed and verified, side by side."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_evaluations.list_evaluation_values(
                db, actor, evaluation_id=evaluation_id
            )
        )

    @strawberry.field(description="评估人员 / evaluators", graphql_type=list[EvaluatorNode])
    async def evaluators(self, info: Info[Context], evaluation_id: UUID) -> Any:
        """Who evaluates the unit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_evaluations.list_evaluators(db, actor, evaluation_id=evaluation_id)
        )

    @strawberry.field(
        description="核定 / what the evaluators found", graphql_type=list[VerificationNode]
    )
    async def verifications(self, info: Info[Context], evaluation_id: UUID) -> Any:
        """What the evaluators have found so far, for the bureau that evaluates."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: unit_evaluations.list_verifications(db, actor, evaluation_id=evaluation_id)
        )


@strawberry.type
class UnitEvaluationMutations:
    """What may be done about evaluations of units."""

    @strawberry.mutation(
        description="签收检查通知 / receive the order", graphql_type=UnitEvaluationNode
    )
    async def acknowledge_check_order(self, info: Info[Context], evaluation_id: UUID) -> Any:
        """Say for the unit that the order was received."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.acknowledge_check_order(
                db, actor, evaluation_id=evaluation_id, now=now()
            )

    @strawberry.mutation(
        description="填写自查 / write the self-inspection", graphql_type=UnitEvaluationNode
    )
    async def write_self_inspection(
        self, info: Info[Context], evaluation_id: UUID, said: SelfInspectionInput
    ) -> Any:
        """Write what the unit says of itself."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.write_self_inspection(
                db, actor, evaluation_id=evaluation_id, said=said
            )

    @strawberry.mutation(description="报送自查 / hand it in", graphql_type=UnitEvaluationNode)
    async def hand_in_self_inspection(self, info: Info[Context], evaluation_id: UUID) -> Any:
        """Hand the self-inspection in."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.hand_in_self_inspection(
                db, actor, evaluation_id=evaluation_id, now=now()
            )

    @strawberry.mutation(
        description="核定 / say what was found", graphql_type=list[VerificationNode]
    )
    async def verify_unit_evaluation(
        self, info: Info[Context], evaluation_id: UUID, found: VerifiedValuesInput
    ) -> Any:
        """Say as an evaluator what was found."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.verify_unit_evaluation(
                db, actor, evaluation_id=evaluation_id, found=found, now=now()
            )

    @strawberry.mutation(
        description="撤销评估人员指派 / take an appointment back", graphql_type=EvaluatorNode
    )
    async def remove_evaluator(self, info: Info[Context], evaluator_id: UUID) -> Any:
        """Take an appointment back before a value was given by it; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.remove_evaluator(db, actor, evaluator_id=evaluator_id)

    @strawberry.mutation(
        description="公布结果 / publish the result", graphql_type=UnitEvaluationNode
    )
    async def publish_unit_evaluation(
        self, info: Info[Context], evaluation_id: UUID, result: EvaluationResultInput
    ) -> Any:
        """Publish the result to the unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.publish_unit_evaluation(
                db, actor, evaluation_id=evaluation_id, result=result, now=now()
            )

    @strawberry.mutation(description="申诉 / appeal", graphql_type=UnitEvaluationNode)
    async def appeal_unit_evaluation(
        self, info: Info[Context], evaluation_id: UUID, said: EvaluationAppealInput
    ) -> Any:
        """Appeal for the unit against its result."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.appeal_unit_evaluation(
                db, actor, evaluation_id=evaluation_id, said=said, now=now()
            )

    @strawberry.mutation(
        description="处理申诉 / decide on an appeal", graphql_type=UnitEvaluationNode
    )
    async def decide_evaluation_appeal(
        self, info: Info[Context], evaluation_id: UUID, decision: AppealDecisionInput
    ) -> Any:
        """Decide on an appeal, as another than who published the result."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.decide_evaluation_appeal(
                db, actor, evaluation_id=evaluation_id, decision=decision, now=now()
            )
