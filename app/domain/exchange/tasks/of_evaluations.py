"""What waits in evaluations: the self-inspection, the result, an appeal, what is to be put right; and in
what documents state otherwise than the register: an explanation, and its conclusion.
"""

from sqlalchemy import and_, func, or_
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import (
    above_bureau_over,
    above_unit_of,
    bureau_over,
    city_over_bureau,
    unit_of,
)
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.people.teachers.strata import is_among
from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.collection_forms import CollectionForm, FormReturn, FormReturnState
from app.domain.quality.rectifications import Rectification, RectificationState
from app.domain.quality.stated_figures import FigureState, StatedFigure
from app.domain.quality.unit_evaluations import EvaluationState, UnitEvaluation

_WITH_ORDER = beside(UnitEvaluation, CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id))


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
        above=city_over_bureau(UnitEvaluation),
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
        above=city_over_bureau(UnitEvaluation),
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
        above=city_over_bureau(Rectification),
        waits=is_among(col(Rectification.state), [RectificationState.PROVED]),
    ),
)
"""A unit's part waits with the unit, the rest with the bureau that gave the order."""

_OPEN = is_among(col(StatedFigure.state), [FigureState.OPEN])

OF_STATED_FIGURES = (
    Waiting(
        kind=TaskKind.STATED_FIGURE_TO_EXPLAIN,
        permission=Permission.STATISTIC_WRITE,
        table=StatedFigure,
        title=col(StatedFigure.cleaned),
        since=col(StatedFigure.stated_at),
        due=col(StatedFigure.due_on),
        at=unit_of(StatedFigure),
        above=above_unit_of(StatedFigure),
        waits=_OPEN,
    ),
    Waiting(
        kind=TaskKind.STATED_FIGURE_TO_CONCLUDE,
        permission=Permission.STATISTIC_CONFIRM,
        table=StatedFigure,
        title=col(StatedFigure.cleaned),
        since=func.coalesce(col(StatedFigure.explained_at), col(StatedFigure.stated_at)),
        at=bureau_over(StatedFigure),
        above=above_bureau_over(StatedFigure),
        waits=or_(
            is_among(col(StatedFigure.state), [FigureState.EXPLAINED]),
            and_(_OPEN, col(StatedFigure.due_on) < TODAY),
        ),
        by=col(StatedFigure.explained_by),
    ),
)
"""The unit explains, the bureau over it concludes; without an explanation once its last day is over."""

OF_COLLECTION_FORMS = (
    Waiting(
        kind=TaskKind.FORM_RETURN_TO_CONFIRM,
        permission=Permission.GUIDANCE_ANSWER,
        table=FormReturn,
        rows=beside(FormReturn, CollectionForm, col(FormReturn.form_id) == col(CollectionForm.id)),
        title=col(CollectionForm.title),
        since=func.coalesce(col(FormReturn.sent_back_at), col(CollectionForm.issued_at)),
        due=col(CollectionForm.due_on),
        at=unit_of(FormReturn),
        above=above_unit_of(FormReturn),
        waits=and_(
            is_among(col(FormReturn.state), [FormReturnState.OPEN, FormReturnState.SENT_BACK]),
            col(CollectionForm.closed_at).is_(None),
        ),
    ),
)
"""A form waits with the school until it is confirmed or closed."""
