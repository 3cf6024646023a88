"""Reorganisations (机构调整): a unit is closed, merged into another, or moved to another bureau.

Each is one transaction of as many statements for a school of three teachers as for one of three
hundred, and each is a recorded fact: the histories of both sides stay. It takes effect today or took
effect in the past; what is only planned is not recorded here.
"""

from app.domain.organisation.reorganisations.reorganisation import (
    AlreadyThere,
    CityStays,
    Closure,
    Merger,
    MoneyInTransit,
    Move,
    Reorganisation,
    ReorganisationInFuture,
    ReorganisationKind,
    ReorganisationTooEarly,
    ReorganisationView,
    UnitNotEmpty,
)
from app.domain.organisation.reorganisations.reorganising import (
    close_unit,
    list_reorganisations,
    merge_school,
    move_school,
)

__all__ = [
    "AlreadyThere",
    "CityStays",
    "Closure",
    "Merger",
    "MoneyInTransit",
    "Move",
    "Reorganisation",
    "ReorganisationInFuture",
    "ReorganisationKind",
    "ReorganisationTooEarly",
    "ReorganisationView",
    "UnitNotEmpty",
    "close_unit",
    "list_reorganisations",
    "merge_school",
    "move_school",
]
