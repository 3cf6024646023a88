"""The register of teachers: who may read it, and what is entered into it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import TODAY, civil_date
from app.domain.errors import NotAllowed
from app.domain.organisation.facts import end_of
from app.domain.organisation.units import UNITS, Level, Stage, hold_unit
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.engagement import (
    Establishment,
    ServiceState,
    TeacherEstablishment,
    TeacherState,
)
from app.domain.people.facts.held import posts_then, posts_today, rank_then, rank_today
from app.domain.people.facts.posts import Post, TeacherPost
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.teachers.entering import begin_careers, entry_of
from app.domain.people.teachers.strata import Stratum, counts_in, holds_any
from app.domain.people.teachers.teacher import (
    NewTeacher,
    NotASchool,
    Subject,
    Teacher,
    TeacherExists,
    TeacherMerged,
    TeacherNotFound,
    TeacherView,
)
from app.sql import Connection, Row, Statement, UniqueViolationError

# What may be asked.


def _counting_in(stratum: Stratum) -> Callable[[Any], ColumnElement[bool]]:
    return lambda given: given & counts_in(stratum, TODAY)


TEACHERS = Door(
    table=Teacher,
    view=TeacherView,
    read=Permission.TEACHER_READ,
    missing=TeacherNotFound,
    places={"teacher_id": col(Teacher.id)},
    computed={"rank": rank_today(col(Teacher.id)), "posts": posts_today(col(Teacher.id))},
    filters={
        "school_id": col(Teacher.school_id),
        "county_id": col(Teacher.county_id),
        "subject": col(Teacher.subject),
        "stage": col(Teacher.stage),
        "name": col(Teacher.name),
        "post": lambda post: holds_any(TeacherPost, col(TeacherPost.post) == post, TODAY),
        "establishment": lambda kind: holds_any(
            TeacherEstablishment, col(TeacherEstablishment.establishment) == kind, TODAY
        ),
        "state": lambda state: holds_any(TeacherState, col(TeacherState.state) == state, TODAY),
        **{stratum: _counting_in(stratum) for stratum in Stratum},
    },
    sorts={"name": (col(Teacher.name),), "created": ()},
    successor=col(Teacher.merged_into_id),
    succeeded=TeacherMerged,
)


_THEN = Statement(
    select(
        rank_then(bindparam("teacher_id", type_=Uuid)).label("rank"),
        posts_then(bindparam("teacher_id", type_=Uuid)).label("posts"),
    )
)


CAREERS = replace(TEACHERS, read=Permission.CAREER_READ)
"""The same teachers for those who may know their careers, and ask for teachers by them."""


async def get_teacher(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Row:
    """One teacher within the actor's reach.

    With `as_of` the rank and the posts are those of that day, with `known_on` as they were believed
    when that day ended. The place is always the present one, by which the teacher is reached; where
    somebody belonged on a day is told by the career.
    """
    row = await TEACHERS.get(db, actor, teacher_id)
    if as_of is None and known_on is None:
        return row
    then = await db.one(_THEN, teacher_id=teacher_id, as_of=as_of, known_at=end_of(known_on))
    return row | (then or {})


async def list_teachers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    county_id: UUID | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    name: str | None = None,
    post: Post | None = None,
    stratum: Stratum | None = None,
    establishment: Establishment | None = None,
    state: ServiceState | None = None,
) -> Page:
    """The teachers whom the actor may see, by name unless sorted otherwise.

    Establishment, state and strata are known of those alone whose careers the actor may read.
    """
    by_career = (stratum, establishment, state) != (None, None, None)
    filters: dict[str, Any] = {
        "school_id": school_id, "county_id": county_id, "subject": subject, "stage": stage,
        "name": name, "post": post, "establishment": establishment, "state": state,
        **({stratum: True} if stratum is not None else {}),
    }  # fmt: skip
    door = CAREERS if by_career else TEACHERS
    return await door.page(db, actor, page, filters=filters)


async def teachers_by_id(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many teachers by their keys; None where the actor may not see one."""
    return await TEACHERS.by_id(db, actor, teacher_ids, columns=columns)


async def teachers_within(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID], permission: Permission
) -> dict[UUID, Row]:
    """Of many teachers by their keys those whom the actor sees, and of whom they hold a permission."""
    scope = actor.scope(permission)
    seen = await TEACHERS.by_id(db, actor, teacher_ids)
    return {
        key: row
        for key, row in seen.items()
        if row is not None and scope.covers({**row, "teacher_id": key})
    }


async def teachers_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The teachers of each of many schools, by name: the same page of each."""
    return await TEACHERS.pages_of(
        db, actor, col(Teacher.school_id), unit_ids, page, columns=columns
    )


OF_SCHOOL = Statement(
    select(col(Teacher.id))
    .where(
        col(Teacher.school_id) == bindparam("school_id", type_=Uuid),
        col(Teacher.merged_into_id).is_(None),
    )
    .order_by(col(Teacher.name), col(Teacher.id))
)
"""The keys of all teachers of a school, by name; for whoever has opened the school's door."""

# What may be done.


async def check_school(db: Connection, actor: Actor, *, school_id: UUID, past: bool = False) -> Row:
    """The school of this key, if it is one whose teachers the actor administers.

    It must be open, unless what is recorded of it is `past`.
    """
    if past:
        school = await UNITS.get(db, actor, school_id, permission=Permission.TEACHER_WRITE)
    else:
        school = await hold_unit(db, actor, unit_id=school_id, permission=Permission.TEACHER_WRITE)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    return school


async def check_teachers(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID], permission: Permission
) -> None:
    """Refuse where one of these teachers is not there for the actor, or where this may not be done with one."""
    scope = actor.scope(permission)
    for row in (await TEACHERS.by_id(db, actor, teacher_ids)).values():
        if row is None:
            raise TeacherNotFound
        if not scope.covers(row | {"teacher_id": row["id"]}):
            raise NotAllowed(permission.value)


async def create_teacher(
    db: Connection, actor: Actor, *, new: NewTeacher, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Enter a teacher into the register of a school that the actor administers."""
    school = await check_school(db, actor, school_id=new.school_id)
    entry = entry_of(new, school=school, cipher=cipher, today=civil_date(now))
    try:
        await db.insert(Teacher, entry.row)
    except UniqueViolationError:
        raise TeacherExists from None
    await begin_careers(db, entries=[entry], now=now)
    return await TEACHERS.get(db, actor, entry.row["id"])


_TOUCH = Statement(
    update(Teacher)
    .where(col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))))
    .values(name=col(Teacher.name))
)


async def touch_teacher(db: Connection, *, teacher_id: UUID) -> None:
    """Let a change of what is shown with a teacher be a change of the teacher."""
    await touch_teachers(db, teacher_ids=[teacher_id])


async def touch_teachers(db: Connection, *, teacher_ids: Sequence[UUID]) -> None:
    """The same of many, who are held by the caller."""
    await db.run(_TOUCH, teacher_ids=teacher_ids)
