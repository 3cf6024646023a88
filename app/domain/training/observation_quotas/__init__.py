"""Observation quotas (听课任务): how many lessons who is asked to observe in a term, and who has done so.

A school, a county or the city asks a number of each role (principal, director, backbone, new teacher …).
What is asked nearer may be more than what is asked above, never less. A lesson counts by the observation
sheet that the observer recorded of it, and by nothing else.

Read `quota` (what is asked, and setting it), then `due` (what was done of it).
"""

from app.domain.training.observation_quotas.due import (
    MOST_DAYS,
    ObservationsDueView,
    QuotaTermUnfit,
    get_teacher_observations_due,
    list_observations_due,
)
from app.domain.training.observation_quotas.quota import (
    QUOTAS,
    NewQuota,
    ObservationQuota,
    ObservationTerm,
    ObserverRole,
    QuotaEnd,
    QuotaExists,
    QuotaNotFound,
    QuotaTooLow,
    QuotaView,
    end_observation_quota,
    list_observation_quotas,
    list_own_observation_quotas,
    set_observation_quota,
)

__all__ = [
    "MOST_DAYS",
    "QUOTAS",
    "NewQuota",
    "ObservationQuota",
    "ObservationTerm",
    "ObservationsDueView",
    "ObserverRole",
    "QuotaEnd",
    "QuotaExists",
    "QuotaNotFound",
    "QuotaTermUnfit",
    "QuotaTooLow",
    "QuotaView",
    "end_observation_quota",
    "get_teacher_observations_due",
    "list_observation_quotas",
    "list_observations_due",
    "list_own_observation_quotas",
    "set_observation_quota",
]
