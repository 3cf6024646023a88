"""The table itself: which role permits what, and where."""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.access.roles.permission import Permission
from app.domain.access.roles.role import SUBJECT, Duty, Role, SubjectKind


class Charge(NamedTuple):
    """What a duty permits: with what the department owns, and in its bureau's whole place."""

    owned: frozenset[Permission]
    bureau: frozenset[Permission]


_IS_THERE = frozenset({
    Permission.UNIT_READ, Permission.NOTICE_READ, Permission.DOCUMENT_READ,
})  # fmt: skip
_READS = _IS_THERE | frozenset({
    Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
    Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PACK_READ,
    Permission.SUMMARY_READ, Permission.SURVEY_READ, Permission.PROBLEM_READ,
    Permission.FILE_READ, Permission.TIMETABLE_READ, Permission.COURSE_READ,
    Permission.TRAINER_READ, Permission.TOPIC_READ, Permission.RESOURCE_READ,
})  # fmt: skip
_DISCUSSES = frozenset({
    Permission.DISCUSSION_READ, Permission.DISCUSSION_JOIN, Permission.DISCUSSION_WRITE,
})  # fmt: skip
_RUNS_TRAINING = _DISCUSSES | frozenset({
    Permission.GROUP_WRITE, Permission.ACTIVITY_WRITE, Permission.ATTENDANCE_WRITE,
    Permission.PLAN_READ, Permission.PLAN_WRITE, Permission.SURVEY_WRITE,
    Permission.SURVEY_RESULT_READ, Permission.PROBLEM_WRITE, Permission.COURSE_READ,
    Permission.COURSE_WRITE, Permission.TOPIC_WRITE, Permission.RESOURCE_WRITE,
})  # fmt: skip
_ADMINISTERS = frozenset({
    Permission.ACCOUNT_READ, Permission.ACCOUNT_WRITE, Permission.TEACHER_WRITE,
    Permission.AUDIT_READ, Permission.CAREER_READ, Permission.TRANSFER_READ,
    Permission.TRANSFER_WRITE, Permission.GOAL_READ, Permission.GOAL_APPRAISE, Permission.PAIR_READ,
    Permission.PAIR_WRITE, Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE,
    Permission.ATTENDANCE_REVIEW,
    Permission.PLAN_REVIEW, Permission.COURSE_REVIEW,
    Permission.ASSESSMENT_READ, Permission.ASSESSMENT_WRITE,
    Permission.CERTIFICATE_READ, Permission.CERTIFICATE_WRITE,
    Permission.CLAIM_REVIEW, Permission.IMPORT_WRITE, Permission.TRAINER_WRITE,
    Permission.TRAINER_HIRE_READ,
    Permission.TOPIC_REVIEW, Permission.TOPIC_APPRAISAL_READ, Permission.RESOURCE_REVIEW,
    Permission.DISCUSSION_MODERATE, Permission.CONSULTATION_READ,
    Permission.FUNDS_READ, Permission.FUNDS_WRITE, Permission.FUNDS_APPROVE,
    Permission.FOLLOW_UP_READ, Permission.INCENTIVE_READ, Permission.INCENTIVE_WRITE,
    Permission.INCENTIVE_DECIDE, Permission.ARCHIVE_READ, Permission.ARCHIVE_WRITE, Permission.ARCHIVE_CHECK,
})  # fmt: skip
_KEEPS_RECORDS = frozenset({
    Permission.PERSONAL_DATA_REVEAL, Permission.PHONE_WRITE, Permission.CORRECTION_READ,
    Permission.CORRECTION_DECIDE, Permission.PROVISION_READ,
})  # fmt: skip
_IS_ONESELF = _DISCUSSES | frozenset({
    Permission.PERSONAL_DATA_REVEAL, Permission.PHONE_WRITE, Permission.CORRECTION_READ,
    Permission.RECORD_OWN, Permission.TRANSFER_READ, Permission.GOAL_READ, Permission.GOAL_WRITE,
    Permission.PAIR_READ, Permission.PLAN_READ, Permission.PLAN_WRITE, Permission.ASSESSMENT_READ,
    Permission.CERTIFICATE_READ, Permission.TRAINER_READ, Permission.TRAINER_HIRE_READ,
    Permission.CLAIM_WRITE, Permission.TOPIC_WRITE, Permission.TOPIC_APPRAISAL_READ,
    Permission.RESOURCE_WRITE, Permission.CONSULTATION_READ, Permission.FOLLOW_UP_READ,
    Permission.INCENTIVE_READ, Permission.ARCHIVE_READ,
})  # fmt: skip
_RECOGNISES = frozenset({Permission.CREDIT_RECOGNISE, Permission.CREDIT_REVERSE})
_EXCHANGES = frozenset({
    Permission.CHANGE_READ, Permission.PROVINCE_EXCHANGE, Permission.PROVINCE_READ,
})  # fmt: skip
_ANSWERS_PROVINCE = frozenset({Permission.PROVINCE_READ, Permission.PROVINCE_ANSWER})
_STRUCTURES = frozenset({
    Permission.DEPARTMENT_WRITE, Permission.NETWORK_WRITE, Permission.RESPONSIBILITY_WRITE,
    Permission.COMMITTEE_WRITE, Permission.STATISTIC_WRITE, Permission.EVIDENCE_CHECK,
    Permission.RUBRIC_PUBLISH, Permission.PROBLEM_TRIAGE, Permission.TIMETABLE_WRITE,
    Permission.NOTICE_WRITE, Permission.GROUP_INSPECT, Permission.DOCUMENT_WRITE,
    Permission.DOCUMENT_ISSUE, Permission.REPORT_WRITE, Permission.REPORT_ISSUE,
})  # fmt: skip
_PLANS = frozenset({Permission.PLAN_READ, Permission.PLAN_WRITE})
_TEACHES = _DISCUSSES | {Permission.COURSE_READ, Permission.COURSE_WRITE}
_REVIEWS = frozenset({
    Permission.PLAN_READ, Permission.PLAN_REVIEW, Permission.COURSE_READ, Permission.COURSE_REVIEW,
})  # fmt: skip
_ARRANGES = frozenset({Permission.UNIT_WRITE, Permission.UNIT_REORGANISE})
_ASSIGNS = frozenset({Permission.ASSIGNMENT_WRITE, Permission.ASSIGNMENT_REVIEW})
_ANSWERS = frozenset({Permission.GUIDANCE_READ, Permission.GUIDANCE_ANSWER})
_SUPERINTENDS = frozenset({
    Permission.GUIDANCE_GUIDE, Permission.GUIDANCE_INSPECT, Permission.GUIDANCE_EXCHANGE,
    Permission.GUIDANCE_EVALUATE, Permission.GUIDANCE_REVIEW, Permission.PROVIDER_WRITE,
    Permission.STATISTIC_CONFIRM, Permission.GUIDANCE_APPRAISE,
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
    | _ANSWERS_PROVINCE
    | {Permission.PACK_PUBLISH, Permission.PACK_REFINE, Permission.FORM_PUBLISH, Permission.CLIENT_READ,
       Permission.CLIENT_WRITE, Permission.CERTIFICATE_APPROVE, Permission.IDENTITY_PROVIDER_READ,
       Permission.IDENTITY_PROVIDER_WRITE, Permission.ARCHIVE_TRUST},
    Role.COUNTY_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _RECOGNISES
    | _STRUCTURES | _ASSIGNS | _ARRANGES | _SUPERINTENDS | _ANSWERS | _KEEPS_RECORDS
    | _ANSWERS_PROVINCE | {Permission.CHANGE_READ, Permission.PACK_REFINE},
    Role.SCHOOL_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _STRUCTURES | _ANSWERS
    | _KEEPS_RECORDS,
    Role.GROUP_LEADER: _RUNS_TRAINING - {Permission.GROUP_WRITE}
    | {Permission.GROUP_READ, Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ,
       Permission.TEACHER_READ, Permission.SURVEY_READ, Permission.PROBLEM_READ,
       Permission.TIMETABLE_READ, Permission.NOTICE_READ, Permission.GUIDANCE_ANSWER,
       Permission.DOCUMENT_READ,
       Permission.TOPIC_READ, Permission.RESOURCE_READ},
    Role.TEACHER: _IS_ONESELF | frozenset({
        Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
        Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PARTICIPATE,
        Permission.PACK_READ, Permission.CAREER_READ, Permission.PROGRAMME_READ,
        Permission.SURVEY_READ, Permission.PROBLEM_READ, Permission.FILE_READ,
        Permission.TIMETABLE_READ, Permission.NOTICE_READ, Permission.COURSE_READ,
        Permission.DOCUMENT_READ, Permission.TOPIC_READ, Permission.RESOURCE_READ,
    }),
    Role.NETWORK_COORDINATOR: _ORGANISES | _PLANS | _TEACHES | _IS_THERE,
    Role.SCHOOL_ADVISER: _ADVISES | _IS_THERE | {Permission.ASSIGNMENT_REVIEW},
    Role.DEPARTMENT_OFFICER: _IS_THERE,
    Role.EXPERT: _SURVEYS | frozenset({
        Permission.UNIT_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
        Permission.PACK_READ, Permission.SUMMARY_READ, Permission.GUIDANCE_READ,
        Permission.GUIDANCE_GUIDE, Permission.PROBLEM_READ, Permission.NOTICE_READ,
        Permission.DOCUMENT_READ, Permission.GUIDANCE_APPRAISE,
        Permission.COURSE_READ, Permission.TOPIC_READ, Permission.RESOURCE_READ,
    }),
    Role.AUDITOR: _READS | _SURVEYS
    | {Permission.PLAN_READ, Permission.ASSESSMENT_READ, Permission.CERTIFICATE_READ,
       Permission.ACCOUNT_READ, Permission.AUDIT_READ, Permission.CAREER_READ,
       Permission.CHANGE_READ, Permission.TRANSFER_READ, Permission.GOAL_READ,
       Permission.PAIR_READ, Permission.PROGRAMME_READ,
       Permission.CLIENT_READ, Permission.IDENTITY_PROVIDER_READ, Permission.GUIDANCE_READ,
       Permission.PROVISION_READ, Permission.PROVINCE_READ, Permission.TOPIC_APPRAISAL_READ,
       Permission.TRAINER_HIRE_READ, Permission.FUNDS_READ, Permission.ARCHIVE_READ},
    Role.INTEGRATION: _READS | _EXCHANGES | {Permission.LEARNING_RECORD_WRITE},
    Role.PROVINCE: frozenset({
        Permission.UNIT_READ, Permission.TEACHER_READ, Permission.ACTIVITY_READ,
        Permission.CREDIT_READ, Permission.PACK_READ, Permission.SUMMARY_READ,
        Permission.CERTIFICATE_READ, Permission.CHANGE_READ, Permission.PROVINCE_READ,
        Permission.PROVINCE_REPORT,
    }),
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
    Duty.ORGANISE: Charge(_ORGANISES | _PLANS | _TEACHES, frozenset()),
    Duty.OWN: Charge(_FOLLOWS, frozenset()),
    Duty.REVIEW: Charge(_FOLLOWS, _FOLLOWS | {
        Permission.UNIT_READ, Permission.GROUP_READ, Permission.GUIDANCE_READ,
        Permission.GUIDANCE_INSPECT, Permission.GUIDANCE_REVIEW, Permission.EVIDENCE_CHECK,
    } | _REVIEWS | {Permission.FILE_READ}),
    Duty.GUIDE: Charge(_FOLLOWS, _KNOWS_SCHOOLS | _REVIEWS | {
        Permission.GUIDANCE_READ, Permission.GUIDANCE_GUIDE, Permission.TOPIC_READ,
        Permission.TOPIC_REVIEW, Permission.TOPIC_APPRAISAL_READ,
    }),
    Duty.EVALUATE: Charge(_FOLLOWS, _SURVEYS | frozenset({
        Permission.UNIT_READ, Permission.ACTIVITY_READ, Permission.CREDIT_READ,
        Permission.SUMMARY_READ, Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE,
        Permission.FILE_READ, Permission.GUIDANCE_APPRAISE,
    })),
}  # fmt: skip
"""What each duty of a department permits its officers besides."""

PERSONAL = frozenset({
    Permission.PARTICIPATE, Permission.RECORD_OWN, Permission.GOAL_WRITE, Permission.CLAIM_WRITE,
})  # fmt: skip
"""What belongs to the person alone: an administrator grants it without holding it."""

NOT_HELD_TO_GRANT = PERSONAL | {Permission.PROVINCE_REPORT, Permission.LEARNING_RECORD_WRITE}
"""What an administrator grants without holding it: what is the person's own, what the province says of
itself, and what a player has seen of who learns, neither of which anybody at a bureau says for them."""

NOT_FOR_CLIENTS = frozenset({
    Permission.ACCOUNT_WRITE, Permission.CLIENT_WRITE, Permission.PERSONAL_DATA_REVEAL,
    Permission.IDENTITY_PROVIDER_WRITE,
})  # fmt: skip
"""What no application does for anybody: to decide who may do what, and to see what is sealed."""


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
