"""The role table: which role holds which permissions. This screen is the whole of it.

A permission is `noun:verb`. A role is granted over a subject (a unit, a group, oneself); what it
permits, it permits there and below, nowhere else.
"""

from enum import StrEnum


class Permission(StrEnum):
    """Something that may be done with a noun."""

    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_WRITE = "attendance:write"
    CHANGE_READ = "change:read"
    CREDIT_READ = "credit:read"
    CREDIT_RECOGNISE = "credit:recognise"
    CREDIT_REVERSE = "credit:reverse"
    GROUP_READ = "group:read"
    GROUP_WRITE = "group:write"
    PACK_PUBLISH = "pack:publish"
    PACK_READ = "pack:read"
    PARTICIPATE = "activity:participate"
    PROVINCE_EXCHANGE = "province:exchange"
    TEACHER_READ = "teacher:read"
    TEACHER_WRITE = "teacher:write"
    UNIT_READ = "unit:read"
    UNIT_WRITE = "unit:write"


class Role(StrEnum):
    """A bundle of permissions, as people speak of it."""

    CITY_ADMIN = "city_admin"
    COUNTY_ADMIN = "county_admin"
    SCHOOL_ADMIN = "school_admin"
    GROUP_LEADER = "group_leader"
    TEACHER = "teacher"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


class SubjectKind(StrEnum):
    """What a role is granted over."""

    UNIT = "unit"
    GROUP = "group"
    SELF = "self"


_READS = frozenset({
    Permission.UNIT_READ, Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
    Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PACK_READ,
})  # fmt: skip
_RUNS_TRAINING = frozenset({
    Permission.GROUP_WRITE, Permission.ACTIVITY_WRITE, Permission.ATTENDANCE_WRITE,
})  # fmt: skip
_ADMINISTERS = frozenset({
    Permission.ACCOUNT_READ, Permission.ACCOUNT_WRITE, Permission.TEACHER_WRITE,
})  # fmt: skip
_RECOGNISES = frozenset({Permission.CREDIT_RECOGNISE, Permission.CREDIT_REVERSE})
_EXCHANGES = frozenset({Permission.CHANGE_READ, Permission.PROVINCE_EXCHANGE})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITY_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _RECOGNISES | _EXCHANGES
    | {Permission.UNIT_WRITE, Permission.PACK_PUBLISH},
    Role.COUNTY_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS | _RECOGNISES
    | {Permission.UNIT_WRITE, Permission.CHANGE_READ},
    Role.SCHOOL_ADMIN: _READS | _RUNS_TRAINING | _ADMINISTERS,
    Role.GROUP_LEADER: _RUNS_TRAINING - {Permission.GROUP_WRITE}
    | {Permission.GROUP_READ, Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ,
       Permission.TEACHER_READ},
    Role.TEACHER: frozenset({
        Permission.TEACHER_READ, Permission.GROUP_READ, Permission.ACTIVITY_READ,
        Permission.ATTENDANCE_READ, Permission.CREDIT_READ, Permission.PARTICIPATE,
        Permission.PACK_READ,
    }),
    Role.AUDITOR: _READS | {Permission.ACCOUNT_READ, Permission.CHANGE_READ},
    Role.INTEGRATION: _READS | _EXCHANGES,
}  # fmt: skip

PERSONAL = frozenset({Permission.PARTICIPATE})
"""What belongs to the person alone: an administrator grants it without holding it."""

SUBJECT: dict[Role, SubjectKind] = {
    role: {
        Role.GROUP_LEADER: SubjectKind.GROUP,
        Role.TEACHER: SubjectKind.SELF,
    }.get(role, SubjectKind.UNIT)
    for role in Role
}
"""What each role may be granted over; a role never reaches beyond its kind of subject."""
