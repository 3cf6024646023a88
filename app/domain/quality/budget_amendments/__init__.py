"""Amendments (预算调整) of an approved budget: more, less, or from one line to another, from a day on.

What was approved stays as it was written; what a line comes to is the plan and its approved amendments.
Read `amendment` (what it is), then `deciding`.
"""

from app.domain.quality.budget_amendments.amendment import (
    BUDGET_AMENDMENTS,
    AmendmentBeyondPlan,
    AmendmentDecided,
    AmendmentMixesSources,
    AmendmentOutsideYear,
    AmendmentState,
    AmendmentTooEarly,
    BudgetAmendment,
    BudgetAmendmentNotFound,
    BudgetAmendmentView,
    NewBudgetAmendment,
    PriorityWeakened,
    get_budget_amendment,
    list_budget_amendments,
)
from app.domain.quality.budget_amendments.deciding import (
    approve_budget_amendment,
    propose_budget_amendment,
    reject_budget_amendment,
)

__all__ = [
    "BUDGET_AMENDMENTS",
    "AmendmentBeyondPlan",
    "AmendmentDecided",
    "AmendmentMixesSources",
    "AmendmentOutsideYear",
    "AmendmentState",
    "AmendmentTooEarly",
    "BudgetAmendment",
    "BudgetAmendmentNotFound",
    "BudgetAmendmentView",
    "NewBudgetAmendment",
    "PriorityWeakened",
    "approve_budget_amendment",
    "get_budget_amendment",
    "list_budget_amendments",
    "propose_budget_amendment",
    "reject_budget_amendment",
]
