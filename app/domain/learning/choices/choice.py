"""A choice (选课): what a teacher chose in a round, what became of it, and how sought after each is.

It belongs to the teacher, and whoever organises the round reads it there in a narrow view.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, any_, bindparam, case, func, literal, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import columns_of
from app.domain.errors import NotFound
from app.domain.learning.choice_rounds import CHOICE_ROUNDS, ChoiceOffering, ChoiceRound
from app.domain.learning.choices.table import Choice, DeclineGround
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import ACTIVITIES, Activity
from app.domain.training.enrolments import HAS_PLACE, WAITS, Enrolment
from app.sql import Connection, Row, Statement


class ChoiceState(StrEnum):
    """What became of a choice (状态)."""

    CHOSEN = "chosen"
    """待定"""
    ENROLLED = "enrolled"
    """已录取"""
    WAITING = "waiting"
    """候补中"""
    DECLINED = "declined"
    """未录取"""
    WITHDRAWN = "withdrawn"
    """已退选"""


class ChoiceView(BaseModel):
    """A choice as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    round_id: UUID = Field(description="选课轮次 / round")
    activity_id: UUID = Field(description="活动（班） / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    preference: int = Field(description="志愿序，从 1 起 / preference, 1 is the first")
    state: ChoiceState = Field(description="状态 / what became of it")
    chosen_at: datetime = Field(description="选报时间 / when it was chosen")
    ground: DeclineGround | None = Field(description="未录取原因 / why it led to no place")
    reason: str | None = Field(
        description="组织者的理由 / the organiser's reason, where one decided"
    )


class MadeChoiceView(ChoiceView):
    """The same as the round's organiser sees it, who knows of a teacher the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class ChoiceOfferingView(BaseModel):
    """Something that can be chosen in a round, and how sought after it is."""

    activity_id: UUID = Field(description="活动（班） / activity: a class of a course, or another")
    title: str = Field(description="名称 / title")
    capacity: int | None = Field(description="名额，不限时为空 / places; null: no limit")
    taken: int = Field(description="已录取人数 / how many have a place")
    waiting: int = Field(description="候补人数 / how many wait for one")
    choices: int = Field(description="选报人数，不含已退选 / who chose it and did not withdraw")
    required_course_ids: list[UUID] = Field(
        description="先修课程 / courses that one has attended before"
    )
    required_strata: list[Stratum] = Field(
        description="限定类别，空为不限 / strata to one of which one belongs; empty: no matter"
    )


# What can be refused.


class ChoiceNotFound(NotFound):
    """There is no such choice for the one who asks."""

    code = "choice_not_found"
    zh = "未找到该选报记录。"
    en = "There is no such choice."


# What may be asked.

STANDS = col(Choice.withdrawn_at).is_(None)
"""The predicate 'this choice was not withdrawn'."""
UNDECIDED = STANDS & col(Choice.accepted_at).is_(None) & col(Choice.declined_at).is_(None)
"""The predicate 'nobody has decided about this choice'."""
_enrolment = (col(Enrolment.activity_id) == col(Choice.activity_id)) & (
    col(Enrolment.teacher_id) == col(Choice.teacher_id)
)
_COMPUTED = {
    "state": case(
        (~STANDS, literal(ChoiceState.WITHDRAWN.value)),
        (col(Choice.declined_at).is_not(None), literal(ChoiceState.DECLINED.value)),
        (col(Choice.accepted_at).is_(None), literal(ChoiceState.CHOSEN.value)),
        (HAS_PLACE, literal(ChoiceState.ENROLLED.value)),
        (WAITS, literal(ChoiceState.WAITING.value)),
        else_=literal(ChoiceState.WITHDRAWN.value),
    )
}
_choices, _enrolments, _rounds, _teachers, _units = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (Choice, Enrolment, ChoiceRound, Teacher, Unit)
)
_with_enrolment = _choices.outerjoin(_enrolments, _enrolment)

CHOICES = Door(
    table=Choice,
    view=ChoiceView,
    read=Permission.ATTENDANCE_READ,
    missing=ChoiceNotFound,
    places={"teacher_id": col(Choice.teacher_id)},
    computed=_COMPUTED,
    joined=_with_enrolment,
    filters={"teacher_id": col(Choice.teacher_id), "round_id": col(Choice.round_id)},
    sorts={"created": ()},
)
"""Choices as they belong to the teacher."""

MADE_CHOICES = Door(
    table=Choice,
    view=MadeChoiceView,
    read=Permission.ATTENDANCE_READ,
    missing=ChoiceNotFound,
    places={name: _rounds.c[name] for name in PLACE},
    computed={**_COMPUTED, "name": col(Teacher.name), "school": col(Unit.name)},
    joined=_with_enrolment.join(_rounds, (_rounds.c.id == _choices.c.round_id) & STANDS)
    .join(
        _teachers,
        (_teachers.c.id == _choices.c.teacher_id) & _teachers.c.merged_into_id.is_(None),
    )
    .join(_units, _units.c.id == _choices.c.school_id),
    filters={
        "round_id": col(Choice.round_id),
        "activity_id": col(Choice.activity_id),
    },
    sorts={"created": (), "name": (col(Teacher.name),)},
)
"""Choices that stand as they belong to whoever holds the round."""


async def list_choices(
    db: Connection,
    actor: Actor,
    *,
    round_id: UUID,
    page: PageRequest,
    activity_id: UUID | None = None,
) -> Page:
    """Who chose what in a round that the actor holds, in the order of choosing; withdrawn ones not."""
    await CHOICE_ROUNDS.get(db, actor, round_id, permission=Permission.ATTENDANCE_READ)
    filters = {"round_id": round_id, "activity_id": activity_id}
    return await MADE_CHOICES.page(db, actor, page, filters=filters)


async def list_teacher_choices(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    page: PageRequest,
    round_id: UUID | None = None,
) -> Page:
    """The choices of one teacher whom the actor may see, withdrawn ones included."""
    await TEACHERS.get(db, actor, teacher_id)
    filters = {"teacher_id": teacher_id, "round_id": round_id}
    return await CHOICES.page(db, actor, page, filters=filters)


CHOICES_OF = Statement(
    select(*columns_of(Choice, ChoiceView, **_COMPUTED))
    .select_from(_with_enrolment)
    .where(col(Choice.id) == any_(bindparam("choice_ids", type_=ARRAY(Uuid))))
    .order_by(col(Choice.id))
)
"""Choices by their keys, whose door the caller has passed."""


def _counted(table: type[Enrolment] | type[Choice], condition: Any) -> Any:
    counted = select(func.count()).select_from(table)
    return (
        counted.where(col(table.activity_id) == col(Activity.id), condition)
        .correlate(Activity, ChoiceOffering)
        .scalar_subquery()
    )


_OFFERINGS = Statement(
    select(
        col(Activity.id).label("activity_id"),
        col(Activity.title),
        col(Activity.capacity),
        _counted(Enrolment, HAS_PLACE).label("taken"),
        _counted(Enrolment, WAITS).label("waiting"),
        _counted(Choice, STANDS & (col(Choice.round_id) == col(ChoiceOffering.round_id))).label(
            "choices"
        ),
        col(ChoiceOffering.required_course_ids),
        col(ChoiceOffering.required_strata),
    )
    .join(ChoiceOffering, col(ChoiceOffering.activity_id) == col(Activity.id))
    .where(col(ChoiceOffering.round_id) == bindparam("round_id", type_=Uuid))
    .order_by(col(Activity.starts_on), col(Activity.id))
)


async def list_choice_offerings(db: Connection, actor: Actor, *, round_id: UUID) -> list[Row]:
    """What the actor sees of what can be chosen in a round, by first day, with what is taken of each."""
    await CHOICE_ROUNDS.get(db, actor, round_id)
    offered = await db.all(_OFFERINGS, round_id=round_id)
    seen = await ACTIVITIES.by_id(
        db, actor, [row["activity_id"] for row in offered], columns=frozenset({"id"})
    )
    return [row for row in offered if seen[row["activity_id"]] is not None]
