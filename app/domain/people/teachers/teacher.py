"""What a teacher is: the fields, the table, what is shown and what is taken in.

A row about a teacher refers to the table by `follows_teacher()`, and so goes along with a transfer.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, SecretStr, StringConstraints
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    exists,
    func,
    literal,
    text,
)
from sqlmodel import Field, col

from app.domain.base import Command, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import Stage
from app.domain.people.facts.engagement import Establishment
from app.domain.people.facts.posts import Post
from app.domain.people.facts.ranks import Rank
from app.domain.people.identity import IdKind
from app.sql import Row


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
        # A closed school registers nobody, and with somebody on its register no school is closed.
        ForeignKeyConstraint(["school_id"], ["unit.open_id"]),
        UniqueConstraint("id", "school_id", "county_id", "city_id"),
        UniqueConstraint("id_number_index"),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "subject", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
        Index(None, "change_transaction", "change_sequence"),
        Index(
            "ix_teacher_name_terms", text("array_to_tsvector(name_terms)"),
            postgresql_using="gin",
        ),
        Index(None, "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        CheckConstraint("merged_into_id <> id", name="is_not_merged_into_itself"),
    )  # fmt: skip

    id: UUID = key()
    school_id: UUID = Field(sa_type=Uuid)
    birth_date: date
    id_kind: IdKind = Field(sa_type=text_enum(IdKind))
    id_number_sealed: bytes = Field(sa_type=LargeBinary)
    id_number_index: bytes = Field(sa_type=LargeBinary)
    id_number: str = Field(max_length=32)
    """The masked number; the number itself is in `id_number_sealed`."""
    name_terms: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs={"server_default": text("'{}'")}
    )
    """What the name is found by (`pinyin.name_terms`)."""
    merged_into_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    """The same person under the key that stays, where somebody was entered twice. Such a row is kept
    for its number and for what refers to it; it is in no list and counts nowhere."""


class SchoolRegister(Table, table=True):
    """How many teachers a school has on its register.

    Written by the database alone, whenever a teacher comes, goes or moves; a county or a city is
    summed on reading.
    """

    school_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    teachers: int


def follows_teacher() -> ForeignKeyConstraint:
    """The constraint by which a row about a teacher has the teacher's place, after transfers too.

    It stands in the row's table instead of `place_constraints()`, which the teacher keeps for it.
    """
    place = ["school_id", "county_id", "city_id"]
    return ForeignKeyConstraint(
        ["teacher_id", *place],
        ["teacher.id", *(f"teacher.{column}" for column in place)],
        onupdate="CASCADE",
    )


def was_merged(teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'this key is of a record that was merged into another'."""
    merged = Teacher.__table__.alias("merged_record")  # type: ignore[attr-defined]
    return exists().where(merged.c.id == teacher_id, merged.c.merged_into_id.is_not(None))


MASKED_NAME: ColumnElement[str] = func.concat(
    func.left(col(Teacher.name), 1),
    func.repeat(literal("*"), func.greatest(func.char_length(col(Teacher.name)) - 1, 1)),
)
"""The name of a row of teachers as it is shown to everybody: its first character, and stars."""


def place_column(unit: Row) -> str:
    """The column in which those placed in this unit have its key."""
    return f"{unit['level']}_id"


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
    establishment: Establishment = Field(
        default=Establishment.ESTABLISHED, description="编制，默认在编 / establishment"
    )
    since: date | None = Field(
        default=None,
        description="人事关系、编制、职称与岗位起始日，默认今天 / since when; today by default",
    )


# What can be refused.


class TeacherNotFound(NotFound):
    """There is no such teacher for the one who asks."""

    code = "teacher_not_found"
    zh = "未找到该教师。"
    en = "There is no such teacher."


class TeacherMerged(Conflict):
    """The person had been entered twice: everything is under the other key."""

    code = "teacher_merged"
    zh = "该教师系重复登记，已合并，请改用标识 {merged_into}。"
    en = "This person was entered twice, and the records are one: the key is {merged_into} now."

    def __init__(self, merged_into: UUID) -> None:
        super().__init__(merged_into=str(merged_into))


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


class BirthDateImpossible(Invalid):
    """The date of birth is not the one in the ID number, lies before 1900 or is yet to come."""

    code = "teacher_birth_date_impossible"
    zh = "出生日期无效：与证件号码不符，或不在 1900 年至今之间。"
    en = "The date of birth is not possible: the ID number says another, or it lies outside 1900 to today."


class TeacherExists(Conflict):
    """Somebody with this ID number is registered; where is not said, since it may be elsewhere."""

    code = "teacher_exists"
    zh = "该证件号码已登记。如系调动，请通过调动流程办理。"
    en = "This ID number is registered already. For a transfer, use the transfer procedure."
