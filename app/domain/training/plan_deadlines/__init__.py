"""Deadlines (报送期限) of plans: by when who below owes a plan of which kind, and who has not handed in.

A superior sets them for those directly below: a bureau for its schools, the city for its counties too, a
unit for its groups, a school for its teachers.

Read `deadline` (what it is, setting it), then `owed` (who has handed in).
"""

from app.domain.training.plan_deadlines.deadline import (
    PLAN_DEADLINES,
    DeadlineChange,
    DeadlineExists,
    DeadlineForNobody,
    DeadlineNotFound,
    DeadlineView,
    NewDeadline,
    OwedBy,
    PlanDeadline,
    list_plan_deadlines,
    list_upcoming_plan_deadlines,
    move_plan_deadline,
    set_plan_deadline,
)
from app.domain.training.plan_deadlines.owed import OwedView, list_plans_owed

__all__ = [
    "PLAN_DEADLINES",
    "DeadlineChange",
    "DeadlineExists",
    "DeadlineForNobody",
    "DeadlineNotFound",
    "DeadlineView",
    "NewDeadline",
    "OwedBy",
    "OwedView",
    "PlanDeadline",
    "list_plan_deadlines",
    "list_plans_owed",
    "list_upcoming_plan_deadlines",
    "move_plan_deadline",
    "set_plan_deadline",
]
