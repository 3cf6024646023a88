"""Self-study courses (个性化自主学习课程): what one teacher studies alone, led by a question of research.

    draft ──submit──▶ submitted ──agreed──▶ agreed ──report──▶ reported ──agreed──▶ concluded
      ▲                   └─ not agreed ─▶ returned               └─ not agreed ─▶ agreed

The teacher plans it with milestones that add up to its hours (180 by default), the school agrees; each
milestone is reported with what shows it, and the school confirms the conclusion. Credit for it is claimed
(`credits.claims`), with mode `self_directed`. In reading order: `table`, `study` (doors, reads), `writing`,
`carrying_out`.
"""

from app.domain.learning.self_studies.carrying_out import (
    MilestoneReport,
    MilestonesOpen,
    SelfStudyConclusion,
    SelfStudyDecision,
    SelfStudyEnd,
    SelfStudyOfOneself,
    decide_self_study,
    end_self_study,
    report_self_study,
    report_self_study_milestone,
)
from app.domain.learning.self_studies.study import (
    MILESTONES,
    SELF_STUDIES,
    MilestoneNotFound,
    SelfStudyNotFound,
    SelfStudyWrongState,
    get_self_study,
    list_self_studies,
    list_self_study_milestones,
    milestones_of,
    self_studies_by_id,
)
from app.domain.learning.self_studies.table import (
    FULL_HOURS,
    MilestoneView,
    SelfStudy,
    SelfStudyMilestone,
    SelfStudyState,
    SelfStudyView,
)
from app.domain.learning.self_studies.writing import (
    NewMilestone,
    NewSelfStudy,
    SelfStudyChanges,
    SelfStudyDaysDisagree,
    SelfStudyHoursBeyondDays,
    SelfStudyHoursDisagree,
    draft_self_study,
    submit_self_study,
    update_self_study,
)

__all__ = [
    "FULL_HOURS",
    "MILESTONES",
    "SELF_STUDIES",
    "MilestoneNotFound",
    "MilestoneReport",
    "MilestoneView",
    "MilestonesOpen",
    "NewMilestone",
    "NewSelfStudy",
    "SelfStudy",
    "SelfStudyChanges",
    "SelfStudyConclusion",
    "SelfStudyDaysDisagree",
    "SelfStudyDecision",
    "SelfStudyEnd",
    "SelfStudyHoursBeyondDays",
    "SelfStudyHoursDisagree",
    "SelfStudyMilestone",
    "SelfStudyNotFound",
    "SelfStudyOfOneself",
    "SelfStudyState",
    "SelfStudyView",
    "SelfStudyWrongState",
    "decide_self_study",
    "draft_self_study",
    "end_self_study",
    "get_self_study",
    "list_self_studies",
    "list_self_study_milestones",
    "milestones_of",
    "report_self_study",
    "report_self_study_milestone",
    "self_studies_by_id",
    "submit_self_study",
    "update_self_study",
]
