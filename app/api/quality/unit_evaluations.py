"""Evaluations of units over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.quality import unit_evaluations
from app.domain.quality.check_orders import CheckKind
from app.domain.quality.unit_evaluations import (
    AppealDecision,
    EvaluationAppeal,
    EvaluationResult,
    EvaluationState,
    EvaluationValueView,
    EvaluatorView,
    SelfInspection,
    UnitEvaluationView,
    VerificationView,
    VerifiedValues,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/unit-evaluations",
    operation_id="list_unit_evaluations",
    response_model=PageOf[UnitEvaluationView],
)
async def list_unit_evaluations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    order_id: Annotated[UUID | None, Query(description="检查通知 / order")] = None,
    unit_id: Annotated[UUID | None, Query(description="被评单位 / unit")] = None,
    state: Annotated[EvaluationState | None, Query(description="状态 / state")] = None,
    kind: Annotated[CheckKind | None, Query(description="检查类型 / kind")] = None,
    school_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="学年（起始年） / school year")
    ] = None,
    handed_in: Annotated[
        bool | None, Query(description="是否已报送自查 / whether it was handed in")
    ] = None,
) -> Response:
    """The evaluations that the actor may see (`created`, `due_on`); of an order, who owes and who does not."""
    found = await unit_evaluations.list_unit_evaluations(
        db, actor, page=page, order_id=order_id, unit_id=unit_id, state=state, kind=kind,
        school_year=school_year, handed_in=handed_in,
    )  # fmt: skip
    await include.into("UnitEvaluation", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/unit-evaluations/{evaluation_id}",
    operation_id="get_unit_evaluation",
    response_model=UnitEvaluationView,
)
async def get_unit_evaluation(
    request: Request, db: Reading, actor: CurrentActor, evaluation_id: UUID, include: Include
) -> Response:
    """One evaluation, seen by the evaluated unit and those above it."""
    row = await unit_evaluations.get_unit_evaluation(db, actor, evaluation_id=evaluation_id)
    await include.into("UnitEvaluation", [row])
    return answer_one(request, row)


@router.get(
    "/unit-evaluations/{evaluation_id}/values",
    operation_id="list_evaluation_values",
    response_model=list[EvaluationValueView],
)
async def list_evaluation_values(db: Reading, actor: CurrentActor, evaluation_id: UUID) -> Response:
    """The indicators with what was computed, claimed and verified, side by side."""
    rows = await unit_evaluations.list_evaluation_values(db, actor, evaluation_id=evaluation_id)
    return answer(rows)


@router.get(
    "/unit-evaluations/{evaluation_id}/evaluators",
    operation_id="list_evaluators",
    response_model=list[EvaluatorView],
)
async def list_evaluators(db: Reading, actor: CurrentActor, evaluation_id: UUID) -> Response:
    """Who evaluates the unit."""
    rows = await unit_evaluations.list_evaluators(db, actor, evaluation_id=evaluation_id)
    return answer(rows)


@router.post(
    "/unit-evaluations/{evaluation_id}/receipt",
    operation_id="acknowledge_check_order",
    response_model=UnitEvaluationView,
)
async def acknowledge_check_order(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID
) -> Response:
    """Say for the unit that the order was received."""
    row = await unit_evaluations.acknowledge_check_order(
        db, actor, evaluation_id=evaluation_id, now=now()
    )
    return answer(row)


@router.put(
    "/unit-evaluations/{evaluation_id}/self-inspection",
    operation_id="write_self_inspection",
    response_model=UnitEvaluationView,
)
async def write_self_inspection(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, said: SelfInspection
) -> Response:
    """Write what the unit says of itself, until it is handed in."""
    row = await unit_evaluations.write_self_inspection(
        db, actor, evaluation_id=evaluation_id, said=said
    )
    return answer(row)


@router.post(
    "/unit-evaluations/{evaluation_id}/hand-in",
    operation_id="hand_in_self_inspection",
    response_model=UnitEvaluationView,
)
async def hand_in_self_inspection(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID
) -> Response:
    """Hand the self-inspection in; the unit changes nothing of it afterwards."""
    row = await unit_evaluations.hand_in_self_inspection(
        db, actor, evaluation_id=evaluation_id, now=now()
    )
    return answer(row)


@router.get(
    "/unit-evaluations/{evaluation_id}/verifications",
    operation_id="list_verifications",
    response_model=list[VerificationView],
)
async def list_verifications(db: Reading, actor: CurrentActor, evaluation_id: UUID) -> Response:
    """What the evaluators have found so far, for the bureau that evaluates."""
    rows = await unit_evaluations.list_verifications(db, actor, evaluation_id=evaluation_id)
    return answer(rows)


@router.post(
    "/unit-evaluations/{evaluation_id}/verifications",
    operation_id="verify_unit_evaluation",
    response_model=list[VerificationView],
)
async def verify_unit_evaluation(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, found: VerifiedValues
) -> Response:
    """Say as an evaluator what was found; a later finding takes an earlier one's place."""
    rows = await unit_evaluations.verify_unit_evaluation(
        db, actor, evaluation_id=evaluation_id, found=found, now=now()
    )
    return answer(rows)


@router.post(
    "/unit-evaluations/{evaluation_id}/publish",
    operation_id="publish_unit_evaluation",
    response_model=UnitEvaluationView,
)
async def publish_unit_evaluation(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, result: EvaluationResult
) -> Response:
    """Publish the result to the unit; the points follow from the sheet's rules."""
    row = await unit_evaluations.publish_unit_evaluation(
        db, actor, evaluation_id=evaluation_id, result=result, now=now()
    )
    return answer(row)


@router.post(
    "/unit-evaluations/{evaluation_id}/appeal",
    operation_id="appeal_unit_evaluation",
    response_model=UnitEvaluationView,
)
async def appeal_unit_evaluation(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, said: EvaluationAppeal
) -> Response:
    """Appeal for the unit against its result, once, within the days that the order gives."""
    row = await unit_evaluations.appeal_unit_evaluation(
        db, actor, evaluation_id=evaluation_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/unit-evaluations/{evaluation_id}/appeal-decision",
    operation_id="decide_evaluation_appeal",
    response_model=UnitEvaluationView,
)
async def decide_evaluation_appeal(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, decision: AppealDecision
) -> Response:
    """Decide on an appeal, as another than who published the result."""
    row = await unit_evaluations.decide_evaluation_appeal(
        db, actor, evaluation_id=evaluation_id, decision=decision, now=now()
    )
    return answer(row)


@router.delete(
    "/evaluators/{evaluator_id}", operation_id="remove_evaluator", response_model=EvaluatorView
)
async def remove_evaluator(db: Transaction, actor: CurrentActor, evaluator_id: UUID) -> Response:
    """Take an appointment back before a value was given by it; what it was."""
    return answer(await unit_evaluations.remove_evaluator(db, actor, evaluator_id=evaluator_id))
