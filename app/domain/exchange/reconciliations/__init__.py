"""Reconciliations with the province (对账): read `reconciliation`, then `comparing`."""

from app.domain.exchange.reconciliations.comparing import (
    STRETCH,
    Stretch,
    compare_stretch,
    put_off,
    take_stretch,
)
from app.domain.exchange.reconciliations.reconciliation import (
    DIFFERENCES,
    RECONCILIATIONS,
    DifferenceView,
    DisagreementKind,
    NewReconciliation,
    Reconciliation,
    ReconciliationDifference,
    ReconciliationState,
    ReconciliationView,
    get_reconciliation,
    list_reconciliation_differences,
    list_reconciliations,
    start_reconciliation,
)

__all__ = [
    "DIFFERENCES",
    "RECONCILIATIONS",
    "STRETCH",
    "DifferenceView",
    "DisagreementKind",
    "NewReconciliation",
    "Reconciliation",
    "ReconciliationDifference",
    "ReconciliationState",
    "ReconciliationView",
    "Stretch",
    "compare_stretch",
    "get_reconciliation",
    "list_reconciliation_differences",
    "list_reconciliations",
    "put_off",
    "start_reconciliation",
    "take_stretch",
]
