"""The least that schools are to hold (活动底线), and the schools that hold less (R186).

`minimum` is the threshold, a dated fact that a bureau sets; `inactive` tells which schools fall short of it
today and where a visit was paid since. Nothing is decided by it: who falls short is to be visited and asked.
"""

from app.domain.quality.activity_minimums.inactive import (
    InactiveSchoolView,
    list_inactive_schools,
)
from app.domain.quality.activity_minimums.minimum import (
    MINIMUMS,
    ActivityMinimum,
    ActivityMinimumEnd,
    ActivityMinimumExists,
    ActivityMinimumFields,
    ActivityMinimumNotFound,
    ActivityMinimumOfSchool,
    ActivityMinimumView,
    NewActivityMinimum,
    end_activity_minimum,
    get_activity_minimum,
    list_activity_minimums,
    set_activity_minimum,
)

__all__ = [
    "MINIMUMS",
    "ActivityMinimum",
    "ActivityMinimumEnd",
    "ActivityMinimumExists",
    "ActivityMinimumFields",
    "ActivityMinimumNotFound",
    "ActivityMinimumOfSchool",
    "ActivityMinimumView",
    "InactiveSchoolView",
    "NewActivityMinimum",
    "end_activity_minimum",
    "get_activity_minimum",
    "list_activity_minimums",
    "list_inactive_schools",
    "set_activity_minimum",
]
