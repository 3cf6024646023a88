"""Hires (外聘专家): what was agreed with somebody for a lecture or a visit, at which fee, from which funds.

The fee and the line of funds are as the unit's own books call them (S0-v3 four 3); nothing is paid here.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Command, Table, civil_date, key
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.learning.trainers import (
    PERSON,
    TRAINER_PLACES,
    TRAINERS,
    WITH_PERSON,
    Trainer,
    TrainerGone,
    TrainerState,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName
from app.domain.training.activities import get_activity
from app.sql import Connection, Row, UniqueViolationError, new_id


class TrainerHireFields(BaseModel):
    """What somebody is hired for, when, and at which cost to whom."""

    activity_id: UUID | None = Field(
        default=None,
        description="所属研修活动 / activity for which they are hired, if it is one",
        foreign_key="activity.id",
        sa_type=Uuid,
    )
    topic: str = Field(min_length=2, max_length=200, description="授课或讲座题目 / topic")
    held_on: date = Field(description="授课日期 / day")
    fee: Decimal = Field(
        ge=0, max_digits=8, decimal_places=2, description="酬金（元） / fee in yuan", sa_type=AMOUNT
    )
    funds_line: str = Field(
        min_length=2, max_length=100, description="经费来源科目 / line of funds that pays it"
    )


class TrainerHire(TrainerHireFields, Table, table=True):
    """What was agreed, said once; its place is its trainer's."""

    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee"),
        Index(
            "uq_trainer_hire_once", "trainer_id", "held_on", "topic", unique=True,
        ),
        Index(None, "trainer_id", "id"),
        Index(None, "activity_id"),
    )  # fmt: skip

    id: UUID = key()
    trainer_id: UUID = Field(foreign_key="trainer.id", sa_type=Uuid)
    agreed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    agreed_at: datetime = Field(sa_type=MOMENT)


class TrainerHireView(TrainerHireFields):
    """A hire as the trainer sees it, and those who keep the library."""

    id: UUID = Field(description="标识 / key")
    trainer_id: UUID = Field(description="导师 / trainer")
    name: PersonName = Field(description="导师姓名 / name of the trainer")
    agreed_at: datetime = Field(description="登记时间 / when it was recorded")


class NewTrainerHire(TrainerHireFields, Command):
    """Somebody to be hired."""


# What can be refused.


class TrainerHireNotFound(NotFound):
    """There is no such hire for the one who asks."""

    code = "trainer_hire_not_found"
    zh = "未找到该聘请记录。"
    en = "There is no such hire."


class TrainerHired(Conflict):
    """The same topic is hired once for a day."""

    code = "trainer_hired"
    zh = "该导师当日同一题目的聘请已登记。"
    en = "This topic of the trainer on that day was recorded already."


class TrainerHireDayUnfit(Invalid):
    """A hire is agreed for a day about which somebody still knows: of the last year, or of the next."""

    code = "trainer_hire_day_unfit"
    zh = "授课日期 {held_on} 不在登记范围内：只能登记前后一年之内的聘请。"
    en = "A hire is recorded within a year of its day, before or after; {held_on} is not."


class TrainerHiresOneself(Conflict):
    """Nobody agrees on a fee with themselves."""

    code = "trainer_hires_oneself"
    zh = "不能为本人登记酬金。"
    en = "Nobody agrees on a fee with themselves."


# What may be asked.

_HIRES = TrainerHire.__table__  # type: ignore[attr-defined]

TRAINER_HIRES = Door(
    table=TrainerHire,
    view=TrainerHireView,
    read=Permission.TRAINER_HIRE_READ,
    missing=TrainerHireNotFound,
    places=TRAINER_PLACES,
    computed={"name": PERSON["name"]},
    joined=_HIRES.join(WITH_PERSON, _HIRES.c.trainer_id == col(Trainer.id)),
    filters={
        "trainer_id": _HIRES.c.trainer_id,
        "funds_line": _HIRES.c.funds_line,
        "since": lambda day: _HIRES.c.held_on >= day,
        "until": lambda day: _HIRES.c.held_on <= day,
    },
    sorts={"held_on": (_HIRES.c.held_on,), "created": ()},
)
"""What somebody was paid is not published with the library: those who keep it see it, auditors, and the person;
an interface account, which reads libraries, does not."""


async def get_trainer_hire(db: Connection, actor: Actor, *, hire_id: UUID) -> Row:
    """One hire: of oneself, or of a trainer in the actor's place."""
    return await TRAINER_HIRES.get(db, actor, hire_id)


async def list_trainer_hires(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    trainer_id: UUID | None = None,
    funds_line: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The hires of oneself and of the trainers in the actor's place, by day, both days included."""
    filters = {"trainer_id": trainer_id, "funds_line": funds_line, "since": since, "until": until}
    return await TRAINER_HIRES.page(db, actor, page, filters=filters)


# What may be done.

HIRED_WITHIN = timedelta(days=366)
"""How far the day of a hire may be from the day on which it is recorded."""


async def hire_trainer(
    db: Connection, actor: Actor, *, trainer_id: UUID, new: NewTrainerHire, now: datetime
) -> Row:
    """Record for what, at which fee and from which funds a trainer of the actor's place is hired."""
    trainer = await TRAINERS.get(db, actor, trainer_id, permission=Permission.TRAINER_WRITE)
    if await is_oneself(db, actor, teacher_ids=[trainer["teacher_id"]]):
        raise TrainerHiresOneself
    if trainer["state"] != TrainerState.ACCEPTED:
        raise TrainerGone
    if abs(new.held_on - civil_date(now)) > HIRED_WITHIN:
        raise TrainerHireDayUnfit(held_on=new.held_on.isoformat())
    if new.activity_id is not None:
        await get_activity(db, actor, activity_id=new.activity_id)
    row = {
        "id": new_id(), "trainer_id": trainer_id, **new.model_dump(),
        "agreed_by": actor.account_id, "agreed_at": now,
    }  # fmt: skip
    try:
        await db.insert(TrainerHire, row)
    except UniqueViolationError:
        raise TrainerHired from None
    return await TRAINER_HIRES.get(db, actor, row["id"])
