"""Careers (任职经历): the dated facts about a teacher: rank, posts, and the school of employment.

What a rule of credit asks is what held on the day in question, not what holds now. Nothing is
overwritten: a fact that ends is superseded by one that says so, and what was known before can
still be told.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Index,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.base import MOMENT, Command, Dated, Table, dated_constraints, key, text_enum
from app.domain.errors import Conflict
from app.sql import Connection, Statement, new_id


class Rank(StrEnum):
    """Professional rank (职称) by the names in force since 2015.

    The older words stand for several of these: 初级 is the third and second grade, 中级 the first grade,
    高级 the senior ranks.
    """

    UNRANKED = "unranked"
    THIRD_GRADE = "third_grade"
    SECOND_GRADE = "second_grade"
    FIRST_GRADE = "first_grade"
    SENIOR = "senior"
    PRINCIPAL_SENIOR = "principal_senior"


class Post(StrEnum):
    """A post (岗位) held beside or instead of teaching a subject; one person may hold several."""

    TEACHER = "teacher"
    CLASS_HEAD = "class_head"
    SCHOOL_CADRE = "school_cadre"
    MIDDLE_LEADER = "middle_leader"
    TRAINER = "trainer"
    LIBRARIAN = "librarian"
    TRAINING_OFFICER = "training_officer"
    LANGUAGE_OFFICER = "language_officer"
    SCIENCE_COUNSELLOR = "science_counsellor"
    ARTS_TEACHER = "arts_teacher"
    INFORMATION_OFFICER = "information_officer"
    OTHER_TECHNICAL = "other_technical"


class TeacherRank(Dated, Table, table=True):
    """A rank that a teacher held from a day on."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_teacher_rank_open", "teacher_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "teacher_id", "valid_from"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    rank: Rank = Field(sa_type=text_enum(Rank))


class TeacherPost(Dated, Table, table=True):
    """A post that a teacher held from a day on."""

    __table_args__ = (*dated_constraints(), Index(None, "teacher_id", "valid_from"))

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    post: Post = Field(sa_type=text_enum(Post))


class Employment(Dated, Table, table=True):
    """The personnel relation of a teacher with a school over time; exactly one at any time."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_employment_open", "teacher_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "teacher_id", "valid_from"),
        Index(None, "school_id", "valid_from"),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    school_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class NewRank(Command):
    """A rank that a teacher holds from a day on; it ends the former one."""

    rank: Rank = Field(description="职称 / rank")
    valid_from: date = Field(description="聘任起始日 / first day of holding it")


# What can be refused.


class RankNotLater(Conflict):
    """A new rank begins after the one that it ends."""

    code = "rank_not_later"
    zh = "新职称的起始日必须晚于现职称的起始日（{current}）。"
    en = "The new rank must begin after the present one did ({current})."


# What may be asked.

TODAY: ColumnElement[date] = literal_column("(SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date)")
"""Today's civil date, as the database reads its clock."""


def holds_on(fact: type[Dated], day: Any) -> ColumnElement[bool]:
    """The predicate 'this dated fact holds on that day, as now known'."""
    ends = col(fact.valid_to)
    holds: ColumnElement[bool] = (
        col(fact.superseded_at).is_(None) & (col(fact.valid_from) <= day)
        & (ends.is_(None) | (ends > day))
    )  # fmt: skip
    return holds


def rank_today(teacher_id: Any) -> Any:
    """The rank that a teacher holds today, as a scalar subquery over a column of teachers' keys."""
    return (
        select(col(TeacherRank.rank))
        .where(col(TeacherRank.teacher_id) == teacher_id, holds_on(TeacherRank, TODAY))
        .limit(literal_column("1"))
        .scalar_subquery()
    )


def posts_today(teacher_id: Any) -> Any:
    """The posts that a teacher holds today, as an array."""
    return func.array(
        select(col(TeacherPost.post))
        .where(col(TeacherPost.teacher_id) == teacher_id, holds_on(TeacherPost, TODAY))
        .order_by(col(TeacherPost.post))
        .scalar_subquery()
    )


# What may be done.

_OPEN_RANK = Statement(
    select(col(TeacherRank.id), col(TeacherRank.rank), col(TeacherRank.valid_from)).where(
        col(TeacherRank.teacher_id) == bindparam("teacher_id"),
        col(TeacherRank.superseded_at).is_(None),
        col(TeacherRank.valid_to).is_(None),
    )
)
_SUPERSEDE_RANK = Statement(
    update(TeacherRank)
    .where(col(TeacherRank.id) == bindparam("rank_id"))
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def change_rank(db: Connection, *, teacher_id: UUID, new: NewRank, now: datetime) -> None:
    """End the rank that a teacher holds and begin another; the caller has opened the door.

    The open fact is superseded by one that ends on the day on which the new one begins; both are
    known from the moment on at which it no longer is, so that no moment knows none or two.
    """
    current = await db.one(_OPEN_RANK, teacher_id=teacher_id)
    if current is not None:
        if new.valid_from <= current["valid_from"]:
            raise RankNotLater(current=current["valid_from"].isoformat())
        await db.run(_SUPERSEDE_RANK, rank_id=current["id"], now=now)
        ended = {
            "id": new_id(),
            "teacher_id": teacher_id,
            "rank": current["rank"],
            "valid_from": current["valid_from"],
            "valid_to": new.valid_from,
            "recorded_at": now,
        }
        await db.insert(TeacherRank, ended)
    row = {
        "id": new_id(),
        "teacher_id": teacher_id,
        "rank": new.rank,
        "valid_from": new.valid_from,
        "recorded_at": now,
    }
    await db.insert(TeacherRank, row)
