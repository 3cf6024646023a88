"""Inspections of groups (教研组检查指导): what a school or a bureau found in a group, and what came of it.

「对各组教师培训工作进行检查指导」 (宝山区实验小学《十二五教师培训总结》四、2). A dated check looks at up to
five aspects and gives each a mark; the group's head answers, and whoever may inspect closes it. What was
found is written once. Nobody inspects the group that they head.

Read `inspection` (what it is, and what may be asked), `inspecting` (what may be done), `counts`.
"""

from app.domain.training.group_inspections.counts import (
    InspectionCountView,
    InspectionPeriodUnfit,
    list_group_inspection_counts,
)
from app.domain.training.group_inspections.inspecting import (
    InspectionAnsweredElsewhere,
    InspectionClosed,
    InspectionOfOwnGroup,
    answer_group_inspection,
    close_group_inspection,
    inspect_group,
)
from app.domain.training.group_inspections.inspection import (
    ASPECTS,
    INSPECTIONS,
    GroupInspection,
    InspectionAnswer,
    InspectionConclusion,
    InspectionMark,
    InspectionNotFound,
    InspectionView,
    NewInspection,
    get_group_inspection,
    list_group_inspections,
)

__all__ = [
    "ASPECTS",
    "INSPECTIONS",
    "GroupInspection",
    "InspectionAnswer",
    "InspectionAnsweredElsewhere",
    "InspectionClosed",
    "InspectionConclusion",
    "InspectionCountView",
    "InspectionMark",
    "InspectionNotFound",
    "InspectionOfOwnGroup",
    "InspectionPeriodUnfit",
    "InspectionView",
    "NewInspection",
    "answer_group_inspection",
    "close_group_inspection",
    "get_group_inspection",
    "inspect_group",
    "list_group_inspection_counts",
    "list_group_inspections",
]
