"""The mapping of groups: their subjects are courses, they are classes, memberships are enrolments."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import MOMENT, TODAY
from app.domain.exchange.rostering.moments import changed_at
from app.domain.exchange.rostering.resource import Field, Resource
from app.domain.exchange.rostering.words import (
    ACTIVE,
    CLASS,
    COURSE,
    ORG,
    SESSION,
    USER,
    begin,
    said,
    status,
)
from app.domain.people.teachers import Subject
from app.domain.training.group_defaults import SUBJECT_NAMES
from app.domain.training.groups import (
    GROUPS,
    GroupDuty,
    GroupMember,
    ResearchGroup,
    groups_with,
)
from app.domain.training.members import MEMBERS
from app.domain.training.school_calendars import Term, nearest_first, own_and_above

# Courses (学科): a vocabulary, of which every subject is one.

_COURSES = UUID("5b0e4f0e-6a53-4b5e-9a53-7c1f3d1f9a10")
"""The namespace of the keys of courses; they are the same in every deployment."""
_GENERAL = "all_subjects"
_VOCABULARY_SINCE = datetime(2026, 11, 22, tzinfo=UTC)
"""When a course was last changed: when these words were."""


def course_key(code: str) -> UUID:
    """The key of the course with this code."""
    return uuid5(_COURSES, code)


_TITLES = {**{each.value: SUBJECT_NAMES[each] for each in Subject}, _GENERAL: "不分学科"}
_course = values(
    column("key", Text), column("code", Text), column("title", Text),
    name="course", literal_binds=True,
).data([(str(course_key(code)), code, title) for code, title in _TITLES.items()])  # fmt: skip


def _course_of_group() -> ColumnElement[UUID]:
    keys = {each: literal_column(f"'{course_key(each.value)}'::uuid", Uuid) for each in Subject}
    general = literal_column(f"'{course_key(_GENERAL)}'::uuid", Uuid)
    return case(
        *((col(ResearchGroup.subject) == each, key) for each, key in keys.items()), else_=general
    )


_COURSE_KEY = cast(_course.c.key, Uuid)
_GROUP_COURSE = _course_of_group()

COURSES = Resource(
    plural="courses",
    singular="course",
    key=_COURSE_KEY,
    rows=_course,
    read=Permission.GROUP_READ,
    fields=(
        *begin(_COURSE_KEY, ACTIVE, literal(_VOCABULARY_SINCE, MOMENT)),
        Field("title", _course.c.title),
        Field("courseCode", _course.c.code),
    ),
    below={
        "school": lambda key: _COURSE_KEY.in_(
            select(_GROUP_COURSE).where(
                col(ResearchGroup.unit_id) == key, col(ResearchGroup.closed_on).is_(None)
            )
        ),
    },
)


# Classes (教研组).

_Term = aliased(Term)
_group = ResearchGroup.__table__  # type: ignore[attr-defined]
_TERM_OF_GROUP = (
    select(col(_Term.id))
    .where(own_and_above(_Term, _group), col(_Term.starts_on) <= TODAY)
    .order_by(col(_Term.school_year).desc(), col(_Term.semester).desc(), *nearest_first(_Term))
    .limit(1)
    .correlate(_group)
    .scalar_subquery()
)
"""The term that it is for the group, or that it was last: a group goes on from one to the next."""
_SUBJECT = cast(col(ResearchGroup.subject), Text)

CLASSES = Resource(
    plural="classes",
    singular="class",
    key=col(ResearchGroup.id),
    rows=GROUPS.rows,
    read=GROUPS.read,
    door=GROUPS,
    fields=(
        *begin(
            col(ResearchGroup.id),
            status(col(ResearchGroup.closed_on).is_not(None)),
            changed_at(ResearchGroup),
        ),
        Field("title", col(ResearchGroup.name)),
        Field("classType", said("scheduled")),
        Field(
            "subjects", _SUBJECT, in_list=True,
            shown=lambda code, _: SUBJECT_NAMES[Subject(code)],
        ),
        Field("subjectCodes", _SUBJECT, in_list=True),
        Field("course", _GROUP_COURSE, COURSE),
        Field("school", col(ResearchGroup.unit_id), ORG),
        Field("terms", _TERM_OF_GROUP, SESSION, in_list=True),
    ),
    below={
        "school": lambda key: col(ResearchGroup.unit_id) == key,
        "course": lambda key: key == _GROUP_COURSE,
        "term": lambda key: key == _TERM_OF_GROUP,
        "user": lambda key: col(ResearchGroup.id).in_(groups_with(array([key]))),
    },
)  # fmt: skip


# Enrolments (组员): dated facts. One that was corrected gives way to another with a key of its own.

ENROLLMENTS = Resource(
    plural="enrollments",
    singular="enrollment",
    key=col(GroupMember.id),
    rows=MEMBERS.rows,
    read=MEMBERS.read,
    door=MEMBERS,
    fields=(
        *begin(
            col(GroupMember.id),
            status(col(GroupMember.superseded_at).is_not(None)),
            func.coalesce(
                col(GroupMember.superseded_at), col(GroupMember.recorded_at), type_=MOMENT
            ),
        ),
        Field("user", col(GroupMember.teacher_id), USER),
        Field("class", col(GroupMember.group_id), CLASS),
        Field("school", col(ResearchGroup.unit_id), ORG),
        Field("role", said("teacher")),
        Field(
            "primary",
            case((col(GroupMember.duty) == GroupDuty.HEAD, said("true")), else_=said("false")),
        ),
        Field("beginDate", col(GroupMember.valid_from)),
        Field("endDate", col(GroupMember.valid_to)),
    ),
    below={
        "school": lambda key: col(ResearchGroup.unit_id) == key,
        "class": lambda key: col(GroupMember.group_id) == key,
    },
)
