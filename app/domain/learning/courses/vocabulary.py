"""The words of courses: levels, origins, states and steps."""

from enum import StrEnum


class CourseLevel(StrEnum):
    """Whose a course is (级别): 市、区县、校、组四级课程."""

    CITY = "city"
    """市级"""
    COUNTY = "county"
    """区县级"""
    SCHOOL = "school"
    """校级"""
    GROUP = "group"
    """组级"""


class CourseOrigin(StrEnum):
    """How a course was obtained (来源方式)."""

    BOUGHT = "bought"
    """购买"""
    BROUGHT_IN = "brought_in"
    """引进"""
    CO_DEVELOPED = "co_developed"
    """合作开发"""
    OWN = "own"
    """自主开发"""


class CourseState(StrEnum):
    """Where a course stands (状态)."""

    DRAFT = "draft"
    """草稿"""
    SUBMITTED = "submitted"
    """已申报，待审核"""
    RETURNED = "returned"
    """退回修改"""
    WITHDRAWN = "withdrawn"
    """已撤回"""
    APPROVED = "approved"
    """审核通过"""
    PUBLISHED = "published"
    """已发布"""
    RETIRED = "retired"
    """已停用"""


EDITABLE = frozenset({CourseState.DRAFT, CourseState.RETURNED, CourseState.WITHDRAWN})
"""The states in which its author writes it; in every other it stands as it was declared."""

AGREED = frozenset({CourseState.APPROVED, CourseState.PUBLISHED})
"""The states in which it may be run and revised."""


class CourseStep(StrEnum):
    """What was done with a course (环节)."""

    SUBMIT = "submit"
    """申报"""
    WITHDRAW = "withdraw"
    """撤回"""
    RETURN = "return"
    """退回"""
    APPROVE = "approve"
    """审核通过"""
    PUBLISH = "publish"
    """发布"""
    REVISE = "revise"
    """提出修订"""
    RETIRE = "retire"
    """停用"""
