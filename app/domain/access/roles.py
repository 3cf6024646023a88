"""The role table: which role holds which permissions. This screen is the whole of it.

A permission is `noun:verb`. A role is granted over a subject (a unit, a group, oneself, a network, a
department, an assignment); what it permits, it permits there and below, nowhere else. A network and
an assignment stand for schools, a bureau's department for its bureau: what their roles permit at
those is less than what they permit at the subject itself, and written beside it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Permission(StrEnum):
    """Something that may be done with a noun."""

    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_WRITE = "assessment:write"
    ASSIGNMENT_REVIEW = "assignment:review"
    ASSIGNMENT_WRITE = "assignment:write"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_REVIEW = "attendance:review"
    ATTENDANCE_WRITE = "attendance:write"
    AUDIT_READ = "audit:read"
    CAREER_READ = "career:read"
    CHANGE_READ = "change:read"
    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"
    COMMITTEE_WRITE = "committee:write"
    CORRECTION_DECIDE = "correction:decide"
    CORRECTION_READ = "correction:read"
    CREDIT_READ = "credit:read"
    CREDIT_RECOGNISE = "credit:recognise"
    CREDIT_REVERSE = "credit:reverse"
    DEPARTMENT_WRITE = "department:write"
    EVIDENCE_CHECK = "evidence:check"
    FILE_READ = "file:read"
    FORM_PUBLISH = "form:publish"
    GOAL_APPRAISE = "goal:appraise"
    GOAL_READ = "goal:read"
    GOAL_WRITE = "goal:write"
    GROUP_READ = "group:read"
    GROUP_WRITE = "group:write"
    GUIDANCE_ANSWER = "guidance:answer"
    GUIDANCE_EVALUATE = "guidance:evaluate"
    GUIDANCE_EXCHANGE = "guidance:exchange"
    GUIDANCE_GUIDE = "guidance:guide"
    GUIDANCE_INSPECT = "guidance:inspect"
    GUIDANCE_READ = "guidance:read"
    GUIDANCE_REVIEW = "guidance:review"
    IDENTITY_PROVIDER_READ = "identity_provider:read"
    IDENTITY_PROVIDER_WRITE = "identity_provider:write"
    NETWORK_WRITE = "network:write"
    NOTICE_READ = "notice:read"
    NOTICE_WRITE = "notice:write"
    PACK_PUBLISH = "pack:publish"
    PACK_READ = "pack:read"
    PAIR_READ = "pair:read"
    PAIR_WRITE = "pair:write"
    PARTICIPATE = "activity:participate"
    PERSONAL_DATA_REVEAL = "personal_data:reveal"
    PHONE_WRITE = "phone:write"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_WRITE = "programme:write"
    PLAN_READ = "plan:read"
    PLAN_REVIEW = "plan:review"
    PLAN_WRITE = "plan:write"
    PROBLEM_READ = "problem:read"
    PROBLEM_TRIAGE = "problem:triage"
    PROBLEM_WRITE = "problem:write"
    PROVIDER_WRITE = "provider:write"
    PROVINCE_EXCHANGE = "province:exchange"
    PROVISION_READ = "provision:read"
    RECORD_OWN = "record:own"
    RESPONSIBILITY_WRITE = "responsibility:write"
    RUBRIC_PUBLISH = "rubric:publish"
    STATISTIC_CONFIRM = "statistic:confirm"
    STATISTIC_WRITE = "statistic:write"
    SUMMARY_READ = "summary:read"
    SURVEY_READ = "survey:read"
    SURVEY_RESULT_READ = "survey_result:read"
    SURVEY_WRITE = "survey:write"
    TEACHER_READ = "teacher:read"
    TEACHER_WRITE = "teacher:write"
    TIMETABLE_READ = "timetable:read"
    TIMETABLE_WRITE = "timetable:write"
    TRANSFER_READ = "transfer:read"
    TRANSFER_WRITE = "transfer:write"
    UNIT_READ = "unit:read"
    UNIT_REORGANISE = "unit:reorganise"
    UNIT_WRITE = "unit:write"


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


class Charge(NamedTuple):
    """What a duty permits: with what the department owns, and in its bureau's whole place."""

    owned: frozenset[Permission]
    bureau: frozenset[Permission]


_IS_THERE = frozenset({Permission.UNIT_READ, Permission.NOTICE_READ})
_READS = _IS_THERE | frozenset({
    Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
    Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PACK_READ,
    Permission.SUMMARY_READ, Permission.SURVEY_READ, Permission.PROBLEM_READ,
    Permission.FILE_READ, Permission.TIMETABLE_READ,
})  # fmt: skip
_RUNS_TRAINING = frozenset({
    Permission.GROUP_WRITE, Permission.ACTIVITY_WRITE, Permission.ATTENDANCE_WRITE,
    Permission.PLAN_READ, Permission.PLAN_WRITE, Permission.SURVEY_WRITE,
    Permission.SURVEY_RESULT_READ, Permission.PROBLEM_WRITE,
})  # fmt: skip
_ADMINISTERS = frozenset({
    Permission.ACCOUNT_READ, Permission.ACCOUNT_WRITE, Permission.TEACHER_WRITE,
    Permission.AUDIT_READ, Permission.CAREER_READ, Permission.TRANSFER_READ,
    Permission.TRANSFER_WRITE, Permission.GOAL_READ, Permission.GOAL_APPRAISE, Permission.PAIR_READ,
    Permission.PAIR_WRITE, Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE,
    Permission.ATTENDANCE_REVIEW,
    Permission.PLAN_REVIEW, Permission.ASSESSMENT_READ, Permission.ASSESSMENT_WRITE,
})  # fmt: skip
_KEEPS_RECORDS = frozenset({
    Permission.PERSONAL_DATA_REVEAL, Permission.PHONE_WRITE, Permission.CORRECTION_READ,
    Permission.CORRECTION_DECIDE, Permission.PROVISION_READ,
})  # fmt: skip
_IS_ONESELF = frozenset({
    Permission.PERSONAL_DATA_REVEAL, Permission.PHONE_WRITE, Permission.CORRECTION_READ,
    Permission.RECORD_OWN, Permission.TRANSFER_READ, Permission.GOAL_READ, Permission.GOAL_WRITE,
    Permission.PAIR_READ, Permission.PLAN_READ, Permission.PLAN_WRITE, Permission.ASSESSMENT_READ,
})  # fmt: skip
_RECOGNISES = frozenset({Permission.CREDIT_RECOGNISE, Permission.CREDIT_REVERSE})
_EXCHANGES = frozenset({Permission.CHANGE_READ, Permission.PROVINCE_EXCHANGE})
_STRUCTURES = frozenset({
    Permission.DEPARTMENT_WRITE, Permission.NETWORK_WRITE, Permission.RESPONSIBILITY_WRITE,
    Permission.COMMITTEE_WRITE, Permission.STATISTIC_WRITE, Permission.EVIDENCE_CHECK,
    Permission.RUBRIC_PUBLISH, Permission.PROBLEM_TRIAGE, Permission.TIMETABLE_WRITE,
    Permission.NOTICE_WRITE,
})  # fmt: skip
_PLANS = frozenset({Permission.PLAN_READ, Permission.PLAN_WRITE})
_REVIEWS = frozenset({Permission.PLAN_READ, Permission.PLAN_REVIEW})
_ARRANGES = frozenset({Permission.UNIT_WRITE, Permission.UNIT_REORGANISE})
_ASSIGNS = frozenset({Permission.ASSIGNMENT_WRITE, Permission.ASSIGNMENT_REVIEW})
_ANSWERS = frozenset({Permission.GUIDANCE_READ, Permission.GUIDANCE_ANSWER})
_SUPERINTENDS = frozenset({
    Permission.GUIDANCE_GUIDE, Permission.GUIDANCE_INSPECT, Permission.GUIDANCE_EXCHANGE,
    Permission.GUIDANCE_EVALUATE, Permission.GUIDANCE_REVIEW, Permission.PROVIDER_WRITE,
    Permission.STATISTIC_CONFIRM,
})  # fmt: skip
_ADVISES = frozenset({
    Permission.GUIDANCE_READ, Permission.GUIDANCE_GUIDE, Permission.GUIDANCE_REVIEW,
})  # fmt: skip
_FOLLOWS = frozenset({Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ})
_SURVEYS = frozenset({Permission.SURVEY_READ, Permission.SURVEY_RESULT_READ})
_ORGANISES = _FOLLOWS | _SURVEYS | {
    Permission.ACTIVITY_WRITE, Permission.ATTENDANCE_WRITE, Permission.SURVEY_WRITE,
}  # fmt: skip

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITY_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _RECOGNISES | _EXCHANGES
    | _STRUCTURES | _ASSIGNS | _ARRANGES | _SUPERINTENDS | _ANSWERS | _KEEPS_RECORDS
    | {Permission.PACK_PUBLISH, Permission.FORM_PUBLISH, Permission.CLIENT_READ,
       Permission.CLIENT_WRITE, Permission.IDENTITY_PROVIDER_READ,
       Permission.IDENTITY_PROVIDER_WRITE},
    Role.COUNTY_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _RECOGNISES
    | _STRUCTURES | _ASSIGNS | _ARRANGES | _SUPERINTENDS | _ANSWERS | _KEEPS_RECORDS
    | {Permission.CHANGE_READ},
    Role.SCHOOL_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _STRUCTURES | _ANSWERS
    | _KEEPS_RECORDS,
    Role.GROUP_LEADER: _RUNS_TRAINING - {Permission.GROUP_WRITE}
    | {Permission.GROUP_READ, Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ,
       Permission.TEACHER_READ, Permission.SURVEY_READ, Permission.PROBLEM_READ,
       Permission.TIMETABLE_READ,
       Permission.NOTICE_READ},
    Role.TEACHER: _IS_ONESELF | frozenset({
        Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
        Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PARTICIPATE,
        Permission.PACK_READ, Permission.CAREER_READ, Permission.PROGRAMME_READ,
        Permission.SURVEY_READ, Permission.PROBLEM_READ, Permission.FILE_READ,
        Permission.TIMETABLE_READ, Permission.NOTICE_READ,
    }),
    Role.NETWORK_COORDINATOR: _ORGANISES | _PLANS | _IS_THERE,
    Role.SCHOOL_ADVISER: _ADVISES | _IS_THERE | {Permission.ASSIGNMENT_REVIEW},
    Role.DEPARTMENT_OFFICER: _IS_THERE,
    Role.EXPERT: _SURVEYS | frozenset({
        Permission.UNIT_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
        Permission.PACK_READ, Permission.SUMMARY_READ, Permission.GUIDANCE_READ,
        Permission.GUIDANCE_GUIDE, Permission.PROBLEM_READ, Permission.NOTICE_READ,
    }),
    Role.AUDITOR: _READS | _SURVEYS
    | {Permission.PLAN_READ, Permission.ASSESSMENT_READ,
       Permission.ACCOUNT_READ, Permission.AUDIT_READ, Permission.CAREER_READ,
       Permission.CHANGE_READ, Permission.TRANSFER_READ, Permission.GOAL_READ,
       Permission.PAIR_READ, Permission.PROGRAMME_READ,
       Permission.CLIENT_READ, Permission.IDENTITY_PROVIDER_READ, Permission.GUIDANCE_READ,
       Permission.PROVISION_READ},
    Role.INTEGRATION: _READS | _EXCHANGES,
}  # fmt: skip
"""What each role permits at its subject, and below it where that is a unit."""

_KNOWS_SCHOOLS = _FOLLOWS | {
    Permission.UNIT_READ, Permission.GROUP_READ, Permission.TEACHER_READ,
}  # fmt: skip

AT_SCHOOLS: dict[Role, frozenset[Permission]] = {
    Role.NETWORK_COORDINATOR: _KNOWS_SCHOOLS,
    Role.SCHOOL_ADVISER: _KNOWS_SCHOOLS
    | _ADVISES
    | {Permission.CREDIT_READ, Permission.SUMMARY_READ},
}
"""What a role permits besides at the schools for which its subject stands."""

BY_DUTY: dict[Duty, Charge] = {
    Duty.ORGANISE: Charge(_ORGANISES | _PLANS, frozenset()),
    Duty.OWN: Charge(_FOLLOWS, frozenset()),
    Duty.REVIEW: Charge(_FOLLOWS, _FOLLOWS | {
        Permission.UNIT_READ, Permission.GROUP_READ, Permission.GUIDANCE_READ,
        Permission.GUIDANCE_INSPECT, Permission.GUIDANCE_REVIEW, Permission.EVIDENCE_CHECK,
    } | _REVIEWS | {Permission.FILE_READ}),
    Duty.GUIDE: Charge(_FOLLOWS, _KNOWS_SCHOOLS | _REVIEWS | {
        Permission.GUIDANCE_READ, Permission.GUIDANCE_GUIDE,
    }),
    Duty.EVALUATE: Charge(_FOLLOWS, _SURVEYS | frozenset({
        Permission.UNIT_READ, Permission.ACTIVITY_READ, Permission.CREDIT_READ,
        Permission.SUMMARY_READ, Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE,
    })),
}  # fmt: skip
"""What each duty of a department permits its officers besides."""

PERSONAL = frozenset({Permission.PARTICIPATE, Permission.RECORD_OWN, Permission.GOAL_WRITE})
"""What belongs to the person alone: an administrator grants it without holding it."""

NOT_FOR_CLIENTS = frozenset({
    Permission.ACCOUNT_WRITE, Permission.CLIENT_WRITE, Permission.PERSONAL_DATA_REVEAL,
    Permission.IDENTITY_PROVIDER_WRITE,
})  # fmt: skip
"""What no application does for anybody: to decide who may do what, and to see what is sealed."""

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


def at_subject(role: Role, duties: Iterable[Duty] = Duty) -> frozenset[Permission]:
    """What a role permits at its subject; a department's with these duties, with all by default."""
    if SUBJECT[role] is not SubjectKind.DEPARTMENT:
        return PERMISSIONS[role]
    return PERMISSIONS[role].union(*(BY_DUTY[duty].owned for duty in duties))


def beyond_subject(role: Role, duties: Iterable[Duty] = Duty) -> frozenset[Permission]:
    """What a role permits beyond its subject: at the schools of a network, in a bureau's place."""
    if SUBJECT[role] is not SubjectKind.DEPARTMENT:
        return AT_SCHOOLS.get(role, frozenset())
    return frozenset().union(*(BY_DUTY[duty].bureau for duty in duties))
