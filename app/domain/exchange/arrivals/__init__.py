"""Arrivals from the province (省平台来件): read `arrival` (what one is), `taking_in`, then `settling`."""

from app.domain.exchange.arrivals.arrival import (
    ARRIVALS,
    Arrival,
    ArrivalDecision,
    ArrivalFields,
    ArrivalKind,
    ArrivalState,
    ArrivalView,
    NewArrival,
    get_arrival,
    list_arrivals,
)
from app.domain.exchange.arrivals.settling import settle_arrival
from app.domain.exchange.arrivals.taking_in import (
    arrivals_reached,
    cities_told,
    hand_in_arrival,
    take_in_arrivals,
)

__all__ = [
    "ARRIVALS",
    "Arrival",
    "ArrivalDecision",
    "ArrivalFields",
    "ArrivalKind",
    "ArrivalState",
    "ArrivalView",
    "NewArrival",
    "arrivals_reached",
    "cities_told",
    "get_arrival",
    "hand_in_arrival",
    "list_arrivals",
    "settle_arrival",
    "take_in_arrivals",
]
