"""Appearances (授课、讲座、示范 …): what a trainer has carried, as the staff of activities says.

Nobody enters them here: whoever is named at an activity, by the key of a teacher or by the name and unit of
an outside expert, appears. What was never published, and what was cancelled, is none.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.trainers import KEPT, TRAINER_PLACES, Trainer
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.staff import ActivityStaff
from app.domain.training.vocabulary import StaffRole
from app.sql import Connection


class TrainerAppearanceView(BaseModel):
    """What a trainer carried, when, and for how many hours."""

    id: UUID = Field(description="标识（活动承担者） / key: that of the staff of the activity")
    trainer_id: UUID = Field(description="导师 / trainer")
    activity_id: UUID = Field(description="活动 / activity")
    session_id: UUID | None = Field(description="场次，整个活动时为空 / session; null: the whole")
    role: StaffRole = Field(description="任务 / as what")
    title: str = Field(description="活动名称 / title of the activity")
    starts_on: date = Field(description="开始日期 / its first day")
    state: ActivityState = Field(description="活动状态 / its state")
    hours: Decimal = Field(
        description="学时：场次或整个活动 / hours of the session, or of the whole"
    )


# What can be refused.


class TrainerAppearanceNotFound(NotFound):
    """The trainer has carried no such thing."""

    code = "trainer_appearance_not_found"
    zh = "未找到该导师的此次授课。"
    en = "The trainer has not appeared so."


# What may be asked.

_TAKES_PLACE = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
_STAFF, _ACTIVITIES, _SESSIONS, _TRAINERS = (
    each.__table__  # type: ignore[union-attr]
    for each in (ActivityStaff, Activity, ActivitySession, Trainer)
)


def is_carried_by(trainer: Any) -> ColumnElement[bool]:
    """The predicate 'this row of staff is of that trainer': by key, or by name and unit."""
    return or_(
        _STAFF.c.teacher_id == trainer.teacher_id,
        and_(
            _STAFF.c.outside_name == trainer.outside_name,
            _STAFF.c.outside_unit == trainer.outside_unit,
        ),
    )


def takes_place(trainer: Any) -> ColumnElement[bool]:
    """The predicate 'this activity was published in the city of that trainer, and not cancelled'."""
    return and_(
        _ACTIVITIES.c.city_id == trainer.city_id,
        or_(*(_ACTIVITIES.c.state == state for state in _TAKES_PLACE)),
    )


def _while_kept(trainer: Any) -> ColumnElement[bool]:
    """The predicate 'that trainer accepted, and had not left': a library follows nobody beyond that."""
    left = trainer.left_on
    return and_(
        trainer.entered_on.is_not(None), or_(left.is_(None), _ACTIVITIES.c.starts_on < left)
    )


HOURS = func.coalesce(_SESSIONS.c.hours, _ACTIVITIES.c.hours)
"""The hours of the session that somebody carries, else of the whole activity."""

CARRIED = (
    _STAFF.join(_ACTIVITIES, _STAFF.c.activity_id == _ACTIVITIES.c.id)
    .outerjoin(_SESSIONS, _STAFF.c.session_id == _SESSIONS.c.id)
)  # fmt: skip
"""What anybody carries, with its activity and session."""

APPEARANCES = Door(
    table=ActivityStaff,
    view=TrainerAppearanceView,
    read=Permission.TRAINER_READ,
    missing=TrainerAppearanceNotFound,
    places=TRAINER_PLACES,
    computed={
        "trainer_id": _TRAINERS.c.id,
        "hours": HOURS,
        **{name: _ACTIVITIES.c[name] for name in ("title", "starts_on", "state")},
    },
    joined=CARRIED.join(
        _TRAINERS,
        and_(is_carried_by(_TRAINERS.c), takes_place(_TRAINERS.c), _while_kept(_TRAINERS.c)),
    ),
    filters={
        "trainer_id": col(Trainer.id),
        "since": lambda day: _ACTIVITIES.c.starts_on >= bindparam(day.key, type_=Date),
        "until": lambda day: _ACTIVITIES.c.starts_on <= bindparam(day.key, type_=Date),
    },
    sorts={"starts_on": (_ACTIVITIES.c.starts_on,), "created": ()},
)
"""Rows of staff as they belong to the trainer; one row appears once for each library the person is in."""


async def list_trainer_appearances(
    db: Connection,
    actor: Actor,
    *,
    trainer_id: UUID,
    page: PageRequest,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """What a trainer of the actor's place, or oneself, has carried or is to carry, by first day.

    Of who has not accepted nothing, and of who has left what began before.
    """
    await KEPT.get(db, actor, trainer_id)
    filters = {"trainer_id": trainer_id, "since": since, "until": until}
    return await APPEARANCES.page(db, actor, page, filters=filters)
