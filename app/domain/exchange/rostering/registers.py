"""The mapping of the registers: units are orgs, teachers users, terms academic sessions, field by field.

docs/rostering.md says the same in words. What the specification asks for and we have not is not made up.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, any_, case, cast, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.actors import NOWHERE
from app.domain.base import TODAY, holds_on
from app.domain.exchange.rostering.moments import changed_at, recorded_at
from app.domain.exchange.rostering.resource import Field, Resource, refer
from app.domain.exchange.rostering.words import ACTIVE, ORG, begin, said, status
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.teachers import TEACHERS, Teacher
from app.domain.training.groups import GroupMember
from app.domain.training.school_calendars import TERMS, Semester, Term, nearest_first
from app.sql import Row

# Orgs (单位).

ORGS = Resource(
    plural="orgs",
    singular="org",
    key=col(Unit.id),
    rows=UNITS.rows,
    read=UNITS.read,
    door=UNITS,
    fields=(
        *begin(col(Unit.id), status(col(Unit.closed_on).is_not(None)), changed_at(Unit)),
        Field("name", col(Unit.name)),
        Field(
            "type",
            case(
                (col(Unit.level) == Level.CITY, said("local")),
                (col(Unit.level) == Level.COUNTY, said("district")),
                else_=said("school"),
            ),
        ),
        Field("identifier", func.coalesce(UNITS.computed["code"], said(""), type_=Text)),
        Field("parent", col(Unit.parent_id), ORG),
    ),
)
SCHOOLS = replace(ORGS, only=(col(Unit.level) == Level.SCHOOL,))


# Users (教师).


def _roles(school_id: UUID, base: str) -> Row:
    return {"roleType": "primary", "role": "teacher", "org": refer(ORG, school_id, base)}


def _is_member(group_id: Any) -> ColumnElement[bool]:
    return exists().where(
        col(GroupMember.group_id) == group_id,
        col(GroupMember.teacher_id) == col(Teacher.id),
        holds_on(GroupMember, TODAY),
    )


USERS = Resource(
    plural="users",
    singular="user",
    key=col(Teacher.id),
    rows=TEACHERS.rows,
    read=TEACHERS.read,
    door=TEACHERS,
    fields=(
        *begin(col(Teacher.id), ACTIVE, changed_at(Teacher)),
        Field("enabledUser", said("true")),
        # The register has one name, and where a family name ends is not guessed.
        Field("givenName", said("")),
        Field("familyName", col(Teacher.name)),
        Field("roles", col(Teacher.school_id), in_list=True, shown=_roles),
        Field("primaryOrg", col(Teacher.school_id), ORG),
    ),
    below={
        "school": lambda key: col(Teacher.school_id) == key,
        "class": _is_member,
    },
)
STUDENTS = replace(USERS, only=(NOWHERE,))
"""Pupils are not on this register."""


# Academic sessions (学期).

_Place = aliased(Unit)
_Near = aliased(Term)


def _count_at(school_id: Any) -> ColumnElement[bool]:
    """That a term is the one that counts at a school: its own, else the county's, else the city's."""
    slot = (col(_Near.school_year), col(_Near.semester))
    units = [col(_Place.school_id), col(_Place.county_id), col(_Place.city_id)]
    counting = (
        select(col(_Near.id))
        .ext(distinct_on(*slot))
        .join_from(_Near, _Place, col(_Near.unit_id).in_(units))
        .where(col(_Place.id) == school_id)
        .order_by(*slot, *nearest_first(_Near))
    )
    return col(Term.id).in_(counting.subquery().select())


_YEAR = cast(col(Term.school_year), Text)
_NEXT_YEAR = cast(col(Term.school_year) + 1, Text)
_SECOND = col(Term.semester) == Semester.SECOND

SESSIONS = Resource(
    plural="academicSessions",
    singular="academicSession",
    key=col(Term.id),
    rows=TERMS.rows,
    read=TERMS.read,
    # Whoever is below the unit that set a term goes by it, and may know it.
    door=replace(TERMS, audience=lambda audience: col(Term.unit_id) == any_(audience)),
    fields=(
        *begin(col(Term.id), ACTIVE, recorded_at(Term)),
        Field(
            "title",
            func.concat(
                _YEAR,
                said("—"),
                _NEXT_YEAR,
                case((_SECOND, said("学年第二学期")), else_=said("学年第一学期")),
                type_=Text,
            ),
        ),
        Field("startDate", col(Term.starts_on)),
        # Of ours the last day is in the term; of theirs the end is the first day after it.
        Field("endDate", cast(col(Term.ends_on) + 1, Date)),
        Field("type", said("term")),
        Field("schoolYear", _NEXT_YEAR),
    ),
    below={"school": _count_at},
)
GRADING_PERIODS = replace(
    SESSIONS, only=(NOWHERE,), below={"term": lambda key: col(Term.id) == key}
)
"""Terms are not divided here."""
