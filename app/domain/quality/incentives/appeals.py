"""Appeals (申诉) against penalties: to the bureau above, answered there by somebody else within thirty days.

教师法 第三十九条: a teacher may appeal to the administrative department for education, which answers within
thirty days of receiving the appeal.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission, SubjectKind
from app.domain.access.subjects import place_of_subject
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.quality.incentive_rules import IncentiveKind
from app.domain.quality.incentives.deciding import check_not_party
from app.domain.quality.incentives.incentive import (
    INCENTIVES,
    IncentiveOfOneself,
    IncentiveWrongState,
)
from app.domain.quality.incentives.proposing import hold_own
from app.domain.quality.incentives.table import Incentive, IncentiveState
from app.sql import Connection, Row

ANSWERED_WITHIN = timedelta(days=30)
"""Days for an answer (教师法 第三十九条)."""


class IncentiveAppeal(Command):
    """Why the person does not agree with a penalty."""

    appeal: str = Field(min_length=1, max_length=2000, description="申诉理由 / why")


class IncentiveAppealDecision(Command):
    """What is decided on an appeal."""

    upheld: bool = Field(description="申诉是否成立 / whether it is upheld: the penalty falls")
    answer: str = Field(min_length=2, max_length=2000, description="答复 / why")


# What can be refused.


class IncentiveAppealTooLate(Conflict):
    """An appeal is made within the days that the rule gives."""

    code = "incentive_appeal_too_late"
    zh = "申诉期限（{day}）已过。"
    en = "An appeal could be made until {day}."


class IncentiveAppealed(Conflict):
    """One appeals once; and what was answered was answered."""

    code = "incentive_appealed"
    zh = "已提出申诉，或申诉已处理。"
    en = "An appeal was made, or answered, already."


class IncentiveNotAppealed(Conflict):
    """There is no appeal to be decided on."""

    code = "incentive_not_appealed"
    zh = "该奖惩事项没有待处理的申诉。"
    en = "No appeal against it waits for an answer."


# What may be done.


async def appeal_incentive(
    db: Connection, actor: Actor, *, incentive_id: UUID, said: IncentiveAppeal, now: datetime
) -> Row:
    """Appeal in person against a penalty, to the bureau above the unit that decided; it holds meanwhile."""
    held = await hold_own(db, actor, incentive_id=incentive_id)
    if held["state"] != IncentiveState.GIVEN or held["kind"] != IncentiveKind.PENALTY:
        raise IncentiveWrongState(state=held["state"])
    if held["appealed_at"] is not None:
        raise IncentiveAppealed
    if civil_date(now) > held["appeal_due_on"]:
        raise IncentiveAppealTooLate(day=held["appeal_due_on"].isoformat())
    place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=held["unit_id"])
    above = place["county_id"] if place["school_id"] is not None else place["city_id"]
    appealed = {"appeal": said.appeal, "appealed_at": now, "appeal_unit_id": above}
    await db.change(Incentive, incentive_id, appealed)
    return await INCENTIVES.get(db, actor, incentive_id)


async def decide_incentive_appeal(
    db: Connection,
    actor: Actor,
    *,
    incentive_id: UUID,
    decision: IncentiveAppealDecision,
    now: datetime,
) -> Row:
    """Decide on an appeal at the bureau above, by somebody who neither proposed nor decided."""
    right = Permission.INCENTIVE_DECIDE
    held = await INCENTIVES.get(db, actor, incentive_id, permission=right, lock=True)
    if held["appealed_at"] is None:
        raise IncentiveNotAppealed
    above = held["appeal_unit_id"]
    actor.require(right, await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=above))
    if held["appeal_decided_at"] is not None:
        raise IncentiveAppealed
    if held["state"] != IncentiveState.GIVEN:
        raise IncentiveWrongState(state=held["state"])
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise IncentiveOfOneself
    await check_not_party(db, actor, incentive_id=incentive_id, steps=("proposed", "decided"))
    decided: dict[str, Any] = {
        "appeal_upheld": decision.upheld, "appeal_answer": decision.answer,
        "appeal_decided_at": now, "appeal_decided_by": actor.account_id,
    }  # fmt: skip
    if decision.upheld:
        decided["state"] = IncentiveState.OVERTURNED
    await db.change(Incentive, incentive_id, decided)
    return await INCENTIVES.get(db, actor, incentive_id)
