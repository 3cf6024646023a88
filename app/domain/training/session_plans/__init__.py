"""Session plans (培训者方案): what a trainer intends with a session, reviewed before the training.

Make a training plan before training and submit it to the guidance office for review. A plan is handed
in by whoever organises the activity; the trainer whom it names may revise it. A school's own is reviewed
by its bureau, where the officers of a research office (教研室) charged with reviewing or guiding do so, what
somebody organises within a unit by that unit, a bureau's own by others of the bureau. An activity that
requires them is not published before every session has one that was approved.

Read `plan` (what it is, handing it in), then `deciding`.
"""

from app.domain.training.session_plans.deciding import (
    SessionPlanOfOneself,
    SessionPlanOpinion,
    approve_session_plan,
    return_session_plan,
)
from app.domain.training.session_plans.plan import (
    SESSION_PLANS,
    NewSessionPlan,
    SessionPlan,
    SessionPlanExists,
    SessionPlanNotFound,
    SessionPlanRevision,
    SessionPlanState,
    SessionPlanView,
    SessionPlanWrongState,
    get_session_plan,
    list_session_plans,
    revise_session_plan,
    submit_session_plan,
)

__all__ = [
    "SESSION_PLANS",
    "NewSessionPlan",
    "SessionPlan",
    "SessionPlanExists",
    "SessionPlanNotFound",
    "SessionPlanOfOneself",
    "SessionPlanOpinion",
    "SessionPlanRevision",
    "SessionPlanState",
    "SessionPlanView",
    "SessionPlanWrongState",
    "approve_session_plan",
    "get_session_plan",
    "list_session_plans",
    "return_session_plan",
    "revise_session_plan",
    "submit_session_plan",
]
