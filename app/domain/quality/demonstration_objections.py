"""Objections (异议) to schools that are published for a title: raised by name, decided with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Uuid, any_, bindparam, exists, or_, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Teacher
from app.domain.quality.demonstrations import (
    PUBLISHED_DEMONSTRATIONS,
    Demonstration,
    DemonstrationAct,
    DemonstrationNotFound,
    DemonstrationObjection,
    DemonstrationState,
    hold_as_bureau,
    take_step,
    took_step,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class DemonstrationObjectionView(BaseModel):
    """An objection as the bureau sees it, and who raised it."""

    id: UUID = Field(description="标识 / key")
    demonstration_id: UUID = Field(description="公示中的申报 / published application")
    unit_name: str = Field(description="学校名称 / name of the school")
    by: str = Field(description="异议人 / who objects")
    reason: str = Field(description="异议理由 / why")
    raised_at: datetime = Field(description="提出时间 / when")
    upheld: bool | None = Field(description="是否成立，未处理时为空 / whether it was upheld")
    answer: str | None = Field(description="处理意见 / what was answered")
    decided_at: datetime | None = Field(description="处理时间 / when it was decided")


class NewDemonstrationObjection(Command):
    """An objection; it is raised under one's own name."""

    reason: str = Field(min_length=2, max_length=2000, description="异议理由 / why")


class DemonstrationObjectionDecision(Command):
    """What is decided on an objection."""

    upheld: bool = Field(
        description="异议是否成立 / whether it is upheld: the application is then rejected"
    )
    answer: str = Field(min_length=2, max_length=2000, description="处理意见 / why")


# What can be refused.


class DemonstrationObjectionNotFound(NotFound):
    """There is no such objection for the one who asks."""

    code = "demonstration_objection_not_found"
    zh = "未找到该异议。"
    en = "There is no such objection to a school."


class DemonstrationObjectionRaised(Conflict):
    """One objects once."""

    code = "demonstration_objection_raised"
    zh = "您已对该校提出异议。"
    en = "You have objected to this school already."


class DemonstrationObjectionDecided(Conflict):
    """It was decided before."""

    code = "demonstration_objection_decided"
    zh = "该异议已处理。"
    en = "This objection was decided already."


class DemonstrationObjectionOfOneself(Conflict):
    """Nobody decides on their own objection."""

    code = "demonstration_objection_of_oneself"
    zh = "不能处理本人提出的异议。"
    en = "Nobody decides on their own objection."


class DemonstrationObjectionDecidedByPublisher(Conflict):
    """Whoever published the school does not decide on the objections to that."""

    code = "demonstration_objection_decided_by_publisher"
    zh = "决定公示的人员不得处理对该公示的异议。"
    en = "Whoever published the school does not decide on the objections to it."


# What may be asked.

_ASKER = Account.__table__.alias("asker")  # type: ignore[attr-defined]
_TEACHER = Teacher.__table__  # type: ignore[attr-defined]


def _is_of_ones_school(accounts: Any) -> ColumnElement[bool]:
    """The predicate 'the school is that of one who asks': who objects to it they do not learn."""
    school_id = col(Demonstration.school_id)
    whose = _ASKER.outerjoin(_TEACHER, _ASKER.c.teacher_id == _TEACHER.c.id)
    return exists(
        select(_ASKER.c.id)
        .select_from(whose)
        .where(
            _ASKER.c.id == any_(accounts),
            or_(_ASKER.c.school_id == school_id, _TEACHER.c.school_id == school_id),
        )
    )


_joined = (
    DemonstrationObjection.__table__.join(  # type: ignore[attr-defined]
        Demonstration.__table__,  # type: ignore[attr-defined]
        col(DemonstrationObjection.demonstration_id) == col(Demonstration.id),
    )
    .join(Unit.__table__, col(Demonstration.school_id) == col(Unit.id))  # type: ignore[attr-defined]
    .join(Account.__table__, col(DemonstrationObjection.raised_by) == col(Account.id))  # type: ignore[attr-defined]
)
DEMONSTRATION_OBJECTIONS = Door(
    table=DemonstrationObjection,
    view=DemonstrationObjectionView,
    read=Permission.GUIDANCE_EVALUATE,
    missing=DemonstrationObjectionNotFound,
    # The school does not learn who objects, nor does its county where the city gives the title.
    places={"city_id": col(Demonstration.city_id), "county_id": col(Demonstration.by_unit_id)},
    computed={"unit_name": col(Unit.name), "by": col(Account.display_name)},
    joined=_joined,
    filters={
        "demonstration_id": col(DemonstrationObjection.demonstration_id),
        "open": lambda given: col(DemonstrationObjection.decided_at).is_(None) == given,
    },
    sorts={"raised": ()},
    withheld=_is_of_ones_school,
)
"""Objections, for the bureau that gives the title; kept from whoever is of the school, whatever their roles."""


async def list_demonstration_objections(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    demonstration_id: UUID | None = None,
    open: bool | None = None,
) -> Page:
    """The objections to what the actor's bureau has published, the first raised first."""
    filters = {"demonstration_id": demonstration_id, "open": open}
    return await DEMONSTRATION_OBJECTIONS.page(db, actor, page, filters=filters)


MOST_SHOWN = 100
_OWN = Statement(
    DEMONSTRATION_OBJECTIONS.select()
    .where(col(DemonstrationObjection.raised_by) == bindparam("account_id", type_=Uuid))
    .order_by(col(DemonstrationObjection.id).desc())
    .limit(MOST_SHOWN)
)
_ONE = Statement(
    DEMONSTRATION_OBJECTIONS.select().where(
        col(DemonstrationObjection.id) == bindparam("objection_id", type_=Uuid)
    )
)
_RAISED_BY = Statement(
    select(col(DemonstrationObjection.raised_by), col(DemonstrationObjection.decided_at))
    .where(col(DemonstrationObjection.id) == bindparam("objection_id", type_=Uuid))
    .with_for_update()
)


async def list_own_demonstration_objections(db: Connection, actor: Actor) -> list[Row]:
    """What the one who asks objected to and what was answered, the last first; a hundred at most."""
    actor.require_in_person()
    return await db.all(_OWN, account_id=actor.account_id)


# What may be done.


async def object_to_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    new: NewDemonstrationObjection,
    now: datetime,
) -> Row:
    """Object in person to a school that is published to the actor, within the days of its publication.

    The application is held meanwhile, so that no title is given past an objection that is just raised.
    """
    actor.require_in_person()
    shown = await PUBLISHED_DEMONSTRATIONS.get(db, actor, demonstration_id, lock=True)
    if shown["objections_until"] < civil_date(now):
        raise DemonstrationNotFound
    row = {
        "id": new_id(), "demonstration_id": demonstration_id, "reason": new.reason,
        "raised_at": now, "raised_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(DemonstrationObjection, row)
    except UniqueViolationError:
        raise DemonstrationObjectionRaised from None
    return await db.one(_ONE, objection_id=row["id"]) or {}


async def decide_demonstration_objection(
    db: Connection,
    actor: Actor,
    *,
    objection_id: UUID,
    decision: DemonstrationObjectionDecision,
    now: datetime,
) -> Row:
    """Decide on an objection: upheld, the application is rejected; else it goes on.

    Neither who raised it decides, nor who published the school.
    """
    objection = await DEMONSTRATION_OBJECTIONS.get(db, actor, objection_id)
    key = objection["demonstration_id"]
    row = await hold_as_bureau(
        db, actor, demonstration_id=key, states=tuple(DemonstrationState), now=now
    )
    raised = await db.one(_RAISED_BY, objection_id=objection_id) or {}
    if raised["raised_by"] in actor.accounts:
        raise DemonstrationObjectionOfOneself
    if await took_step(db, actor, demonstration_id=key, act=DemonstrationAct.PUBLISH):
        raise DemonstrationObjectionDecidedByPublisher
    if raised["decided_at"] is not None:
        raise DemonstrationObjectionDecided
    decided = {
        "upheld": decision.upheld, "answer": decision.answer, "decided_at": now,
        "decided_by": actor.account_id,
    }  # fmt: skip
    await db.change(DemonstrationObjection, objection_id, decided)
    if decision.upheld and row["state"] == DemonstrationState.PUBLISHED:
        rejected = {"state": DemonstrationState.REJECTED}
        await take_step(
            db, actor, row=row, act=DemonstrationAct.OBJECT, now=now, changes=rejected,
            opinion=decision.answer,
        )  # fmt: skip
    return await DEMONSTRATION_OBJECTIONS.get(db, actor, objection_id)
