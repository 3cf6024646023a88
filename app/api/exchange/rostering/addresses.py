"""The addresses of the specification, as a table: what each has, and to whom in its path that belongs."""

from typing import NamedTuple

from app.domain.exchange.rostering import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    GRADING_PERIODS,
    ORGS,
    SCHOOLS,
    SESSIONS,
    STUDENTS,
    USERS,
    Resource,
)

BASE = "/ims/oneroster/rostering/v1p2"


class Address(NamedTuple):
    """An address of the specification: what it has, and to which owners in its path that belongs."""

    path: str
    operation: str
    resource: Resource
    words: str
    owners: tuple[tuple[str, Resource], ...] = ()


_SCHOOL, _CLASS = ("school", SCHOOLS), ("class", CLASSES)

COLLECTIONS = (
    Address("/academicSessions", "get_all_academic_sessions", SESSIONS, "The terms."),
    Address("/terms", "get_all_terms", SESSIONS, "The terms: all our sessions are terms."),
    Address(
        "/gradingPeriods", "get_all_grading_periods", GRADING_PERIODS, "None: terms are whole."
    ),
    Address("/orgs", "get_all_orgs", ORGS, "The bureaux and the schools."),
    Address("/schools", "get_all_schools", SCHOOLS, "The schools."),
    Address("/courses", "get_all_courses", COURSES, "The subjects of groups."),
    Address("/classes", "get_all_classes", CLASSES, "The research groups."),
    Address("/enrollments", "get_all_enrollments", ENROLLMENTS, "The memberships of groups."),
    Address("/users", "get_all_users", USERS, "The people on the register: teachers."),
    Address("/teachers", "get_all_teachers", USERS, "The teachers."),
    Address("/students", "get_all_students", STUDENTS, "None: pupils are not on this register."),
)
"""What is listed whole, each with the address of one thing below it."""

NESTED = (
    Address("/schools/{sourced_id}/classes", "get_classes_for_school", CLASSES,
            "The groups of a school.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/courses", "get_courses_for_school", COURSES,
            "The subjects of a school's groups.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/enrollments", "get_enrollments_for_school", ENROLLMENTS,
            "The memberships of a school's groups.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/students", "get_students_for_school", STUDENTS,
            "None: pupils are not on this register.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/teachers", "get_teachers_for_school", USERS,
            "The teachers of a school.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/terms", "get_terms_for_school", SESSIONS,
            "The terms that count at a school.", (_SCHOOL,)),
    Address("/schools/{sourced_id}/classes/{class_id}/enrollments",
            "get_enrollments_for_class_in_school", ENROLLMENTS,
            "The memberships of a school's group.", (_SCHOOL, _CLASS)),
    Address("/schools/{sourced_id}/classes/{class_id}/students",
            "get_students_for_class_in_school", STUDENTS,
            "None: pupils are not on this register.", (_SCHOOL, _CLASS)),
    Address("/schools/{sourced_id}/classes/{class_id}/teachers",
            "get_teachers_for_class_in_school", USERS,
            "The members of a school's group today.", (_SCHOOL, _CLASS)),
    Address("/classes/{sourced_id}/students", "get_students_for_class", STUDENTS,
            "None: pupils are not on this register.", (_CLASS,)),
    Address("/classes/{sourced_id}/teachers", "get_teachers_for_class", USERS,
            "The members of a group today.", (_CLASS,)),
    Address("/courses/{sourced_id}/classes", "get_classes_for_course", CLASSES,
            "The groups of a subject.", (("course", COURSES),)),
    Address("/terms/{sourced_id}/classes", "get_classes_for_term", CLASSES,
            "The groups of a term.", (("term", SESSIONS),)),
    Address("/terms/{sourced_id}/gradingPeriods", "get_grading_periods_for_term", GRADING_PERIODS,
            "None: terms are whole.", (("term", SESSIONS),)),
    Address("/users/{sourced_id}/classes", "get_classes_for_user", CLASSES,
            "The groups to which somebody belongs today.", (("user", USERS),)),
    Address("/teachers/{sourced_id}/classes", "get_classes_for_teacher", CLASSES,
            "The groups to which a teacher belongs today.", (("user", USERS),)),
    Address("/students/{sourced_id}/classes", "get_classes_for_student", CLASSES,
            "There is no pupil on this register.", (("user", STUDENTS),)),
)  # fmt: skip
"""What is listed of an owner."""

ONE_OF = {
    "get_all_academic_sessions": "get_academic_session",
    "get_all_classes": "get_class",
    "get_all_courses": "get_course",
    "get_all_enrollments": "get_enrollment",
    "get_all_grading_periods": "get_grading_period",
    "get_all_orgs": "get_org",
    "get_all_schools": "get_rostered_school",
    "get_all_students": "get_student",
    "get_all_teachers": "get_rostered_teacher",
    "get_all_terms": "get_rostered_term",
    "get_all_users": "get_user",
}
"""The operation that reads one thing, by that which lists them all."""
