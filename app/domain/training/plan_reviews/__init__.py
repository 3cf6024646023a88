"""Reviews of plans (报送、审定): what becomes of a plan between its author and the superior.

    draft ──submit──▶ submitted ──approve──▶ approved ──publish──▶ published
      ▲                  │  └──return──▶ returned ──submit──▶ submitted …
      └──(written on)────┴──withdraw──▶ withdrawn ──submit──▶ submitted …

An agreed plan can be amended: an amendment is submitted, taken back, returned or approved in the same way,
and until it is approved the plan stays in its state and says what it said (`plans.amending`).

The superior of a group, a department or a teacher is their unit, a school's its bureau, a county's the
city. The city has none: it publishes what it has drafted. Nobody decides what they submitted themselves,
nor the plan of a person, a group, a department or a unit for which they have a role; and a delegate neither
for the one who submitted it nor for oneself.

Read `review` (what it is), then `taking`.
"""

from app.domain.training.plan_reviews.review import (
    PLAN_REVIEWS,
    PlanReview,
    PlanReviewNotFound,
    PlanReviewView,
    list_plan_reviews,
    reviews_of_plans,
)
from app.domain.training.plan_reviews.taking import (
    PlanOfOneself,
    PlanOpinion,
    PlanWithoutSuperior,
    amend_plan,
    approve_plan,
    place_of_review,
    publish_plan,
    return_plan,
    submit_plan,
    withdraw_plan,
)

__all__ = [
    "PLAN_REVIEWS",
    "PlanOfOneself",
    "PlanOpinion",
    "PlanReview",
    "PlanReviewNotFound",
    "PlanReviewView",
    "PlanWithoutSuperior",
    "amend_plan",
    "approve_plan",
    "list_plan_reviews",
    "place_of_review",
    "publish_plan",
    "return_plan",
    "reviews_of_plans",
    "submit_plan",
    "withdraw_plan",
]
