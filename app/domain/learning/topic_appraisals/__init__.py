"""Appraisals of topics (专家评审): whom the level that approves a topic asks to score it, and their scores.

An expert never scores a topic of their own school, nor one in which they take part; one who sees another
conflict of interest declines. Scores are seen by who asked for them, and one's own by the expert; the mean
is shown with the decision.
"""

from app.domain.learning.topic_appraisals.appraisal import (
    TOPIC_APPRAISALS,
    TopicAppraisalNotFound,
    TopicAppraisalView,
    get_topic_appraisal,
    list_topic_appraisals,
    topic_appraisals_of,
)
from app.domain.learning.topic_appraisals.scoring import (
    TopicAppraisalAnswered,
    TopicAppraisalDecline,
    TopicExpertExists,
    TopicExpertIsMember,
    TopicExpertOfOwnSchool,
    TopicExpertRelease,
    TopicExperts,
    TopicScore,
    ask_topic_experts,
    decline_topic_appraisal,
    release_topic_expert,
    score_topic,
)

__all__ = [
    "TOPIC_APPRAISALS",
    "TopicAppraisalAnswered",
    "TopicAppraisalDecline",
    "TopicAppraisalNotFound",
    "TopicAppraisalView",
    "TopicExpertExists",
    "TopicExpertIsMember",
    "TopicExpertOfOwnSchool",
    "TopicExpertRelease",
    "TopicExperts",
    "TopicScore",
    "ask_topic_experts",
    "decline_topic_appraisal",
    "get_topic_appraisal",
    "list_topic_appraisals",
    "release_topic_expert",
    "score_topic",
    "topic_appraisals_of",
]
