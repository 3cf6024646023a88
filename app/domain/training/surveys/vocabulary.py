"""The closed words of surveys: purposes, states, and by what answers are told apart."""

from enum import StrEnum


class SurveyPurpose(StrEnum):
    """What a survey is for (用途)."""

    NEEDS = "needs"
    """研训需求调研"""
    ACTIVITY_EVALUATION = "activity_evaluation"
    """活动评估"""
    COURSE_EVALUATION = "course_evaluation"
    """课程评估"""
    OTHER = "other"
    """其他"""


class SurveyState(StrEnum):
    """Where a survey stands (状态): draft → open → closed → published."""

    DRAFT = "draft"
    """草稿"""
    OPEN = "open"
    """开放作答"""
    CLOSED = "closed"
    """已截止"""
    PUBLISHED = "published"
    """结果已公布"""


class Breakdown(StrEnum):
    """By what the answers can be told apart (分组口径); of whoever answers no more is kept."""

    COUNTY = "county"
    """县（市、区）"""
    SCHOOL = "school"
    """学校"""
    STAGE = "stage"
    """学段"""
    SUBJECT = "subject"
    """学科"""
    RANK = "rank"
    """职称"""
    POST = "post"
    """岗位"""
    LAYER = "layer"
    """层次"""
    CATEGORY = "category"
    """类别"""
