"""What mentoring comes to (带教统计): by school, by what ranks are asked, and what a concluded term was.

Nothing is entered here. A teacher is counted at the school where they are today. In reading order: `counts`,
`concluded`.
"""

from app.domain.learning.mentoring_counts.concluded import (
    APPRENTICE,
    ConcludedMentorshipView,
    list_concluded_mentorships,
    mentorship_merits,
)
from app.domain.learning.mentoring_counts.counts import (
    OBLIGATIONS,
    MentoringCountView,
    MentoringObligationView,
    MentoringPeriodUnfit,
    list_mentoring_counts,
    list_mentoring_obligations,
)

__all__ = [
    "APPRENTICE",
    "OBLIGATIONS",
    "ConcludedMentorshipView",
    "MentoringCountView",
    "MentoringObligationView",
    "MentoringPeriodUnfit",
    "list_concluded_mentorships",
    "list_mentoring_counts",
    "list_mentoring_obligations",
    "mentorship_merits",
]
