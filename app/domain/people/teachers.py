"""Teachers (教师): who they are, where they belong, their rank and posts over time.

A teacher has one personnel relation, with a school. Rank (职称) and posts (岗位) are dated facts: what a
rule of credit asks is what held on the day in question, not what holds now. The ID number is kept
sealed, found by a blind index, and shown masked only.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, SecretStr, StringConstraints
from sqlalchemy import Index, LargeBinary, UniqueConstraint, Uuid, bindparam, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Placed,
    Table,
    Versioned,
    civil_date,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import UNITS, Level, Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.careers import (
    Employment,
    NewRank,
    Post,
    Rank,
    TeacherPost,
    TeacherRank,
    change_rank,
    posts_today,
    rank_today,
)
from app.domain.people.identity import (
    IdKind,
    PersonalDataCipher,
    birth_date_of,
    check_id_number,
    mask_id_number,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class Subject(StrEnum):
    """What a teacher teaches (任教学科)."""

    CHINESE = "chinese"
    MATHEMATICS = "mathematics"
    ENGLISH = "english"
    MORALITY_AND_LAW = "morality_and_law"
    HISTORY = "history"
    GEOGRAPHY = "geography"
    PHYSICS = "physics"
    CHEMISTRY = "chemistry"
    BIOLOGY = "biology"
    SCIENCE = "science"
    INFORMATION_TECHNOLOGY = "information_technology"
    MUSIC = "music"
    FINE_ARTS = "fine_arts"
    PHYSICAL_EDUCATION = "physical_education"
    COUNSELLING = "counselling"
    SPECIAL_EDUCATION = "special_education"
    HEALTH_CARE = "health_care"
    PRESCHOOL = "preschool"
    OTHER = "other"


PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class TeacherFields(BaseModel):
    """What is openly known of a teacher."""

    name: PersonName = Field(description="姓名 / name", max_length=60)
    subject: Subject = Field(description="任教学科 / subject taught", sa_type=text_enum(Subject))
    stage: Stage = Field(description="任教学段 / stage taught", sa_type=text_enum(Stage))


class Teacher(TeacherFields, Placed, Versioned, Table, table=True):
    """A teacher, placed by the school of the personnel relation (人事关系)."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("id", "school_id", "county_id", "city_id"),
        UniqueConstraint("id_number_index"),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "subject", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    school_id: UUID = Field(sa_type=Uuid)
    birth_date: date
    id_kind: IdKind = Field(sa_type=text_enum(IdKind))
    id_number_sealed: bytes = Field(sa_type=LargeBinary)
    id_number_index: bytes = Field(sa_type=LargeBinary)
    id_number: str = Field(max_length=32)
    """The masked number; the number itself is in `id_number_sealed`."""


class TeacherView(TeacherFields):
    """A teacher as both faces show one; personal data masked."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="人事关系所在学校 / school of the personnel relation")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    rank: Rank | None = Field(description="现职称 / rank today")
    posts: list[Post] = Field(description="现岗位 / posts held today")
    id_number: str = Field(description="证件号码（脱敏） / ID number, masked")


class NewTeacher(TeacherFields, Command):
    """A teacher to be entered into the register of a school."""

    school_id: UUID = Field(description="人事关系所在学校 / school of the personnel relation")
    id_kind: IdKind = Field(default=IdKind.RESIDENT_CARD, description="证件类型 / kind of document")
    id_number: SecretStr = Field(description="证件号码，仅存密文 / ID number; kept sealed only")
    birth_date: date | None = Field(
        default=None,
        description="出生日期，证件号码不含出生日期时必填 / needed where the number does not tell it",
    )
    rank: Rank = Field(default=Rank.UNRANKED, description="职称 / rank")
    posts: list[Post] = Field(
        default_factory=lambda: [Post.TEACHER], max_length=12, description="岗位 / posts"
    )
    since: date | None = Field(
        default=None, description="职称与岗位起始日，默认今天 / since when; today by default"
    )


# What can be refused.


class TeacherNotFound(NotFound):
    """There is no such teacher for the one who asks."""

    code = "teacher_not_found"
    zh = "未找到该教师。"
    en = "There is no such teacher."


class NotASchool(Invalid):
    """Teachers belong to schools, not to bureaux."""

    code = "teacher_needs_school"
    zh = "教师的人事关系必须在学校。"
    en = "A teacher's personnel relation is with a school."


class BirthDateMissing(Invalid):
    """The ID number does not tell the date of birth, and none was given."""

    code = "teacher_birth_date_missing"
    zh = "该证件号码不含出生日期，请填写出生日期。"
    en = "This ID number does not tell the date of birth: please give it."


class TeacherExists(Conflict):
    """Somebody with this ID number is registered; where is not said, since it may be elsewhere."""

    code = "teacher_exists"
    zh = "该证件号码已登记。如系调动，请通过调动流程办理。"
    en = "This ID number is registered already. For a transfer, use the transfer procedure."


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
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID]
) -> dict[UUID, Row | None]:
    """Many teachers by their keys; None where the actor may not see one."""
    return await TEACHERS.by_id(db, actor, teacher_ids)


async def teachers_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], first: int = 100
) -> dict[UUID, list[Row]]:
    """The first teachers of many schools, by name."""
    return await TEACHERS.rows_of(db, actor, col(Teacher.school_id), unit_ids, first=first)


# What may be done.


async def create_teacher(
    db: Connection, actor: Actor, *, new: NewTeacher, cipher: PersonalDataCipher, now: datetime
) -> Row:
    """Enter a teacher into the register of a school that the actor administers."""
    school = await UNITS.get(db, actor, new.school_id, permission=Permission.TEACHER_WRITE)
    if school["level"] != Level.SCHOOL:
        raise NotASchool
    today = civil_date(now)
    number = check_id_number(new.id_kind, new.id_number.get_secret_value(), today=today)
    birth_date = birth_date_of(number) or new.birth_date
    if birth_date is None:
        raise BirthDateMissing
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
    since = {"teacher_id": teacher_id, "valid_from": new.since or today}
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
