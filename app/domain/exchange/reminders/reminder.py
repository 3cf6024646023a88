"""A reminder (催办): a superior has those told who are to do a piece of work that waits."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    select,
    union_all,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, civil_date, columns_of, key
from app.domain.errors import Conflict, NotFound
from app.domain.exchange.deliveries import DeliveryKind, queued
from app.domain.exchange.reminders.telling import holders_beside
from app.domain.exchange.tasks import WORKFLOWS, TaskKind, Waiting
from app.domain.exchange.tasks.waiting import held_places
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

MOST_SHOWN = 100
"""How many of one's own reminders are shown, the latest first."""


class ReminderFields(BaseModel):
    """Which work it is about: as the to-do list names it."""

    # No CHECK names the kinds: each workflow brings its own.
    kind: TaskKind = Field(description="待办类型 / what is to be done", sa_type=String(40))
    subject_id: UUID = Field(
        description="事项标识 / key of the plan, the correction, …", sa_type=Uuid
    )
    waits_at: UUID = Field(description="在何处待办 / the place where it waits", sa_type=Uuid)


class Reminder(ReminderFields, Table, table=True):
    """That somebody has reminded of a piece of work; once a day."""

    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "waits_at", "reminded_on"),
        Index(None, "reminded_by", "id"),
    )

    id: UUID = key()
    reminded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    reminded_on: date
    reminded_at: datetime = Field(sa_type=MOMENT)
    people: int


class ReminderView(ReminderFields):
    """A reminder as who made it sees it."""

    id: UUID = Field(description="标识 / key")
    reminded_at: datetime = Field(description="催办时间 / when")
    people: int = Field(description="已通知人数 / accounts that are told by a message")


class NewReminder(ReminderFields, Command):
    """The work of which those who are to do it are to be reminded."""


# What can be refused.


class TaskNotFound(NotFound):
    """Nothing of the kind waits there, or the place does not answer to the one who asks."""

    code = "task_not_found"
    zh = "未找到该待办，或其不由您的下级办理。"
    en = "No such work waits there, or not with those who answer to you."


class ReminderRepeated(Conflict):
    """Today somebody has reminded of it already."""

    code = "reminder_repeated"
    zh = "今天已催办过该事项。"
    en = "Today somebody has reminded of this already."


# What may be asked.

_OWN = Statement(
    select(*columns_of(Reminder, ReminderView))
    .where(col(Reminder.reminded_by) == bindparam("of_account", type_=Uuid))
    .order_by(col(Reminder.id).desc())
    .limit(MOST_SHOWN)
)


async def list_own_reminders(db: Connection, actor: Actor) -> list[Row]:
    """The latest reminders that the actor has made, the last first."""
    return await db.all(_OWN, of_account=actor.account_id)


def _of_kind(kind: TaskKind) -> list[Waiting]:
    return [each for each in WORKFLOWS if each.kind is kind and not each.personal]


_HELD = "held_above_"


def _named(waiting: Waiting) -> Any:
    """The work that is named, if it waits and its superior is among the places held."""
    rows = waiting.told().subquery("rows")
    held = bindparam(_HELD + waiting.permission.name.lower(), type_=ARRAY(Uuid))
    return (
        select(*rows.c)
        .where(
            rows.c.subject_id == bindparam("named_id", type_=Uuid),
            rows.c.waits_at == bindparam("named_place", type_=Uuid),
            rows.c.above == any_(held),
        )
        .subquery("named")
    )


@lru_cache(maxsize=64)
def _waits(kind: TaskKind) -> Statement | None:
    """Whether what is named waits."""
    parts = [select(_named(each).c.subject_id) for each in _of_kind(kind) if each.above is not None]
    return Statement(union_all(*parts)) if parts else None


@lru_cache(maxsize=64)
def _tell(kind: TaskKind) -> Statement:
    """The messages to those who are to do it."""
    parts = []
    for each in _of_kind(kind):
        if each.above is None:
            continue
        named = _named(each)
        parts.append(
            select(
                col(Account.id).label("account_id"),
                named.c.subject_id.label("subject_id"),
                bindparam("occasion", type_=Text).label("occasion"),
            ).select_from(holders_beside(each, named, named.c.waits_at))
        )
    told = select(union_all(*parts).subquery("all_told"))
    return Statement(queued(DeliveryKind.REMINDER, told))


# What may be done.


async def remind_of_task(db: Connection, actor: Actor, *, new: NewReminder, now: datetime) -> Row:
    """Have those told who are to do a piece of work that waits below the actor.

    For whoever holds the permission that the work needs over the place above: the county's bureau for
    a school, the school for one of its groups. Once a day, whoever it is.
    """
    places: dict[Permission, list[UUID]] = {
        each.permission: held_places(actor.scope(each.permission).values)
        for each in _of_kind(new.kind)
    }
    today = civil_date(now)
    given: dict[str, Any] = {
        "now": now,
        "today": today,
        "named_id": new.subject_id,
        "named_place": new.waits_at,
        "occasion": f"{new.kind.value} {today}",
        **{_HELD + each.name.lower(): held for each, held in places.items()},
    }
    waits = _waits(new.kind)
    if waits is None or not await db.all(waits, **waits.chosen(given)):
        raise TaskNotFound
    tell = _tell(new.kind)
    people = await db.run(tell, **tell.chosen(given))
    row = {
        "id": new_id(),
        **new.model_dump(),
        "reminded_by": actor.account_id,
        "reminded_on": today,
        "reminded_at": now,
        "people": people,
    }
    try:
        await db.insert(Reminder, row)
    except UniqueViolationError:
        raise ReminderRepeated from None
    return {name: row[name] for name in ReminderView.model_fields}
