"""Teachers (教师): who they are, where they belong, their rank and posts over time.

A teacher has one personnel relation, with a school. Rank (职称) and posts (岗位) are dated facts: what a
rule of credit asks is what held on the day in question, not what holds now. The ID number is kept
sealed, found by a blind index, and shown masked only.
"""

from app.domain.people.teachers.register import (
    CAREERS,
    OF_SCHOOL,
    TEACHERS,
    check_school,
    check_teachers,
    create_teacher,
    get_teacher,
    list_teachers,
    teachers_by_id,
    teachers_of,
    teachers_within,
    touch_teacher,
    touch_teachers,
)
from app.domain.people.teachers.teacher import (
    MASKED_NAME,
    BirthDateImpossible,
    BirthDateMissing,
    NewTeacher,
    NotASchool,
    PersonName,
    SchoolRegister,
    Subject,
    Teacher,
    TeacherExists,
    TeacherFields,
    TeacherMerged,
    TeacherNotFound,
    TeacherView,
    follows_teacher,
    place_column,
    was_merged,
)

__all__ = [
    "CAREERS",
    "MASKED_NAME",
    "OF_SCHOOL",
    "TEACHERS",
    "BirthDateImpossible",
    "BirthDateMissing",
    "NewTeacher",
    "NotASchool",
    "PersonName",
    "SchoolRegister",
    "Subject",
    "Teacher",
    "TeacherExists",
    "TeacherFields",
    "TeacherMerged",
    "TeacherNotFound",
    "TeacherView",
    "check_school",
    "check_teachers",
    "create_teacher",
    "follows_teacher",
    "get_teacher",
    "list_teachers",
    "place_column",
    "teachers_by_id",
    "teachers_of",
    "teachers_within",
    "touch_teacher",
    "touch_teachers",
    "was_merged",
]
