"""What waits in evaluations: the self-inspection, the result, an appeal, and what is to be put right."""

from typing import Any

from sqlalchemy import case
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.people.teachers.strata import is_among
from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.rectifications import Rectification, RectificationState
from app.domain.quality.unit_evaluations import EvaluationState, UnitEvaluation

_WITH_ORDER = beside(UnitEvaluation, CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id))


def _city_over_bureau(table: Any) -> Any:
    """The city, where a county evaluates."""
    by, city = col(table.by_unit_id), col(table.city_id)
    return case((by != city, city))


OF_EVALUATIONS = (
    Waiting(
        kind=TaskKind.SELF_INSPECTION_TO_HAND_IN,
        permission=Permission.GUIDANCE_ANSWER,
        table=UnitEvaluation,
        rows=_WITH_ORDER,
        title=col(CheckOrder.title),
        since=col(CheckOrder.issued_at),
        due=col(CheckOrder.due_on),
        at=unit_of(UnitEvaluation),
        above=above_unit_of(UnitEvaluation),
        waits=is_among(col(UnitEvaluation.state), [EvaluationState.OPEN]),
    ),
    Waiting(
        kind=TaskKind.EVALUATION_TO_PUBLISH,
        permission=Permission.GUIDANCE_EVALUATE,
        table=UnitEvaluation,
        rows=_WITH_ORDER,
        title=col(CheckOrder.title),
        since=col(UnitEvaluation.handed_in_at),
        at=col(UnitEvaluation.by_unit_id),
        above=_city_over_bureau(UnitEvaluation),
        waits=is_among(col(UnitEvaluation.state), [EvaluationState.HANDED_IN]),
    ),
    Waiting(
        kind=TaskKind.EVALUATION_APPEAL_TO_DECIDE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=UnitEvaluation,
        rows=_WITH_ORDER,
        title=col(CheckOrder.title),
        since=col(UnitEvaluation.appealed_at),
        at=col(UnitEvaluation.by_unit_id),
        above=_city_over_bureau(UnitEvaluation),
        waits=is_among(col(UnitEvaluation.state), [EvaluationState.APPEALED]),
        by=col(UnitEvaluation.published_by),
    ),
    Waiting(
        kind=TaskKind.RECTIFICATION_TO_PROVE,
        permission=Permission.GUIDANCE_ANSWER,
        table=Rectification,
        title=col(Rectification.problem),
        since=col(Rectification.asked_at),
        due=col(Rectification.due_on),
        at=unit_of(Rectification),
        above=above_unit_of(Rectification),
        waits=is_among(
            col(Rectification.state), [RectificationState.ASKED, RectificationState.RETURNED]
        ),
    ),
    Waiting(
        kind=TaskKind.RECTIFICATION_TO_CONCLUDE,
        permission=Permission.GUIDANCE_EVALUATE,
        table=Rectification,
        title=col(Rectification.problem),
        since=col(Rectification.proved_at),
        at=col(Rectification.by_unit_id),
        above=_city_over_bureau(Rectification),
        waits=is_among(col(Rectification.state), [RectificationState.PROVED]),
    ),
)
"""A unit's part waits with the unit, the rest with the bureau that gave the order."""
