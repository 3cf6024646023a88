"""Evaluations of units (评估): a school, or a county, under one order to check.

    open ──hand_in──▶ handed_in ──publish──▶ published ──appeal──▶ appealed ──decide──▶ settled

What the register says is computed once and frozen when the order is given. The unit adds its judgement, what
it claims and what it shows for it; appointed evaluators say what they find, with a reason where that differs.
The three values stand side by side, and the points follow from the sheet's rules. What the evaluators find
is theirs until the bureau publishes it. Read `table`, `evaluation`, `values`, then `issuing` (an order begins
them), `self_inspection`, `evaluators`, `appointing`, `verifying`, `concluding`.
"""

from app.domain.quality.unit_evaluations.appointing import (
    EvaluatorAppointment,
    EvaluatorHasVerified,
    NewEvaluator,
    appoint_evaluators,
    remove_evaluator,
)
from app.domain.quality.unit_evaluations.concluding import (
    AppealDecidedByPublisher,
    AppealDecision,
    AppealTooLate,
    EvaluationAppeal,
    EvaluationResult,
    VerificationsMissing,
    appeal_unit_evaluation,
    decide_evaluation_appeal,
    publish_unit_evaluation,
)
from app.domain.quality.unit_evaluations.evaluation import (
    UNIT_EVALUATIONS,
    EvaluationAnsweredElsewhere,
    EvaluationWithoutStanding,
    UnitEvaluationNotFound,
    UnitEvaluationView,
    UnitEvaluationWrongState,
    get_unit_evaluation,
    list_unit_evaluations,
    unit_evaluations_by_id,
    unit_evaluations_of,
)
from app.domain.quality.unit_evaluations.evaluators import (
    EVALUATORS,
    EvaluatorNotFound,
    EvaluatorOfOwnUnit,
    EvaluatorView,
    evaluators_of,
    list_evaluators,
)
from app.domain.quality.unit_evaluations.issuing import (
    CheckOrderAddresseesUnfit,
    CheckOrderDuePast,
    CheckOrderGivenAlready,
    CheckOrderPeriodUnfit,
    CheckOrderWithoutData,
    CheckOrderWithoutListNumber,
    CheckOrderYearUnfit,
    NewCheckOrder,
    issue_check_order,
)
from app.domain.quality.unit_evaluations.self_inspection import (
    IndicatorClaim,
    IndicatorNotInSheet,
    SelfInspection,
    SelfInspectionIncomplete,
    acknowledge_check_order,
    hand_in_self_inspection,
    write_self_inspection,
)
from app.domain.quality.unit_evaluations.table import (
    AppealOutcome,
    EvaluationEvidence,
    EvaluationState,
    EvaluationValue,
    Evaluator,
    UnitEvaluation,
    Verification,
)
from app.domain.quality.unit_evaluations.values import (
    EvaluationValueView,
    list_evaluation_values,
)
from app.domain.quality.unit_evaluations.verifying import (
    VERIFICATIONS,
    EvaluatorNotAppointed,
    VerificationNotFound,
    VerificationView,
    VerificationWithoutReason,
    VerifiedValue,
    VerifiedValues,
    VerifiedValueUnfit,
    list_verifications,
    verify_unit_evaluation,
)

__all__ = [
    "EVALUATORS",
    "UNIT_EVALUATIONS",
    "VERIFICATIONS",
    "AppealDecidedByPublisher",
    "AppealDecision",
    "AppealOutcome",
    "AppealTooLate",
    "CheckOrderAddresseesUnfit",
    "CheckOrderDuePast",
    "CheckOrderGivenAlready",
    "CheckOrderPeriodUnfit",
    "CheckOrderWithoutData",
    "CheckOrderWithoutListNumber",
    "CheckOrderYearUnfit",
    "EvaluationAnsweredElsewhere",
    "EvaluationAppeal",
    "EvaluationEvidence",
    "EvaluationResult",
    "EvaluationState",
    "EvaluationValue",
    "EvaluationValueView",
    "EvaluationWithoutStanding",
    "Evaluator",
    "EvaluatorAppointment",
    "EvaluatorHasVerified",
    "EvaluatorNotAppointed",
    "EvaluatorNotFound",
    "EvaluatorOfOwnUnit",
    "EvaluatorView",
    "IndicatorClaim",
    "IndicatorNotInSheet",
    "NewCheckOrder",
    "NewEvaluator",
    "SelfInspection",
    "SelfInspectionIncomplete",
    "UnitEvaluation",
    "UnitEvaluationNotFound",
    "UnitEvaluationView",
    "UnitEvaluationWrongState",
    "Verification",
    "VerificationNotFound",
    "VerificationView",
    "VerificationWithoutReason",
    "VerificationsMissing",
    "VerifiedValue",
    "VerifiedValueUnfit",
    "VerifiedValues",
    "acknowledge_check_order",
    "appeal_unit_evaluation",
    "appoint_evaluators",
    "decide_evaluation_appeal",
    "evaluators_of",
    "get_unit_evaluation",
    "hand_in_self_inspection",
    "issue_check_order",
    "list_evaluation_values",
    "list_evaluators",
    "list_unit_evaluations",
    "list_verifications",
    "publish_unit_evaluation",
    "remove_evaluator",
    "unit_evaluations_by_id",
    "unit_evaluations_of",
    "verify_unit_evaluation",
    "write_self_inspection",
]
