"""Steps of an application: who may take one, in which state, and what is kept of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.rules.calendar import birthday
from app.domain.errors import Conflict, Invalid
from app.domain.quality.demonstration_calls import DEMONSTRATION_CALLS, DemonstrationCall
from app.domain.quality.demonstrations.demonstration import DEMONSTRATIONS
from app.domain.quality.demonstrations.table import (
    Demonstration,
    DemonstrationAct,
    DemonstrationState,
    DemonstrationStep,
)
from app.domain.quality.unit_evaluations.evaluation import check_standing
from app.domain.quality.unit_evaluations.evaluators import check_not_own
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class DemonstrationWrongState(Conflict):
    """What is to be done belongs to another moment of the application."""

    code = "demonstration_wrong_state"
    zh = "申报当前状态为“{state}”，不能执行此操作。"
    en = "The application is '{state}': this cannot be done with it now."


class DemonstrationAnsweredElsewhere(Invalid):
    """A school applies for itself; nobody above it does."""

    code = "demonstration_answered_elsewhere"
    zh = "此操作只能由申报学校自己进行。"
    en = "Only the school itself does this."


class DemonstrationOfOtherBureau(Invalid):
    """A bureau gives its title to schools below it; to one that has come under another it gives none."""

    code = "demonstration_of_other_bureau"
    zh = "申报学校不属于（或已不再属于）命名的教育局。"
    en = "The school does not lie below the bureau that gives the title, or no longer does."


# What may be done.


def check_below(place: Mapping[str, Any], *, bureau_id: UUID) -> None:
    """Refuse a school at this place that does not lie below a bureau."""
    if bureau_id not in {place["county_id"], place["city_id"]}:
        raise DemonstrationOfOtherBureau


def check_gives(actor: Actor, row: Row) -> None:
    """Refuse whoever may not write in the register for the bureau that gave the title.

    Where the school lies by now is not asked: what a bureau has given is its own to take away.
    """
    place = {"city_id": row["city_id"], "county_id": row["by_unit_id"], "school_id": None}
    actor.require(Permission.UNIT_WRITE, place)


async def hold_as_school(
    db: Connection, actor: Actor, *, demonstration_id: UUID, states: Collection[DemonstrationState]
) -> Row:
    """An application for the school itself, held, if it is in one of these states."""
    right = Permission.GUIDANCE_ANSWER
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id, permission=right, lock=True)
    check_for_itself(actor, school_id=row["school_id"])
    check_state(row, states)
    return row


def check_for_itself(actor: Actor, *, school_id: UUID) -> None:
    """Refuse whoever does not speak for the school by a role over the school itself."""
    if not speaks_for(actor, school_id, Permission.GUIDANCE_ANSWER):
        raise DemonstrationAnsweredElsewhere


async def hold_as_bureau(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    states: Collection[DemonstrationState],
    now: datetime,
    bureau: str = "by_unit_id",
) -> Row:
    """An application for the bureau that gives the title, held, if it is in one of these states.

    Whoever belongs to the school, or did within the years that a condition may look at, is refused.
    `bureau` is the column with the bureau whose word it is, where that is another.
    """
    right = Permission.GUIDANCE_EVALUATE
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id, permission=right, lock=True)
    check_standing(actor, row, bureau=bureau)
    check_state(row, states)
    await check_disinterested(db, accounts=actor.accounts, school_id=row["school_id"], now=now)
    return row


def check_state(row: Row, states: Collection[DemonstrationState]) -> None:
    """Refuse what belongs to another moment."""
    if row["state"] not in states:
        raise DemonstrationWrongState(state=row["state"])


YEARS_APART = 5
"""Whoever belonged to a school within so many years does not judge it."""


async def check_disinterested(
    db: Connection, *, accounts: Collection[UUID], school_id: UUID, now: datetime
) -> None:
    """Refuse where one of these accounts belongs to the school, or did within five years."""
    since = birthday(civil_date(now), -YEARS_APART)
    await check_not_own(db, account_ids=accounts, unit_ids=[school_id], since=since)


_CALL = DEMONSTRATION_CALLS.select().where(
    col(DemonstrationCall.id) == bindparam("call_id", type_=Uuid)
)
_READ_CALL = Statement(_CALL)
_HOLD_CALL = Statement(_CALL.with_for_update())


async def call_of(db: Connection, *, row: Row, lock: bool = False) -> Row:
    """The call of an application whose door was passed: it goes by that, wherever its school lies today."""
    return await db.one(_HOLD_CALL if lock else _READ_CALL, call_id=row["call_id"]) or {}


_STEP = DemonstrationStep.__table__  # type: ignore[attr-defined]
_ACCOUNTS = bindparam("accounts", type_=ARRAY(Uuid))
_TOOK = Statement(
    select(
        exists().where(
            _STEP.c.demonstration_id == bindparam("demonstration_id", type_=Uuid),
            _STEP.c.act == bindparam("act", type_=_STEP.c.act.type),
            or_(_STEP.c.by == any_(_ACCOUNTS), _STEP.c.on_behalf_of == any_(_ACCOUNTS)),
        )
    )
)


async def took_step(
    db: Connection, actor: Actor, *, demonstration_id: UUID, act: DemonstrationAct
) -> bool:
    """Whether the one who asks has taken such a step of an application, or somebody for them."""
    asked = {"act": act, "accounts": list(actor.accounts)}
    return bool(await db.value(_TOOK, demonstration_id=demonstration_id, **asked))


async def take_step(
    db: Connection,
    actor: Actor,
    *,
    row: Row,
    act: DemonstrationAct,
    now: datetime,
    changes: Mapping[str, Any],
    opinion: str | None = None,
    findings: list[dict[str, Any]] | None = None,
) -> Row:
    """Change an application that is held, and keep who did what, when and why."""
    step = {
        "id": new_id(), "demonstration_id": row["id"], "act": act, "opinion": opinion,
        "findings": findings, "at": now, "by": actor.account_id,
        "on_behalf_of": actor.on_behalf_of,
    }  # fmt: skip
    await db.insert(DemonstrationStep, step)
    await db.change(Demonstration, row["id"], changes)
    return await DEMONSTRATIONS.get(db, actor, row["id"])
