"""The register of teachers: who may read it, and what is entered into it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.organisation.units import UNITS, Level, Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import (
    Employment,
    NewRank,
    TeacherPost,
    TeacherRank,
    change_rank,
    posts_today,
    rank_today,
)
from app.domain.people.identity import (
    EARLIEST_BIRTH,
    PersonalDataCipher,
    birth_date_of,
    check_id_number,
    mask_id_number,
)
from app.domain.people.teachers.teacher import (
    BirthDateImpossible,
    BirthDateMissing,
    NewTeacher,
    NotASchool,
    Subject,
    Teacher,
    TeacherExists,
    TeacherFields,
    TeacherNotFound,
    TeacherView,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What may be asked.

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
    },
    sorts={"name": (col(Teacher.name),), "created": ()},
)


async def get_teacher(db: Connection, actor: Actor, *, teacher_id: UUID) -> Row:
    """One teacher within the actor's reach."""
    return await TEACHERS.get(db, actor, teacher_id)


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
) -> Page:
    """The teachers whom the actor may see, by name unless sorted otherwise."""
    filters = {
        "school_id": school_id, "county_id": county_id, "subject": subject, "stage": stage,
        "name": name,
    }  # fmt: skip
    return await TEACHERS.page(db, actor, page, filters=filters)


async def teachers_by_id(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many teachers by their keys; None where the actor may not see one."""
    return await TEACHERS.by_id(db, actor, teacher_ids, columns=columns)


async def teachers_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    first: int = 100,
    columns: Columns = None,
) -> dict[UUID, list[Row]]:
    """The first teachers of many schools, by name."""
    return await TEACHERS.rows_of(
        db, actor, col(Teacher.school_id), unit_ids, first=first, columns=columns
    )


# What may be done.


def _birth_date(new: NewTeacher, number: str, today: date) -> date:
    """The date of birth: the one in the ID number, or the one given where it has none."""
    born = birth_date_of(number) or new.birth_date
    if born is None:
        raise BirthDateMissing
    if new.birth_date not in {None, born} or not EARLIEST_BIRTH <= born <= today:
        raise BirthDateImpossible
    return born


async def create_teacher(
    db: Connection, actor: Actor, *, new: NewTeacher, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Enter a teacher into the register of a school that the actor administers."""
    school = await UNITS.get(db, actor, new.school_id, permission=Permission.TEACHER_WRITE)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    today = civil_date(now)
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=today)
    birth_date = _birth_date(new, number, today)
    teacher_id = new_id()
    row = {
        "id": teacher_id,
        **new.model_dump(include=set(TeacherFields.model_fields)),
        "city_id": school["city_id"],
        "county_id": school["county_id"],
        "school_id": new.school_id,
        "birth_date": birth_date,
        "id_kind": new.id_kind,
        "id_number_sealed": cipher.seal(number, context=f"teacher|id_number|{teacher_id}"),
        "id_number_index": cipher.blind_index(number),
        "id_number": mask_id_number(number),
    }
    try:
        await db.insert(Teacher, row)
    except UniqueViolationError:
        raise TeacherExists from None
    since = {"teacher_id": teacher_id, "valid_from": new.since or today, "recorded_at": now}
    await db.insert(Employment, {"id": new_id(), **since, "school_id": new.school_id})
    await db.insert(TeacherRank, {"id": new_id(), **since, "rank": new.rank})
    posts = [{"id": new_id(), **since, "post": post} for post in dict.fromkeys(new.posts)]
    await db.insert_all(TeacherPost, posts)
    return await TEACHERS.get(db, actor, teacher_id)


_TOUCH = Statement(
    update(Teacher)
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .values(name=col(Teacher.name))
)


async def record_rank(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewRank, now: datetime
) -> Row:
    """Record that a teacher holds a rank from a day on; the former rank ends on that day."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.TEACHER_WRITE, lock=True)
    await change_rank(db, teacher_id=teacher_id, new=new, now=now)
    await db.run(_TOUCH, teacher_id=teacher_id)
    return await TEACHERS.get(db, actor, teacher_id)
