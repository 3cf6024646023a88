"""Resemblances (雷同笔记): two notes that are nearly the same, for somebody to look at.

A finding, never a penalty: nothing is counted, refused or taken back because of it. It is seen by
whoever has both writers in their place (the school if both are its own, otherwise the county or the
city above both) and by nobody else, so that no text of another school is shown to a school.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, field_validator
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    case,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.domain.training.notes.note import Note, NoteVersion
from app.sql import Connection, Row, Statement


class ResemblanceState(StrEnum):
    """What has been decided about it (状态)."""

    OPEN = "open"
    """待核查"""
    DISMISSED = "dismissed"
    """不成立"""
    CONFIRMED = "confirmed"
    """属实"""


class NoteResemblance(Table, table=True):
    """That two notes, as they were in these versions, are nearly the same; one row a pair of versions."""

    __table_args__ = (
        UniqueConstraint("note_id", "other_id", "note_version", "other_version"),
        CheckConstraint("note_id < other_id", name="once"),
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)"
            " AND num_nonnulls(decided_at, decided_by, opinion) IN (0, 3)",
            name="decided",
        ),
        Index(None, "other_id"),
        Index("ix_note_resemblance_open", "found_at", postgresql_where=text("state = 'open'")),
    )

    id: UUID = key()
    note_id: UUID = Field(foreign_key="note.id", sa_type=Uuid)
    note_version: int
    other_id: UUID = Field(foreign_key="note.id", sa_type=Uuid)
    other_version: int
    share: Decimal = Field(sa_type=Numeric(4, 3))
    found_at: datetime = Field(sa_type=MOMENT)
    state: ResemblanceState = Field(sa_type=text_enum(ResemblanceState))
    opinion: str | None = Field(default=None, max_length=500)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class NoteResemblanceView(BaseModel):
    """Two notes that are nearly the same; the one that was begun first stands first."""

    id: UUID = Field(description="标识 / key")
    share: Decimal = Field(description="相同比例，0 至 1 / share in common, from 0 to 1")
    state: ResemblanceState = Field(description="状态 / state")
    found_at: datetime = Field(description="发现时间 / when it was found")
    note_id: UUID = Field(description="先写的笔记 / the note that was begun first")
    note_version: int = Field(description="其版本 / its version")
    name: PersonName = Field(description="作者 / who wrote it")
    school: str = Field(description="学校 / name of the writer's school")
    other_id: UUID = Field(description="后写的笔记 / the other note")
    other_version: int = Field(description="其版本 / its version")
    other_name: PersonName = Field(description="作者 / who wrote that")
    other_school: str = Field(description="学校 / name of that writer's school")
    opinion: str | None = Field(description="核查意见 / opinion of whoever decided")
    decided_at: datetime | None = Field(description="核查时间 / when it was decided")


class NoteResemblanceTextsView(NoteResemblanceView):
    """The same with both texts as they were compared."""

    text: str = Field(description="先写的笔记正文 / text of the first")
    other_text: str = Field(description="后写的笔记正文 / text of the other")


class ResemblanceDecision(Command):
    """What somebody found who has read both."""

    state: ResemblanceState = Field(description="不成立或属实 / dismissed or confirmed")
    opinion: str = Field(min_length=2, max_length=500, description="核查意见 / opinion")

    @field_validator("state")
    @classmethod
    def _decides(cls, state: ResemblanceState) -> ResemblanceState:
        if state is ResemblanceState.OPEN:
            raise Unfit("请选择“不成立”或“属实”。", "Decide: dismissed or confirmed.")
        return state


# What can be refused.


class ResemblanceNotFound(NotFound):
    """There is no such finding for the one who asks."""

    code = "note_resemblance_not_found"
    zh = "未找到该雷同线索。"
    en = "There is no such resemblance."


class ResemblanceDecided(Conflict):
    """It was decided before; what was found stays as it is."""

    code = "note_resemblance_decided"
    zh = "该雷同线索已有核查结论。"
    en = "This has been decided already."


# What may be asked.

_one, _two = (Note.__table__.alias(name) for name in ("one", "two"))  # type: ignore[attr-defined]
_writer, _other_writer = (
    Teacher.__table__.alias(name)  # type: ignore[attr-defined]
    for name in ("writer", "other_writer")
)
_school, _other_school = (
    Unit.__table__.alias(name)  # type: ignore[attr-defined]
    for name in ("its_school", "other_school")
)
_found = NoteResemblance.__table__.c  # type: ignore[attr-defined]


def _both(column: str) -> Any:
    """The predicate 'both writers are in one of these places'."""

    def in_places(ids: Any) -> ColumnElement[bool]:
        within_both: ColumnElement[bool] = (_one.c[column] == any_(ids)) & (
            _two.c[column] == any_(ids)
        )
        return within_both

    return in_places


def _text_of(note: Any, version: Any) -> ColumnElement[Any]:
    """The text of a note in a version, which may be what it is now."""
    before = (
        select(col(NoteVersion.text))
        .where(col(NoteVersion.note_id) == note.c.id, col(NoteVersion.version) == version)
        .scalar_subquery()
    )
    return case((note.c.version == version, note.c.text), else_=before)


_NAMES = {
    "name": _writer.c.name,
    "school": _school.c.name,
    "other_name": _other_writer.c.name,
    "other_school": _other_school.c.name,
}


def _door(view: type[BaseModel], **computed: Any) -> Door:
    return Door(
        table=NoteResemblance,
        view=view,
        read=Permission.ATTENDANCE_READ,
        missing=ResemblanceNotFound,
        places={column: _both(column) for column in ("city_id", "county_id", "school_id")},
        computed=_NAMES | computed,
        joined=NoteResemblance.__table__.join(_one, _found.note_id == _one.c.id)  # type: ignore[attr-defined]
        .join(_two, _found.other_id == _two.c.id)
        .join(_writer, _one.c.teacher_id == _writer.c.id)
        .join(_other_writer, _two.c.teacher_id == _other_writer.c.id)
        .join(_school, _one.c.school_id == _school.c.id)
        .join(_other_school, _two.c.school_id == _other_school.c.id),
        filters={"state": _found.state},
        sorts={"found_at": (_found.found_at,), "share": (_found.share,)},
    )


RESEMBLANCES = _door(NoteResemblanceView)
_WITH_TEXTS = _door(
    NoteResemblanceTextsView,
    text=_text_of(_one, _found.note_version),
    other_text=_text_of(_two, _found.other_version),
)


async def list_note_resemblances(
    db: Connection, actor: Actor, *, page: PageRequest, state: ResemblanceState | None = None
) -> Page:
    """The resemblances between notes of the actor's place, the oldest first unless sorted otherwise."""
    return await RESEMBLANCES.page(db, actor, page, filters={"state": state})


async def get_note_resemblance(db: Connection, actor: Actor, *, resemblance_id: UUID) -> Row:
    """One resemblance with both texts, for whoever has both writers in their place."""
    return await _WITH_TEXTS.get(db, actor, resemblance_id)


# What may be done.

_DECIDE = Statement(
    update(NoteResemblance)
    .where(
        col(NoteResemblance.id) == bindparam("resemblance_id", type_=Uuid),
        col(NoteResemblance.state) == ResemblanceState.OPEN,
    )
    .values(
        state=bindparam("new_state", type_=_found.state.type),
        opinion=bindparam("said", type_=String),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
    )
)


async def decide_note_resemblance(
    db: Connection,
    actor: Actor,
    *,
    resemblance_id: UUID,
    decision: ResemblanceDecision,
    now: datetime,
) -> Row:
    """Say, after reading both, whether it is so. Nothing else follows: what is to follow people decide."""
    await RESEMBLANCES.get(db, actor, resemblance_id, permission=Permission.EVIDENCE_CHECK)
    decided = await db.run(
        _DECIDE,
        resemblance_id=resemblance_id,
        new_state=decision.state,
        said=decision.opinion,
        now=now,
        by=actor.account_id,
    )
    if not decided:
        raise ResemblanceDecided
    return await RESEMBLANCES.get(db, actor, resemblance_id)
