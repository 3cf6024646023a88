"""Calls for demonstration schools (示范校创建通知): which title can be had, on which conditions (R161).

Read `condition` (what is asked and judged), `call` (the table and its door), `publishing`.
"""

from app.domain.quality.demonstration_calls.call import (
    DEMONSTRATION_CALLS,
    DemonstrationCall,
    DemonstrationCallFields,
    DemonstrationCallNotFound,
    DemonstrationCallView,
    demonstration_calls_by_id,
    get_demonstration_call,
    list_demonstration_calls,
)
from app.domain.quality.demonstration_calls.condition import (
    MOST_YEARS,
    DemonstrationCondition,
    DemonstrationConditionKind,
    DemonstrationCriterion,
    NewDemonstrationCondition,
    NewDemonstrationCriterion,
)
from app.domain.quality.demonstration_calls.publishing import (
    DemonstrationCallDaysUnfit,
    DemonstrationCallNeedsBureau,
    DemonstrationCodeRepeated,
    DemonstrationPointsOff,
    NewDemonstrationCall,
    publish_demonstration_call,
)

__all__ = [
    "DEMONSTRATION_CALLS",
    "MOST_YEARS",
    "DemonstrationCall",
    "DemonstrationCallDaysUnfit",
    "DemonstrationCallFields",
    "DemonstrationCallNeedsBureau",
    "DemonstrationCallNotFound",
    "DemonstrationCallView",
    "DemonstrationCodeRepeated",
    "DemonstrationCondition",
    "DemonstrationConditionKind",
    "DemonstrationCriterion",
    "DemonstrationPointsOff",
    "NewDemonstrationCall",
    "NewDemonstrationCondition",
    "NewDemonstrationCriterion",
    "demonstration_calls_by_id",
    "get_demonstration_call",
    "list_demonstration_calls",
    "publish_demonstration_call",
]
