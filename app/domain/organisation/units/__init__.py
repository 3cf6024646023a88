"""Units (单位): the city's bureau, the county bureaux, the schools, in one table.

The depth is fixed: city → county → school. A functional zone (功能区) is a county-level unit without
a code of GB/T 2260; a city-direct school (市直学校) has the city itself as its superior. A unit's
identity is its key, never a code: codes and names are dated facts. A closed unit stays on record.
"""

from app.domain.organisation.location_classes import LocationClass, LocationCode
from app.domain.organisation.units.register import (
    UNITS,
    NotASchool,
    UnitChanges,
    counties_of,
    get_unit,
    hold_open_unit,
    hold_unit,
    hold_units,
    list_children,
    list_units,
    lock_city,
    schools_of,
    units_by_id,
)
from app.domain.organisation.units.setting_up import create_unit, create_units
from app.domain.organisation.units.unit import (
    CannotSupervise,
    Level,
    NewUnit,
    Stage,
    Unit,
    UnitClosed,
    UnitFields,
    UnitNotFound,
    UnitView,
    is_open_school,
    place_of,
)
from app.domain.organisation.units.updating import update_unit, update_units

__all__ = [
    "UNITS",
    "CannotSupervise",
    "Level",
    "LocationClass",
    "LocationCode",
    "NewUnit",
    "NotASchool",
    "Stage",
    "Unit",
    "UnitChanges",
    "UnitClosed",
    "UnitFields",
    "UnitNotFound",
    "UnitView",
    "counties_of",
    "create_unit",
    "create_units",
    "get_unit",
    "hold_open_unit",
    "hold_unit",
    "hold_units",
    "is_open_school",
    "list_children",
    "list_units",
    "lock_city",
    "place_of",
    "schools_of",
    "units_by_id",
    "update_unit",
    "update_units",
]
