"""Following a problem to its end: asked for, proved, and closed or returned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.quality.rectifications.rectification import (
    RECTIFICATIONS,
    Rectification,
    RectificationFields,
    RectificationState,
)
from app.domain.quality.unit_evaluations import (
    EvaluationAnsweredElsewhere,
    EvaluationState,
)
from app.domain.quality.unit_evaluations.evaluation import check_standing, hold_as_bureau
from app.domain.quality.unit_evaluations.values import asked_of
from app.domain.quality.unit_evaluations.verifying import check_evaluates
from app.domain.training.files import FILES
from app.sql import Connection, Row, new_id


class NewRectification(RectificationFields, Command):
    """A problem that was found, with what is asked for and by when."""


class RectificationProof(Command):
    """What was done, and what proves it."""

    proof: str = Field(min_length=1, max_length=5000, description="整改情况 / what was done")
    file_id: UUID | None = Field(default=None, description="证明材料 / file that proves it")


class RectificationConclusion(Command):
    """Whether what was done is enough."""

    accepted: bool = Field(description="是否同意销号 / whether it is closed, or else returned")
    conclusion: str = Field(min_length=1, max_length=2000, description="复核意见 / what is said")


class RectificationWithdrawal(Command):
    """Why a problem is no longer to be put right."""

    reason: str = Field(min_length=2, max_length=2000, description="撤回理由 / why")


# What can be refused.


class RectificationWrongState(Conflict):
    """What is to be done belongs to another moment of the rectification."""

    code = "rectification_wrong_state"
    zh = "整改事项当前状态为“{state}”，不能执行此操作。"
    en = "The rectification is '{state}': this cannot be done with it now."


class RectificationDuePast(Invalid):
    """Whoever is asked has time to put it right."""

    code = "rectification_due_past"
    zh = "整改期限不能早于今天。"
    en = "The last day for putting it right has passed already."


# What may be done.

_OF_RESULT = (EvaluationState.PUBLISHED, EvaluationState.APPEALED, EvaluationState.SETTLED)


async def ask_rectification(
    db: Connection, actor: Actor, *, evaluation_id: UUID, new: NewRectification, now: datetime
) -> Row:
    """Ask a unit to put right by a day what its evaluation found; once the result is published."""
    evaluation = await hold_as_bureau(db, actor, evaluation_id=evaluation_id, states=_OF_RESULT)
    await _check_evaluates(db, actor, evaluation["unit_id"], evaluation_id)
    if new.due_on < civil_date(now):
        raise RectificationDuePast
    rectification_id = new_id()
    row = {
        "id": rectification_id,
        **new.model_dump(),
        **{name: evaluation[name] for name in PLACE},
        "evaluation_id": evaluation_id,
        "by_unit_id": evaluation["by_unit_id"],
        "state": RectificationState.ASKED,
        "asked_at": now,
        "asked_by": actor.account_id,
    }
    await db.insert(Rectification, row)
    return await RECTIFICATIONS.get(db, actor, rectification_id)


async def _check_evaluates(
    db: Connection, actor: Actor, unit_id: UUID, evaluation_id: UUID
) -> None:
    """Refuse whoever belongs to the unit, or did within the period that was looked at."""
    asked = await asked_of(db, evaluation_id=evaluation_id)
    await check_evaluates(db, actor, unit_id=unit_id, since=asked["since"])


async def _hold(
    db: Connection, actor: Actor, rectification_id: UUID, permission: Permission
) -> Row:
    return await RECTIFICATIONS.get(db, actor, rectification_id, permission=permission, lock=True)


def _check_state(row: Row, *states: RectificationState) -> None:
    if row["state"] not in states:
        raise RectificationWrongState(state=row["state"])


async def prove_rectification(
    db: Connection,
    actor: Actor,
    *,
    rectification_id: UUID,
    said: RectificationProof,
    now: datetime,
) -> Row:
    """Say for the unit what was done; until the bureau has spoken, a later proof takes its place."""
    right = Permission.GUIDANCE_ANSWER
    row = await _hold(db, actor, rectification_id, right)
    if not speaks_for(actor, row["unit_id"], right):
        raise EvaluationAnsweredElsewhere
    _check_state(
        row, RectificationState.ASKED, RectificationState.PROVED, RectificationState.RETURNED
    )
    if said.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, said.file_id, lock=True)
    proved: dict[str, Any] = {
        **said.model_dump(),
        "state": RectificationState.PROVED,
        "proved_at": now,
        "proved_by": actor.account_id,
    }
    await db.change(Rectification, rectification_id, proved)
    return await RECTIFICATIONS.get(db, actor, rectification_id)


async def conclude_rectification(
    db: Connection,
    actor: Actor,
    *,
    rectification_id: UUID,
    conclusion: RectificationConclusion,
    now: datetime,
) -> Row:
    """Close a rectification for the bureau that asked for it, or return it to be gone on with."""
    row = await _hold(db, actor, rectification_id, Permission.GUIDANCE_EVALUATE)
    check_standing(actor, row)
    await _check_evaluates(db, actor, row["unit_id"], row["evaluation_id"])
    _check_state(row, RectificationState.PROVED)
    closed, returned = RectificationState.CLOSED, RectificationState.RETURNED
    concluded = {
        "state": closed if conclusion.accepted else returned,
        "conclusion": conclusion.conclusion,
        "concluded_at": now,
        "concluded_by": actor.account_id,
    }
    await db.change(Rectification, rectification_id, concluded)
    return await RECTIFICATIONS.get(db, actor, rectification_id)


async def withdraw_rectification(
    db: Connection,
    actor: Actor,
    *,
    rectification_id: UUID,
    withdrawal: RectificationWithdrawal,
    now: datetime,
) -> Row:
    """No longer ask for a rectification, with a reason: of a closed school, or asked by mistake.

    It is for the bureau that asked, and stays to be seen with all that was said until then.
    """
    row = await _hold(db, actor, rectification_id, Permission.GUIDANCE_EVALUATE)
    check_standing(actor, row)
    await _check_evaluates(db, actor, row["unit_id"], row["evaluation_id"])
    _check_state(
        row, RectificationState.ASKED, RectificationState.PROVED, RectificationState.RETURNED
    )
    withdrawn = {
        "state": RectificationState.WITHDRAWN,
        "withdrawn_because": withdrawal.reason,
        "withdrawn_at": now,
        "withdrawn_by": actor.account_id,
    }
    await db.change(Rectification, rectification_id, withdrawn)
    return await RECTIFICATIONS.get(db, actor, rectification_id)
