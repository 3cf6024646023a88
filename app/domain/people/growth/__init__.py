"""Growth (成长阶段): what is expected of a teacher after one, three and five years, when, and what was found.

"Enter a good door a year …; forming in three years, becoming the backbone; after five years of
success …" (a junior middle school's plan of training, part eight). A school or a bureau sets what it
expects; a school's word goes before its county's, a county's before its city's. When a stage is due
follows from the first day of service; what was found is a fact of the career.
"""

from app.domain.people.growth.stages import (
    YEARS,
    DueGrowthView,
    GrowthView,
    list_due_growth,
    list_growth,
)
from app.domain.people.growth.targets import (
    GrowthTarget,
    GrowthTargetView,
    NewGrowthTarget,
    TargetNotLater,
    list_growth_targets,
    set_growth_target,
)

__all__ = [
    "YEARS",
    "DueGrowthView",
    "GrowthTarget",
    "GrowthTargetView",
    "GrowthView",
    "NewGrowthTarget",
    "TargetNotLater",
    "list_due_growth",
    "list_growth",
    "list_growth_targets",
    "set_growth_target",
]
