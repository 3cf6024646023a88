"""Steps (环节) of an activity: how far it has come in what its form asks for.

Nothing is marked by hand: a session says which step it carries out, and a step is done once a session
of it has been held. The five stages of action research are followed this way, and any other form's.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT
from app.domain.training.activities import ACTIVITIES, ActivitySession, ActivityState
from app.domain.training.forms import get_form
from app.sql import Connection, Row, Statement


class StepView(BaseModel):
    """One step of an activity's form, and how far it has come."""

    code: str = Field(description="环节代码 / code")
    zh: str = Field(description="中文名称 / name in Chinese")
    en: str = Field(description="英文名称 / name in English")
    required: bool = Field(description="是否必需 / whether the form requires it")
    sessions: int = Field(description="安排场次数 / sessions that carry it out")
    held: int = Field(description="已举行场次数 / of them, those that have been held")
    is_done: bool = Field(description="是否已完成 / whether any has been held")
    first_held_at: datetime | None = Field(
        description="首次完成时间 / when the first of them ended; null until then"
    )


# What may be asked.

_ended = col(ActivitySession.ends_at) <= bindparam("now", type_=MOMENT)
_SESSIONS = Statement(
    select(
        col(ActivitySession.step),
        func.count().label("sessions"),
        func.count().filter(_ended).label("held"),
        func.min(col(ActivitySession.ends_at)).filter(_ended).label("first_held_at"),
    )
    .where(
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid),
        col(ActivitySession.step).is_not(None),
    )
    .group_by(col(ActivitySession.step))
)
_TAKES_PLACE = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
_NOT_HELD: dict[str, Any] = {"held": 0, "first_held_at": None}


async def list_steps(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> list[Row]:
    """The steps of an activity that the actor may see, in the form's order; none without a form.

    A session has been held once it is over, unless the activity is a draft or was cancelled.
    """
    activity = await ACTIVITIES.get(db, actor, activity_id)
    if activity["form_id"] is None:
        return []
    form = await get_form(db, actor, form_id=activity["form_id"])
    rows = await db.all(_SESSIONS, activity_id=activity_id, now=now)
    counted = {row.pop("step"): row for row in rows}
    if activity["state"] not in _TAKES_PLACE:
        counted = {step: row | _NOT_HELD for step, row in counted.items()}
    return [
        _step(step, counted.get(step["code"], {"sessions": 0} | _NOT_HELD))
        for step in form["steps"]
    ]


def _step(step: Row, counted: Row) -> Row:
    return {**step, **counted, "is_done": counted["held"] > 0}
