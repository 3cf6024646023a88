"""Applications of schools for a title (示范校申报), and the titles that they lead to (R161).

    draft ──hand_in──▶ handed_in ──recommend──▶ under_review ──decide──▶ published ──award──▶ awarded
                          │ (the county's own call, a school of the city: at once under_review)    │
                          ▼                        ▼             objection upheld ▼                ├─ reevaluate
                    not_recommended             rejected                     rejected    withdraw ─┴─▶ withdrawn
                                                                              closed ◀─ appealed ◀────────┘

A title is a designation of the school (`designations`), and nothing else is one. What the call asks is looked
up in the register when it is handed in, when it is awarded and when its term is renewed, and kept each time.
Read `table`, `conditions`, `demonstration`, then `applying`, `deciding`, `keeping`. Experts, visits and
objections are nouns of their own.
"""

from app.domain.quality.demonstrations.applying import (
    DemonstrationExists,
    DemonstrationOutsideWindow,
    DemonstrationRecommendation,
    DemonstrationText,
    DemonstrationUnderWay,
    NewDemonstration,
    create_demonstration,
    create_demonstration_file_link,
    hand_in_demonstration,
    recommend_demonstration,
    take_back_demonstration,
    write_demonstration,
)
from app.domain.quality.demonstrations.conditions import (
    DemonstrationConditionsUnmet,
    DemonstrationFinding,
    list_demonstration_findings,
)
from app.domain.quality.demonstrations.deciding import (
    DemonstrationDecision,
    DemonstrationObjectionsOpen,
    DemonstrationPlacesTaken,
    DemonstrationReviewsMissing,
    DemonstrationVisitMissing,
    award_demonstration,
    decide_demonstration,
)
from app.domain.quality.demonstrations.demonstration import (
    DEMONSTRATIONS,
    PUBLISHED_DEMONSTRATIONS,
    DemonstrationNotFound,
    DemonstrationStepView,
    DemonstrationView,
    PublishedDemonstrationView,
    demonstrations_by_id,
    demonstrations_of,
    get_demonstration,
    list_demonstration_steps,
    list_demonstrations,
    list_published_demonstrations,
)
from app.domain.quality.demonstrations.keeping import (
    REEVALUATED_AHEAD,
    DemonstrationAppeal,
    DemonstrationAppealDecidedByWithdrawer,
    DemonstrationAppealDecision,
    DemonstrationAppealTooLate,
    DemonstrationNotDue,
    DemonstrationReevaluation,
    DemonstrationTermOver,
    DemonstrationWithdrawal,
    appeal_demonstration,
    decide_demonstration_appeal,
    reevaluate_demonstration,
    withdraw_demonstration,
)
from app.domain.quality.demonstrations.steps import (
    DemonstrationAnsweredElsewhere,
    DemonstrationOfOtherBureau,
    DemonstrationWrongState,
    check_disinterested,
    hold_as_bureau,
    take_step,
    took_step,
)
from app.domain.quality.demonstrations.table import (
    Demonstration,
    DemonstrationAct,
    DemonstrationEvidence,
    DemonstrationExpert,
    DemonstrationObjection,
    DemonstrationState,
    DemonstrationStep,
    DemonstrationVisit,
)

__all__ = [
    "DEMONSTRATIONS",
    "PUBLISHED_DEMONSTRATIONS",
    "REEVALUATED_AHEAD",
    "Demonstration",
    "DemonstrationAct",
    "DemonstrationAnsweredElsewhere",
    "DemonstrationAppeal",
    "DemonstrationAppealDecidedByWithdrawer",
    "DemonstrationAppealDecision",
    "DemonstrationAppealTooLate",
    "DemonstrationConditionsUnmet",
    "DemonstrationDecision",
    "DemonstrationEvidence",
    "DemonstrationExists",
    "DemonstrationExpert",
    "DemonstrationFinding",
    "DemonstrationNotDue",
    "DemonstrationNotFound",
    "DemonstrationObjection",
    "DemonstrationObjectionsOpen",
    "DemonstrationOfOtherBureau",
    "DemonstrationOutsideWindow",
    "DemonstrationPlacesTaken",
    "DemonstrationRecommendation",
    "DemonstrationReevaluation",
    "DemonstrationReviewsMissing",
    "DemonstrationState",
    "DemonstrationStep",
    "DemonstrationStepView",
    "DemonstrationTermOver",
    "DemonstrationText",
    "DemonstrationUnderWay",
    "DemonstrationView",
    "DemonstrationVisit",
    "DemonstrationVisitMissing",
    "DemonstrationWithdrawal",
    "DemonstrationWrongState",
    "NewDemonstration",
    "PublishedDemonstrationView",
    "appeal_demonstration",
    "award_demonstration",
    "check_disinterested",
    "create_demonstration",
    "create_demonstration_file_link",
    "decide_demonstration",
    "decide_demonstration_appeal",
    "demonstrations_by_id",
    "demonstrations_of",
    "get_demonstration",
    "hand_in_demonstration",
    "hold_as_bureau",
    "list_demonstration_findings",
    "list_demonstration_steps",
    "list_demonstrations",
    "list_published_demonstrations",
    "recommend_demonstration",
    "reevaluate_demonstration",
    "take_back_demonstration",
    "take_step",
    "took_step",
    "withdraw_demonstration",
    "write_demonstration",
]
