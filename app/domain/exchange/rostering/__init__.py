"""Rostering (名册接口): the registers in the words of OneRoster 1.2, to be read by consumers of that standard.

Read `registers` and `groups` (what is shown as what), then `asked` (the grammar of filters), `resource`
(collections and their statements), `moments` (when a thing was last changed) and `reading`.
"""

from app.domain.exchange.rostering.asked import (
    MOST,
    Asked,
    BadRosterFilter,
    BadRosterValue,
    UnknownRosterField,
    UnknownRosterSort,
    read_filter,
)
from app.domain.exchange.rostering.groups import CLASSES, COURSES, ENROLLMENTS, course_key
from app.domain.exchange.rostering.reading import Owner, Part, get_rostered, list_roster
from app.domain.exchange.rostering.registers import (
    GRADING_PERIODS,
    ORGS,
    SCHOOLS,
    SESSIONS,
    STUDENTS,
    USERS,
)
from app.domain.exchange.rostering.resource import Resource

__all__ = [
    "CLASSES",
    "COURSES",
    "ENROLLMENTS",
    "GRADING_PERIODS",
    "MOST",
    "ORGS",
    "SCHOOLS",
    "SESSIONS",
    "STUDENTS",
    "USERS",
    "Asked",
    "BadRosterFilter",
    "BadRosterValue",
    "Owner",
    "Part",
    "Resource",
    "UnknownRosterField",
    "UnknownRosterSort",
    "course_key",
    "get_rostered",
    "list_roster",
    "read_filter",
]
