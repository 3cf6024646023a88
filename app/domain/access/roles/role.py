"""The roles, what each may be granted over, and the duties of departments."""

from enum import StrEnum


class Role(StrEnum):
    """A bundle of permissions, as people speak of it."""

    CITY_ADMIN = "city_admin"
    COUNTY_ADMIN = "county_admin"
    SCHOOL_ADMIN = "school_admin"
    GROUP_LEADER = "group_leader"
    TEACHER = "teacher"
    NETWORK_COORDINATOR = "network_coordinator"
    SCHOOL_ADVISER = "school_adviser"
    DEPARTMENT_OFFICER = "department_officer"
    EXPERT = "expert"
    AUDITOR = "auditor"
    INTEGRATION = "integration"
    PROVINCE = "province"


class SubjectKind(StrEnum):
    """What a role is granted over."""

    UNIT = "unit"
    GROUP = "group"
    SELF = "self"
    NETWORK = "network"
    DEPARTMENT = "department"
    ASSIGNMENT = "assignment"


class Duty(StrEnum):
    """What a department is charged with (职责); what its officers may do follows from it."""

    ORGANISE = "organise"
    """组织活动"""
    OWN = "own"
    """归口管理"""
    REVIEW = "review"
    """检查审核"""
    GUIDE = "guide"
    """业务指导"""
    EVALUATE = "evaluate"
    """考核评估"""


SUBJECT: dict[Role, SubjectKind] = {
    role: {
        Role.GROUP_LEADER: SubjectKind.GROUP,
        Role.TEACHER: SubjectKind.SELF,
        Role.NETWORK_COORDINATOR: SubjectKind.NETWORK,
        Role.SCHOOL_ADVISER: SubjectKind.ASSIGNMENT,
        Role.DEPARTMENT_OFFICER: SubjectKind.DEPARTMENT,
    }.get(role, SubjectKind.UNIT)
    for role in Role
}
"""What each role may be granted over; a role never reaches beyond its kind of subject."""
