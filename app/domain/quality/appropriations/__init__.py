"""Appropriations (资金拨付): money that goes from a line of one budget into a line of another.

    sent ──acknowledge──▶ acknowledged
      └────return───────▶ returned

A bureau allocates to a unit right below it, a unit gives back what is left to its bureau, and carries over
into its own next year. Both sides are one entry: sent, the money is in transit at the receiving line.
Read `appropriation` (what it is), then `sending`.
"""

from app.domain.quality.appropriations.appropriation import (
    APPROPRIATIONS,
    Appropriation,
    AppropriationAnswered,
    AppropriationKind,
    AppropriationNotFound,
    AppropriationOfReceiver,
    AppropriationRouteWrong,
    AppropriationState,
    AppropriationView,
    CarryOverChangesClass,
    NewAppropriation,
    get_appropriation,
    list_appropriations,
)
from app.domain.quality.appropriations.sending import (
    acknowledge_appropriation,
    appropriate_funds,
    return_appropriation,
)

__all__ = [
    "APPROPRIATIONS",
    "Appropriation",
    "AppropriationAnswered",
    "AppropriationKind",
    "AppropriationNotFound",
    "AppropriationOfReceiver",
    "AppropriationRouteWrong",
    "AppropriationState",
    "AppropriationView",
    "CarryOverChangesClass",
    "NewAppropriation",
    "acknowledge_appropriation",
    "appropriate_funds",
    "get_appropriation",
    "list_appropriations",
    "return_appropriation",
]
