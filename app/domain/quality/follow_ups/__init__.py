"""Follow-ups (考核跟进指导): what an assessor gives back to a teacher, and what came of it.

「根据评估结果提供针对性的指导和支持」. Read `follow_up`, then `following`.
"""

from app.domain.quality.follow_ups.follow_up import (
    FOLLOW_UPS,
    FollowUp,
    FollowUpFinding,
    FollowUpNotFound,
    FollowUpView,
    Recommendation,
    RecommendationView,
    follow_ups_of,
    get_follow_up,
    list_follow_ups,
)
from app.domain.quality.follow_ups.following import (
    FollowUpDayPast,
    FollowUpOfOneself,
    FollowUpReplied,
    FollowUpReply,
    FollowUpReview,
    FollowUpReviewed,
    NewFollowUp,
    NewRecommendation,
    give_follow_up,
    reply_to_follow_up,
    review_follow_up,
)

__all__ = [
    "FOLLOW_UPS",
    "FollowUp",
    "FollowUpDayPast",
    "FollowUpFinding",
    "FollowUpNotFound",
    "FollowUpOfOneself",
    "FollowUpReplied",
    "FollowUpReply",
    "FollowUpReview",
    "FollowUpReviewed",
    "FollowUpView",
    "NewFollowUp",
    "NewRecommendation",
    "Recommendation",
    "RecommendationView",
    "follow_ups_of",
    "get_follow_up",
    "give_follow_up",
    "list_follow_ups",
    "reply_to_follow_up",
    "review_follow_up",
]
