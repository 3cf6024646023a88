"""The words of plans: kinds, states and steps, and what each kind must say before it is submitted."""

from enum import StrEnum
from typing import NamedTuple


class PlanKind(StrEnum):
    """What is planned, and for how long (类型)."""

    YEAR = "year"
    """学年计划"""
    SEMESTER = "semester"
    """学期计划"""
    MULTI_YEAR = "multi_year"
    """多年规划（三年、五年）"""
    SCHEME = "scheme"
    """实施方案"""
    INDIVIDUAL = "individual"
    """教师个人学习计划"""


class PlanState(StrEnum):
    """Where a plan stands (状态)."""

    DRAFT = "draft"
    """草稿"""
    SUBMITTED = "submitted"
    """已报送，待审定"""
    RETURNED = "returned"
    """退回修改"""
    WITHDRAWN = "withdrawn"
    """已撤回"""
    APPROVED = "approved"
    """审定通过"""
    PUBLISHED = "published"
    """已发布"""


EDITABLE = frozenset({PlanState.DRAFT, PlanState.RETURNED, PlanState.WITHDRAWN})
"""The states in which its author writes it; in every other it stands as it was submitted."""

AGREED = frozenset({PlanState.APPROVED, PlanState.PUBLISHED})
"""The states in which it is carried out."""


class PlanStep(StrEnum):
    """What was done with a plan (环节)."""

    SUBMIT = "submit"
    """报送"""
    WITHDRAW = "withdraw"
    """撤回"""
    RETURN = "return"
    """退回"""
    APPROVE = "approve"
    """审定"""
    PUBLISH = "publish"
    """发布"""
    AMEND = "amend"
    """提出修订"""


class Asked(NamedTuple):
    """What a kind of plan must say before it is submitted."""

    plan: tuple[str, ...]
    """Fields of the plan itself."""
    item: tuple[str, ...]
    """Fields of each of its items, beside what is to be learnt and when."""
    items: bool
    """Whether it has at least one item."""


_FIVE = ("trainers", "trainees", "progress")
"""培训内容、培训时间、培训教师、参训人员、培训进度: content and time are never empty in an item."""

ASKED: dict[PlanKind, Asked] = {
    PlanKind.YEAR: Asked(("aims",), _FIVE, items=True),
    PlanKind.SEMESTER: Asked(("aims",), _FIVE, items=True),
    PlanKind.MULTI_YEAR: Asked(("aims",), (), items=True),
    PlanKind.SCHEME: Asked(("aims", "text"), (), items=False),
    PlanKind.INDIVIDUAL: Asked(("aims",), (), items=True),
}
"""By kind; a school's plan of years, semesters and several years names the school's goals besides."""

SERVES_GOALS = frozenset({PlanKind.YEAR, PlanKind.SEMESTER, PlanKind.MULTI_YEAR})
"""Kinds that say, where they are a school's own, which of the school's goals they serve.

围绕学校发展的整体目标.
"""
