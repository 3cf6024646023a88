"""Human reviews (人工复核): a person refuses a decision that was made by rule alone, and asks for a human.

「通过自动化决策方式作出对个人权益有重大影响的决定，个人有权……拒绝个人信息处理者仅通过自动化决策的方式作出决定」
(PIPL, article 24). An entry, or that an activity gave none, is such a decision. Who decides says why; what
is to be put right is put right by the ordinary acts: a correction, a reversal, a recognition. Until then it
waits among the tasks of the bureau.

Read `review`, then `deciding`.
"""

from app.domain.credits.human_reviews.deciding import (
    HumanReviewDecided,
    HumanReviewOfOneself,
    HumanReviewOpen,
    decide_human_review,
    request_human_review,
    withdraw_human_review,
)
from app.domain.credits.human_reviews.review import (
    HUMAN_REVIEWS,
    PUT_RIGHT,
    TO_PUT_RIGHT,
    HumanReview,
    HumanReviewNotFound,
    HumanReviewView,
    NewHumanReview,
    ReviewDecision,
    ReviewState,
    get_human_review,
    list_human_reviews,
)

__all__ = [
    "HUMAN_REVIEWS",
    "PUT_RIGHT",
    "TO_PUT_RIGHT",
    "HumanReview",
    "HumanReviewDecided",
    "HumanReviewNotFound",
    "HumanReviewOfOneself",
    "HumanReviewOpen",
    "HumanReviewView",
    "NewHumanReview",
    "ReviewDecision",
    "ReviewState",
    "decide_human_review",
    "get_human_review",
    "list_human_reviews",
    "request_human_review",
    "withdraw_human_review",
]
