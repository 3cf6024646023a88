"""The words of groups: what a group is for, and what a member is within it."""

from enum import StrEnum

from app.domain.organisation.units import Stage


class GroupKind(StrEnum):
    """What a group is for (类型)."""

    TEACHING_RESEARCH = "teaching_research"
    """教研组"""
    LESSON_PLANNING = "lesson_planning"
    """备课组"""
    GRADE = "grade"
    """年级组"""
    THEME = "theme"
    """活动主题组、专题组"""
    PROJECT = "project"
    """课题项目组"""
    CROSS_SCHOOL = "cross_school"
    """校际共同体"""
    CROSS_REGION = "cross_region"
    """跨区域共同体"""
    LEARNING_COMMUNITY = "learning_community"
    """跨学科学习共同体，如青年教师学习共同体"""
    MENTOR_TEAM = "mentor_team"
    """导师团"""


OF_BUREAUX_ALONE = frozenset({GroupKind.CROSS_SCHOOL, GroupKind.CROSS_REGION})
"""The kinds whose members come from several schools: they belong to the bureau over all of these."""

STAGE_DEFAULT: dict[Stage, GroupKind] = {
    Stage.SENIOR_SECONDARY: GroupKind.LESSON_PLANNING,
    Stage.JUNIOR_SECONDARY: GroupKind.TEACHING_RESEARCH,
    Stage.PRIMARY: GroupKind.GRADE,
    Stage.KINDERGARTEN: GroupKind.THEME,
}
"""The group on which the training of each stage rests (岳市教发〔2013〕18号 第十四条)."""


class GroupDuty(StrEnum):
    """What a member is within the group (职责)."""

    HEAD = "head"
    """组长"""
    DEPUTY_HEAD = "deputy_head"
    """副组长"""
    MEMBER = "member"
    """组员"""
