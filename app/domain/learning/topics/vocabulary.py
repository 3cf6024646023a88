"""The words of topics: at which level they are approved, where they stand, who is what in them."""

from enum import StrEnum


class TopicLevel(StrEnum):
    """Who approves a topic (课题级别)."""

    SCHOOL = "school"
    """校级"""
    COUNTY = "county"
    """县级"""
    CITY = "city"
    """市级"""
    PROVINCE = "province"
    """省级，由市级登记"""


class TopicState(StrEnum):
    """Where a topic stands (状态)."""

    DRAFT = "draft"
    """草拟"""
    SUBMITTED = "submitted"
    """已申报"""
    RETURNED = "returned"
    """退回修改"""
    REJECTED = "rejected"
    """未予立项"""
    APPROVED = "approved"
    """已立项"""
    OPENED = "opened"
    """已开题"""
    MIDTERM = "midterm"
    """已通过中期检查"""
    CONCLUDED = "concluded"
    """已结题"""
    WITHDRAWN = "withdrawn"
    """已撤项"""


EDITABLE = frozenset({TopicState.DRAFT, TopicState.RETURNED})
"""The states in which what is applied for is still being written."""
RUNNING = frozenset({TopicState.APPROVED, TopicState.OPENED, TopicState.MIDTERM})
"""The states in which a topic is being studied."""


class TopicDuty(StrEnum):
    """What a member is in a topic (分工)."""

    LEADER = "leader"
    """主持人"""
    CORE = "core"
    """核心成员"""
    MEMBER = "member"
    """参与人"""


class TopicGrade(StrEnum):
    """How a topic was concluded (结题等级)."""

    EXCELLENT = "excellent"
    """优秀"""
    GOOD = "good"
    """良好"""
    QUALIFIED = "qualified"
    """合格"""
