"""Pairs (益友结对、同伴互助): two teachers of one school or bureau who help each other, for a term.

Neither leads the other: a pair is the same whichever of the two is named first. Two people are in one
pair at a time; each may be in several.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    Index,
    String,
    Uuid,
    any_,
    bindparam,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Placed, Table, civil_date, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class PairKind(StrEnum):
    """What a pair is for (类型)."""

    FRIENDS = "friends"
    """益友结对"""
    MUTUAL_HELP = "mutual_help"
    """同伴互助"""


class PairFields(BaseModel):
    """What a pair is for, and its term."""

    kind: PairKind = Field(description="类型 / kind", sa_type=text_enum(PairKind))
    purpose: str = Field(min_length=2, max_length=500, description="结对目的 / purpose")
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date = Field(description="期满日（不含） / end of the term, exclusive")


class PeerPair(PairFields, Placed, Table, table=True):
    """A pair, placed by the school or the bureau that arranged it; `one_id` is the lesser key."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("one_id < other_id", name="of_two_in_order"),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        Index(
            "uq_peer_pair_open", "one_id", "other_id", unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        *(Index(None, name, "id") for name in ("one_id", "other_id", *PLACE)),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    one_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    other_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    ended_on: date | None = None
    result: str | None = Field(default=None, max_length=500)


class PairView(PairFields):
    """A pair as both of it and those above see it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / school or bureau that arranged it")
    one_id: UUID = Field(description="一方 / one of the two")
    one_name: PersonName = Field(description="一方姓名 / name of the one")
    other_id: UUID = Field(description="另一方 / the other of the two")
    other_name: PersonName = Field(description="另一方姓名 / name of the other")
    ended_on: date | None = Field(description="结束日 / when it ended, null while it is open")
    result: str | None = Field(description="结对成效 / what came of it")


class NewPair(PairFields, Command):
    """Two teachers to be paired."""

    unit_id: UUID = Field(description="单位 / school or bureau")
    teacher_ids: list[UUID] = Field(
        min_length=2, max_length=2, description="两名教师 / the two teachers"
    )

    @model_validator(mode="after")
    def _two_for_a_term(self) -> Self:
        if len(set(self.teacher_ids)) < len(self.teacher_ids):
            raise Unfit("结对须为两名不同的教师。", "A pair is of two different teachers.")
        if self.valid_to <= self.valid_from:
            raise Unfit("期满日必须晚于起始日。", "The term ends after it begins.")
        return self


class PairEnd(Command):
    """What came of a pair."""

    result: str | None = Field(
        default=None, min_length=2, max_length=500, description="结对成效 / what came of it"
    )


# What can be refused.


class PairNotFound(NotFound):
    """There is no such pair for the one who asks."""

    code = "pair_not_found"
    zh = "未找到该结对。"
    en = "There is no such pair."


class PairOpen(Conflict):
    """The two are a pair already."""

    code = "pair_open"
    zh = "这两名教师已在结对中。"
    en = "These two teachers are a pair already."


class PairOver(Conflict):
    """The pair has ended: what is past is not changed."""

    code = "pair_over"
    zh = "该结对已结束。"
    en = "This pair has ended already."


class PairOutsideUnit(Invalid):
    """A pair is of two teachers of the school, or of the bureau's schools."""

    code = "pair_outside_unit"
    zh = "结对的教师须属于该单位。"
    en = "Both teachers of a pair belong to the unit that arranges it."


# What may be asked.

_PAIR: Any = PeerPair
PAIRS = Door(
    table=PeerPair,
    view=PairView,
    read=Permission.PAIR_READ,
    missing=PairNotFound,
    places={
        "teacher_id": lambda ids: or_(
            col(PeerPair.one_id) == any_(ids), col(PeerPair.other_id) == any_(ids)
        )
    },
    computed={
        f"{which}_name": select(col(Teacher.name))
        .where(col(Teacher.id) == col(getattr(_PAIR, f"{which}_id")))
        .scalar_subquery()
        for which in ("one", "other")
    },
    filters={
        "unit_id": col(PeerPair.unit_id),
        "kind": col(PeerPair.kind),
        "teacher_id": lambda given: or_(
            col(PeerPair.one_id) == bindparam(given.key, type_=Uuid),
            col(PeerPair.other_id) == bindparam(given.key, type_=Uuid),
        ),
        "open": lambda is_open: col(PeerPair.ended_on).is_(None) == is_open,
    },
    sorts={"created": ()},
)


async def get_pair(db: Connection, actor: Actor, *, pair_id: UUID) -> Row:
    """One pair: of which one is, or of the actor's place."""
    return await PAIRS.get(db, actor, pair_id)


async def list_pairs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    teacher_id: UUID | None = None,
    kind: PairKind | None = None,
    open: bool | None = None,
) -> Page:
    """The pairs of which one is, and those of the actor's place, the first made first."""
    filters = {"unit_id": unit_id, "teacher_id": teacher_id, "kind": kind, "open": open}
    return await PAIRS.page(db, actor, page, filters=filters)


# What may be done.


async def form_pair(db: Connection, actor: Actor, *, new: NewPair) -> Row:
    """Pair two teachers of a school or a bureau that the actor administers."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.PAIR_WRITE)
    one_id, other_id = sorted(new.teacher_ids)
    for teacher_id in (one_id, other_id):
        teacher = await TEACHERS.get(db, actor, teacher_id)
        if new.unit_id not in {teacher[name] for name in PLACE}:
            raise PairOutsideUnit
    row = {
        "id": new_id(),
        **new.model_dump(include=set(PairFields.model_fields)),
        **place_of(unit),
        "one_id": one_id,
        "other_id": other_id,
    }
    try:
        await db.insert(PeerPair, row)
    except UniqueViolationError:
        raise PairOpen from None
    return await PAIRS.get(db, actor, row["id"])


_END = Statement(
    update(PeerPair)
    .where(col(PeerPair.id) == bindparam("pair_id", type_=Uuid))
    .values(ended_on=bindparam("on", type_=Date), result=bindparam("came", type_=String))
)


async def end_pair(
    db: Connection, actor: Actor, *, pair_id: UUID, end: PairEnd, now: datetime
) -> Row:
    """End a pair today, and say what came of it."""
    pair = await PAIRS.get(db, actor, pair_id, permission=Permission.PAIR_WRITE, lock=True)
    if pair["ended_on"] is not None:
        raise PairOver
    await db.run(_END, pair_id=pair_id, on=civil_date(now), came=end.result)
    return await PAIRS.get(db, actor, pair_id)
