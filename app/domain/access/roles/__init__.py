"""The role table: which role holds which permissions. This screen is the whole of it.

A permission is `noun:verb`. A role is granted over a subject (a unit, a group, oneself, a network, a
department, an assignment); what it permits, it permits there and below, nowhere else. A network and
an assignment stand for schools, a bureau's department for its bureau: what their roles permit at
those is less than what they permit at the subject itself, and written beside it.
"""

from app.domain.access.roles.permission import Permission
from app.domain.access.roles.role import SUBJECT, Duty, Role, SubjectKind
from app.domain.access.roles.table import (
    AT_SCHOOLS,
    BY_DUTY,
    NOT_FOR_CLIENTS,
    NOT_HELD_TO_GRANT,
    PERMISSIONS,
    PERSONAL,
    Charge,
    at_subject,
    beyond_subject,
)

__all__ = [
    "AT_SCHOOLS",
    "BY_DUTY",
    "NOT_FOR_CLIENTS",
    "NOT_HELD_TO_GRANT",
    "PERMISSIONS",
    "PERSONAL",
    "SUBJECT",
    "Charge",
    "Duty",
    "Permission",
    "Role",
    "SubjectKind",
    "at_subject",
    "beyond_subject",
]
