"""A consultation as both faces show it: the views, the doors, what may be asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, any_, or_
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door, whoever
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.consultations.table import (
    Consultation,
    ConsultationFields,
    ConsultationMessage,
    ConsultationState,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Subject, Teacher
from app.sql import Connection, Row


class ConsultationView(ConsultationFields):
    """A consultation as the two see it, and the asker's school where it is not private."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="提问教师 / teacher who asks")
    name: PersonName = Field(description="提问教师姓名 / name of the teacher")
    adviser_id: UUID = Field(description="指导教师 / adviser")
    adviser_name: PersonName = Field(description="指导教师姓名 / name of the adviser")
    trainer_id: UUID | None = Field(description="作为导师库导师 / as a trainer of a library")
    mentor_id: UUID | None = Field(description="作为带教导师 / as a mentor")
    group_id: UUID | None = Field(description="作为教研组负责人 / as the head of a group")
    state: ConsultationState = Field(description="状态 / state")
    asked_at: datetime = Field(description="提问时间 / when it was asked")
    due_on: date = Field(
        description="应答复日期 / day by which the last question is to be answered"
    )
    answered_at: datetime | None = Field(description="首次答复时间 / when it was answered first")
    closed_at: datetime | None = Field(description="办结时间 / when it was closed")


class OwnConsultationView(ConsultationView):
    """A consultation as the two see it alone: with what the asker thought of it."""

    rating: int | None = Field(description="评分，1至5 / how the asker rates it, 1 to 5")
    remark: str | None = Field(description="评语 / what the asker says of it")


class ConsultationMessageView(BaseModel):
    """A question or an answer as all see it who see the consultation."""

    id: UUID = Field(description="标识 / key")
    consultation_id: UUID = Field(description="在线指导 / consultation")
    number: int = Field(description="序号，从1起 / which one, from 1")
    by_adviser: bool = Field(description="是否指导教师所写 / whether the adviser wrote it")
    text: str = Field(description="内容 / what it says")
    written_at: datetime = Field(description="时间 / when it was written")


# What can be refused.


class ConsultationNotFound(NotFound):
    """There is no such consultation for the one who asks."""

    code = "consultation_not_found"
    zh = "未找到该在线指导。"
    en = "There is no such consultation."


class ConsultationMessageNotFound(NotFound):
    """There is no such message for the one who asks."""

    code = "consultation_message_not_found"
    zh = "未找到该条提问或答复。"
    en = "There is no such message."


# What may be asked.

_CONSULTATIONS, _MESSAGES, _TEACHERS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Consultation, ConsultationMessage, Teacher)
)
_ADVISERS = _TEACHERS.alias("adviser")
_IS_SHARED = _CONSULTATIONS.c.is_private.is_(False)


def is_own(teacher_ids: Any) -> ColumnElement[bool]:
    """The predicate 'one of these teachers asks or is asked'."""
    among = any_(teacher_ids)
    own: ColumnElement[bool] = or_(
        _CONSULTATIONS.c.teacher_id == among, _CONSULTATIONS.c.adviser_id == among
    )
    return own


def _shared_in(name: str) -> Callable[[Any], ColumnElement[bool]]:
    return lambda ids: and_(_CONSULTATIONS.c[name] == any_(ids), _IS_SHARED)


def is_shared_with(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'it is not private, and the asker is of one of these schools'."""
    return _shared_in("school_id")(addresses)


_PLACES: dict[str, Any] = {name: _shared_in(name) for name in PLACE} | {"teacher_id": is_own}
_PEOPLE = _CONSULTATIONS.join(_TEACHERS, _CONSULTATIONS.c.teacher_id == _TEACHERS.c.id).join(
    _ADVISERS, _CONSULTATIONS.c.adviser_id == _ADVISERS.c.id
)

CONSULTATIONS = Door(
    table=Consultation,
    view=ConsultationView,
    read=Permission.CONSULTATION_READ,
    missing=ConsultationNotFound,
    places=_PLACES,
    audience=is_shared_with,
    for_holders=True,
    computed={"name": _TEACHERS.c.name, "adviser_name": _ADVISERS.c.name},
    joined=_PEOPLE,
    filters={
        "teacher_id": _CONSULTATIONS.c.teacher_id,
        "adviser_id": _CONSULTATIONS.c.adviser_id,
        "state": _CONSULTATIONS.c.state,
        "subject": _CONSULTATIONS.c.subject,
    },
    sorts={"created": (), "due_on": (_CONSULTATIONS.c.due_on,)},
)
"""Consultations, seen by the two; those that are not private by the asker's school and above."""

OWN_CONSULTATIONS = replace(
    CONSULTATIONS,
    view=OwnConsultationView,
    filters={
        **CONSULTATIONS.filters,
        "party": lambda teacher_id: or_(
            _CONSULTATIONS.c.teacher_id == teacher_id, _CONSULTATIONS.c.adviser_id == teacher_id
        ),
    },
)  # fmt: skip
"""The same with what is between the two; it is listed by one of them alone."""

CONSULTATION_MESSAGES = Door(
    table=ConsultationMessage,
    view=ConsultationMessageView,
    read=Permission.CONSULTATION_READ,
    missing=ConsultationMessageNotFound,
    places=_PLACES,
    audience=is_shared_with,
    for_holders=True,
    joined=_MESSAGES.join(_CONSULTATIONS, _MESSAGES.c.consultation_id == _CONSULTATIONS.c.id),
    filters={"consultation_id": _MESSAGES.c.consultation_id},
    sorts={"number": (_MESSAGES.c.number,)},
)

_OF_ONE = replace(CONSULTATION_MESSAGES, audience=whoever)
"""Those of a consultation whose door was passed."""


async def get_consultation(db: Connection, actor: Actor, *, consultation_id: UUID) -> Row:
    """One consultation of the actor's own, or of the actor's school where it is not private."""
    return await CONSULTATIONS.get(db, actor, consultation_id)


async def list_consultations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    adviser_id: UUID | None = None,
    state: ConsultationState | None = None,
    subject: Subject | None = None,
    offered: bool = False,
) -> Page:
    """The consultations of the actor and those in the actor's place that are not private.

    With `offered` those that teachers of the actor's school share with it.
    """
    filters = {
        "teacher_id": teacher_id, "adviser_id": adviser_id, "state": state, "subject": subject,
    }  # fmt: skip
    return await CONSULTATIONS.page(db, actor, page, filters=filters, published=offered)


async def list_own_consultations(
    db: Connection, actor: Actor, *, page: PageRequest, state: ConsultationState | None = None
) -> Page:
    """The consultations in which the actor asks or is asked, with how they were rated."""
    actor.require(Permission.RECORD_OWN, {"teacher_id": actor.teacher_id})
    filters = {"state": state, "party": actor.teacher_id}
    return await OWN_CONSULTATIONS.page(db, actor, page, filters=filters)


async def list_consultation_messages(
    db: Connection, actor: Actor, *, consultation_id: UUID, page: PageRequest
) -> Page:
    """The questions and answers of a consultation that the actor may see, in their order."""
    await CONSULTATIONS.get(db, actor, consultation_id)
    filters = {"consultation_id": consultation_id}
    return await _OF_ONE.page(db, actor, page, filters=filters, published=True)


async def consultation_messages_of(
    db: Connection,
    actor: Actor,
    *,
    consultation_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The questions and answers of many consultations of the actor, or in the actor's place."""
    owner = _MESSAGES.c.consultation_id
    return await CONSULTATION_MESSAGES.pages_of(
        db, actor, owner, consultation_ids, page, columns=columns
    )
