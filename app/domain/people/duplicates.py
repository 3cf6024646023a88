"""Duplicates (疑似重复登记): two records that may be of one person, why, and which are known not to be.

A candidate proves nothing: names are shared, numbers mistyped. Whoever administers both looks at them,
and either has the records merged (`person_mergers`) or says that they are two people. That is
remembered, and the two are not shown again; a merger can still be proposed, with its own reason.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import UNITS
from app.domain.people.optional_data import TeacherPhone
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, place_column
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

MOST_DUPLICATES = 100
"""How many candidates are answered at most: whatever is settled makes room for the next."""


class DuplicateReason(StrEnum):
    """Why two records may be of one person (疑似理由)."""

    NAME_AND_BIRTH = "name_and_birth"
    """同名且出生日期相同: one name, without its blanks and signs, and one date of birth."""
    PHONE = "phone"
    """手机号相同."""
    ALIKE_AT_SCHOOL = "alike_at_school"
    """同校近音姓名: of one school, and the names sound alike."""
    OTHER_DOCUMENT = "other_document"
    """同名而证件类型不同: one name, entered by documents of two kinds."""


class DistinctPeopleFields(BaseModel):
    """Why two records are of two people."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why they are two people")


class DistinctPeople(DistinctPeopleFields, Table, table=True):
    """That two records were found to be of two people; `one_id` is the lesser key."""

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="of_two_in_order"),
        Index(None, "other_id"),
    )

    id: UUID = key()
    one_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    other_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    declared_at: datetime = Field(sa_type=MOMENT)
    declared_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class DistinctPeopleView(DistinctPeopleFields):
    """That two records are of two people, as whoever declared it is told."""

    id: UUID = Field(description="标识 / key")
    one_id: UUID = Field(description="一方 / one of the two")
    other_id: UUID = Field(description="另一方 / the other of the two")
    declared_at: datetime = Field(description="认定时间 / when it was declared")
    declared_by: UUID = Field(description="认定账号 / account that declared it")


class DuplicateView(BaseModel):
    """Two records that may be of one person; the numbers are masked."""

    one_id: UUID = Field(description="一方 / one of the two")
    one_name: PersonName = Field(description="一方姓名 / name of the one")
    one_school_id: UUID = Field(description="一方学校 / school of the one")
    one_id_number: str = Field(description="一方证件号码（脱敏） / number of the one, masked")
    other_id: UUID = Field(description="另一方 / the other of the two")
    other_name: PersonName = Field(description="另一方姓名 / name of the other")
    other_school_id: UUID = Field(description="另一方学校 / school of the other")
    other_id_number: str = Field(description="另一方证件号码（脱敏） / number of the other, masked")
    reasons: list[DuplicateReason] = Field(description="疑似理由 / why")


class NewDistinctPeople(DistinctPeopleFields, Command):
    """From which other record one is to be told apart."""

    other_id: UUID = Field(description="另一名教师 / the other teacher")


# What can be refused.


class DistinctAlready(Conflict):
    """It is known already that they are two people."""

    code = "distinct_people_known"
    zh = "这两名教师已认定为不同的人。"
    en = "These two are known to be two people already."


class DistinctFromOneself(Invalid):
    """A record is told apart from another one."""

    code = "distinct_from_oneself"
    zh = "须为两名不同的教师。"
    en = "These must be two different teachers."


# What may be asked.

_ONE, _OTHER = (Teacher.__table__.alias(name) for name in ("one", "other"))  # type: ignore[attr-defined]
_PHONES = tuple(TeacherPhone.__table__.alias(f"phone_of_{name}") for name in ("one", "other"))  # type: ignore[attr-defined]
_NAME, _PINYIN = 1, 2
"""Places in `name_terms`: the name without blanks and signs, and its first reading."""


def _same(which: int) -> Any:
    return _ONE.c.name_terms[which] == _OTHER.c.name_terms[which]


_WHY: dict[DuplicateReason, tuple[Any, ...]] = {
    DuplicateReason.NAME_AND_BIRTH: (_same(_NAME), _ONE.c.birth_date == _OTHER.c.birth_date),
    DuplicateReason.PHONE: (
        _PHONES[0].c.teacher_id == _ONE.c.id,
        _PHONES[1].c.teacher_id == _OTHER.c.id,
        _PHONES[0].c.phone_index == _PHONES[1].c.phone_index,
    ),
    DuplicateReason.ALIKE_AT_SCHOOL: (_same(_PINYIN), _ONE.c.school_id == _OTHER.c.school_id),
    DuplicateReason.OTHER_DOCUMENT: (_same(_NAME), _ONE.c.id_kind != _OTHER.c.id_kind),
}


def _pairs(place: str) -> Any:
    """Each pair of a place with each of its reasons, the lesser key first."""
    unit_id = bindparam("unit_id", type_=Uuid)
    both = (
        *(each.c[place] == unit_id for each in (_ONE, _OTHER)),
        *(each.c.merged_into_id.is_(None) for each in (_ONE, _OTHER)),
        _ONE.c.id < _OTHER.c.id,
    )
    return union(
        *(
            select(
                _ONE.c.id.label("one_id"),
                _OTHER.c.id.label("other_id"),
                literal_column(f"'{reason}'", Text).label("reason"),
            ).where(*both, *why)
            for reason, why in _WHY.items()
        )
    ).subquery("pairs")


@lru_cache(maxsize=4)
def _duplicates(place: str) -> Statement:
    """The candidates of a place, those with most reasons first."""
    pairs = _pairs(place)
    reasons = func.array_agg(aggregate_order_by(pairs.c.reason, pairs.c.reason)).label("reasons")
    settled = exists().where(
        col(DistinctPeople.one_id) == pairs.c.one_id,
        col(DistinctPeople.other_id) == pairs.c.other_id,
    )
    found = (
        select(pairs.c.one_id, pairs.c.other_id, reasons)
        .where(~settled)
        .group_by(pairs.c.one_id, pairs.c.other_id)
        .order_by(func.count().desc(), pairs.c.one_id, pairs.c.other_id)
        .limit(bindparam("at_most", type_=Integer))
        .subquery("found")
    )
    shown = [
        side.c[name].label(f"{which}_{name}")
        for which, side in (("one", _ONE), ("other", _OTHER))
        for name in ("id", "name", "school_id", "id_number")
    ]
    joined = found.join(_ONE, _ONE.c.id == found.c.one_id)
    joined = joined.join(_OTHER, _OTHER.c.id == found.c.other_id)
    order = func.cardinality(found.c.reasons).desc(), found.c.one_id, found.c.other_id
    listed = select(*shown, found.c.reasons).select_from(joined).order_by(*order)
    return Statement(listed, beyond=Beyond.SAME_PERSON)


async def list_duplicates(
    db: Connection, actor: Actor, *, unit_id: UUID, limit: int = 50
) -> Sequence[Row]:
    """The records of a unit's teachers that may be of one person, those with most reasons first.

    Both of a pair lie within the unit: what a school has twice it finds itself, what lies in two
    schools is found by the bureau of both.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TEACHER_WRITE)
    at_most = min(max(limit, 1), MOST_DUPLICATES)
    return await db.all(_duplicates(place_column(unit)), unit_id=unit_id, at_most=at_most)


# What may be done.


async def declare_distinct_people(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewDistinctPeople, now: datetime
) -> Row:
    """Say of two teachers whom the actor administers that they are two people."""
    for each in (teacher_id, new.other_id):
        await TEACHERS.get(db, actor, each, permission=Permission.TEACHER_WRITE)
    if teacher_id == new.other_id:
        raise DistinctFromOneself
    row = {
        "id": new_id(),
        "one_id": min(teacher_id, new.other_id),
        "other_id": max(teacher_id, new.other_id),
        "reason": new.reason,
        "declared_at": now,
        "declared_by": actor.account_id,
    }
    try:
        await db.insert(DistinctPeople, row)
    except UniqueViolationError:
        raise DistinctAlready from None
    return row
