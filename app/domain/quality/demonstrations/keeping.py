"""What becomes of a title: evaluated again before its term ends, withdrawn with a reason, appealed for."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.access.actors import Actor
from app.domain.base import Command, civil_date
from app.domain.credits.rules.calendar import birthday
from app.domain.errors import Conflict
from app.domain.organisation.designations import end_given_designation, extend_designation
from app.domain.organisation.facts import FactEnded
from app.domain.quality.demonstrations.conditions import check_findings
from app.domain.quality.demonstrations.deciding import give_title_again
from app.domain.quality.demonstrations.steps import (
    call_of,
    check_below,
    check_gives,
    hold_as_bureau,
    hold_as_school,
    take_step,
    took_step,
)
from app.domain.quality.demonstrations.table import (
    DemonstrationAct,
    DemonstrationState,
)
from app.sql import Connection, Row

REEVALUATED_AHEAD = timedelta(days=180)
"""How long before the end of its term a title is evaluated again."""


class DemonstrationReevaluation(Command):
    """What the bureau says of a title whose term is about to end."""

    passed: bool = Field(description="复评是否通过 / whether the school keeps the title")
    opinion: str = Field(min_length=2, max_length=2000, description="复评意见 / why")


class DemonstrationWithdrawal(Command):
    """Why a title is taken from a school before its term ends."""

    reason: str = Field(min_length=2, max_length=2000, description="撤销理由 / why")


class DemonstrationAppeal(Command):
    """Why the school does not agree."""

    appeal: str = Field(min_length=2, max_length=2000, description="申诉理由 / why")


class DemonstrationAppealDecision(Command):
    """What is answered to the school."""

    reinstated: bool = Field(description="是否恢复命名 / whether the school bears the title again")
    reply: str = Field(min_length=2, max_length=2000, description="申诉答复 / why")


# What can be refused.


class DemonstrationNotDue(Conflict):
    """A title is evaluated again in the last half year of its term."""

    code = "demonstration_not_due"
    zh = "复评自 {day} 起进行。"
    en = "It is evaluated again from {day} on."


class DemonstrationTermOver(Conflict):
    """What has ended is not extended, and not taken away: the school applies anew."""

    code = "demonstration_term_over"
    zh = "命名已于 {day} 期满，须重新申报。"
    en = "The title ended on {day}: the school applies anew."


class DemonstrationAppealTooLate(Conflict):
    """An appeal is made within the days that the call gives."""

    code = "demonstration_appeal_too_late"
    zh = "申诉期限已于 {day} 届满。"
    en = "The last day for an appeal was {day}."


class DemonstrationAppealDecidedByWithdrawer(Conflict):
    """Whoever withdrew a title does not decide on the appeal."""

    code = "demonstration_appeal_decided_by_withdrawer"
    zh = "撤销命名的人员不得处理对该决定的申诉。"
    en = "Whoever withdrew the title does not decide on the appeal against that."


# What may be done.


async def reevaluate_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    said: DemonstrationReevaluation,
    now: datetime,
) -> Row:
    """Evaluate a title again: passed, its conditions being satisfied today, it lasts for another term.

    Not passed, the school bears it until its term ends and no longer.
    """
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.AWARDED,), now=now
    )
    today, ends = civil_date(now), row["valid_to"]
    if today < ends - REEVALUATED_AHEAD:
        raise DemonstrationNotDue(day=(ends - REEVALUATED_AHEAD).isoformat())
    if not said.passed:
        ended = {"state": DemonstrationState.ENDED}
        return await take_step(
            db, actor, row=row, act=DemonstrationAct.NOT_RENEW, now=now, changes=ended,
            opinion=said.opinion,
        )  # fmt: skip
    if today >= ends:
        raise DemonstrationTermOver(day=ends.isoformat())
    check_below(row, bureau_id=row["by_unit_id"])
    call = await call_of(db, row=row)
    findings = await check_findings(
        db, conditions=call["conditions"], school_id=row["school_id"], on=today
    )
    longer = birthday(ends, call["term_years"])
    designation = await extend_designation(
        db, actor, designation_id=row["designation_id"], valid_to=longer, now=now
    )
    changes = {"valid_to": longer, "designation_id": designation["id"]}
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.RENEW, now=now, changes=changes,
        opinion=said.opinion, findings=findings,
    )  # fmt: skip


async def withdraw_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    said: DemonstrationWithdrawal,
    now: datetime,
) -> Row:
    """Withdraw a title with a reason: its designation ends today, and the school may appeal.

    Who gave it withdraws it (谁命名、谁撤销), wherever the school lies by now; so does the city.
    """
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id,
        states=(DemonstrationState.AWARDED, DemonstrationState.ENDED), now=now,
    )  # fmt: skip
    if civil_date(now) >= row["valid_to"]:
        raise DemonstrationTermOver(day=row["valid_to"].isoformat())
    check_gives(actor, row)
    with suppress(FactEnded):  # Ended in the register of units before: nothing is left to end.
        await end_given_designation(db, designation_id=row["designation_id"], now=now)
    changes: dict[str, Any] = {
        "state": DemonstrationState.WITHDRAWN, "withdrawn_at": now,
        "withdrawn_by": actor.account_id,
    }  # fmt: skip
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.WITHDRAW, now=now, changes=changes,
        opinion=said.reason,
    )  # fmt: skip


async def appeal_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    said: DemonstrationAppeal,
    now: datetime,
) -> Row:
    """Appeal for the school against the withdrawal of its title, within the days that the call gives."""
    row = await hold_as_school(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.WITHDRAWN,)
    )
    call = await call_of(db, row=row)
    last = civil_date(row["withdrawn_at"]) + timedelta(days=call["appeal_days"])
    if civil_date(now) > last:
        raise DemonstrationAppealTooLate(day=last.isoformat())
    appealed = {"state": DemonstrationState.APPEALED}
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.APPEAL, now=now, changes=appealed,
        opinion=said.appeal,
    )  # fmt: skip


async def decide_demonstration_appeal(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    decision: DemonstrationAppealDecision,
    now: datetime,
) -> Row:
    """Decide on an appeal, as another than who withdrew the title: it stays so, or is given again.

    What is given again ends when it would have ended; the days between stay without the title.
    """
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.APPEALED,), now=now
    )
    if await took_step(db, actor, demonstration_id=demonstration_id, act=DemonstrationAct.WITHDRAW):
        raise DemonstrationAppealDecidedByWithdrawer
    if not decision.reinstated:
        closed = {"state": DemonstrationState.CLOSED}
        return await take_step(
            db, actor, row=row, act=DemonstrationAct.UPHOLD, now=now, changes=closed,
            opinion=decision.reply,
        )  # fmt: skip
    ends = row["valid_to"]
    if civil_date(now) >= ends:
        raise DemonstrationTermOver(day=ends.isoformat())
    check_gives(actor, row)
    call = await call_of(db, row=row)
    designation = await give_title_again(db, actor, row=row, call=call, ends=ends, now=now)
    changes: dict[str, Any] = {
        "state": DemonstrationState.AWARDED, "designation_id": designation["id"],
        "withdrawn_at": None, "withdrawn_by": None,
    }  # fmt: skip
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.REINSTATE, now=now, changes=changes,
        opinion=decision.reply,
    )  # fmt: skip
