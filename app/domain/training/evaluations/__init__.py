"""Evaluations of activities (活动评估与总结): what those who took part thought, and what the organiser sums up.

「对每次培训活动进行评估和总结,了解培训效果和教师反馈……为下一次的研训提供参考和改进」 (四、5). Closing an
activity opens an anonymous survey of those who attended, and asks its organiser for a summary. Both can
be cited by the next plan.
"""

from app.domain.training.evaluations.evaluation import (
    EVALUATIONS,
    SUMMARY_DAYS,
    WINDOW_DAYS,
    ActivityEvaluation,
    EvaluationNotFound,
    EvaluationPlan,
    EvaluationView,
    NewSummary,
    evaluations_by_id,
    get_evaluation,
    list_evaluations,
)
from app.domain.training.evaluations.opening import (
    DEFAULT_QUESTIONS,
    NoEvaluationTemplate,
    open_evaluation,
    plan_evaluation,
    summarise_activity,
)

__all__ = [
    "DEFAULT_QUESTIONS",
    "EVALUATIONS",
    "SUMMARY_DAYS",
    "WINDOW_DAYS",
    "ActivityEvaluation",
    "EvaluationNotFound",
    "EvaluationPlan",
    "EvaluationView",
    "NewSummary",
    "NoEvaluationTemplate",
    "evaluations_by_id",
    "get_evaluation",
    "list_evaluations",
    "open_evaluation",
    "plan_evaluation",
    "summarise_activity",
]
