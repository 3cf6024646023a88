"""Deciding, giving and revoking: by somebody else than who proposed, and never by the person.

Nothing here happens by itself. A reward is given after its days of publicity by a human act, a penalty
by the decision; the days after which a penalty is over are counted when it is read.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission, SubjectKind
from app.domain.access.subjects import place_of_subject
from app.domain.base import Command, civil_date
from app.domain.credits.rules.calendar import DAY, months_after
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Level, Unit
from app.domain.people.careers import FactWithdrawal, record_fact, withdraw_fact
from app.domain.people.facts.fact import FactNotFound
from app.domain.people.facts.merits import HONOUR, HonourLevel, NewHonour
from app.domain.people.teachers import TEACHERS
from app.domain.quality.incentive_rules import INCENTIVE_RULES, IncentiveForm, IncentiveKind
from app.domain.quality.incentives.incentive import (
    INCENTIVES,
    IncentiveOfOneself,
    IncentiveWrongState,
)
from app.domain.quality.incentives.proposing import (
    IncentiveAmountUnfit,
    check_amount,
    parties_of,
)
from app.domain.quality.incentives.table import Incentive, IncentiveObjection, IncentiveState
from app.sql import Connection, Row, Statement


class IncentiveDecision(Command):
    """Whether somebody is rewarded, or punished, as proposed, and why."""

    approve: bool = Field(description="是否同意 / whether it is so decided, or else rejected")
    opinion: str = Field(min_length=1, max_length=2000, description="决定意见 / why")
    amount: Decimal | None = Field(
        default=None, gt=0, decimal_places=2,
        description="核定奖金（元），默认为提出的金额 / yuan, those proposed by default",
    )  # fmt: skip


class IncentiveRevocation(Command):
    """Why what was given does not stand any more."""

    reason: str = Field(min_length=2, max_length=500, description="撤销理由 / why")


# What can be refused.


class IncentiveDecidedByParty(Conflict):
    """Who proposed it does not decide on it, nor does one of them for another."""

    code = "incentive_decided_by_party"
    zh = "提出人不得决定，决定人不得处理对其决定的异议或申诉。"
    en = "Who proposed it does not decide, and who decided does not answer what is said against it."


class PenaltyNotHeard(Conflict):
    """Nobody is punished who was not heard: they spoke, or their days are over."""

    code = "penalty_not_heard"
    zh = "当事人尚未陈述申辩，期限（{day}）届满后方可决定。"
    en = "The person has not been heard, and may be until {day}: only then it is decided."


class IncentivePublicityOpen(Conflict):
    """A reward is given after it was shown, and once every objection is answered."""

    code = "incentive_publicity_open"
    zh = "公示期（{day}）未满，或尚有异议未处理。"
    en = "It is shown until {day}, or an objection has not been answered."


class HonourLevelMissing(Invalid):
    """Honours are conferred by schools and bureaux."""

    code = "honour_level_missing"
    zh = "该单位不能授予荣誉称号。"
    en = "This unit confers no honours."


# What may be asked.

_UNIT = Statement(
    select(col(Unit.name), col(Unit.level)).where(col(Unit.id) == bindparam("unit_id", type_=Uuid))
)
_OPEN = Statement(
    select(
        exists(
            select(col(IncentiveObjection.id)).where(
                col(IncentiveObjection.incentive_id) == bindparam("incentive_id", type_=Uuid),
                col(IncentiveObjection.decided_at).is_(None),
            )
        )
    )
)

# What may be done. Where a career is written, its teacher is locked before the incentive.


async def _hold_career(db: Connection, actor: Actor, incentive_id: UUID) -> None:
    """Lock whose honour it is; a merger of two records takes them in this order, too."""
    seen = await INCENTIVES.get(db, actor, incentive_id, permission=Permission.INCENTIVE_DECIDE)
    if seen["form"] == IncentiveForm.HONOUR:
        right = Permission.TEACHER_WRITE
        await TEACHERS.get(db, actor, seen["teacher_id"], permission=right, lock=True)


async def hold_to_decide(
    db: Connection, actor: Actor, *, incentive_id: UUID, states: tuple[IncentiveState, ...]
) -> Row:
    """An incentive, locked, for somebody who decides for the unit whose rule it is, and is not the person."""
    right = Permission.INCENTIVE_DECIDE
    held = await INCENTIVES.get(db, actor, incentive_id, permission=right, lock=True)
    place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=held["unit_id"])
    actor.require(right, place)
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise IncentiveOfOneself
    if held["state"] not in states:
        raise IncentiveWrongState(state=held["state"])
    return held


async def check_not_party(
    db: Connection, actor: Actor, *, incentive_id: UUID, steps: tuple[str, ...]
) -> None:
    """Refuse whoever took one of these steps (`proposed`, `decided`), or for whom it was taken."""
    parties = await parties_of(db, incentive_id=incentive_id)
    took = {parties[f"{step}_{how}"] for step in steps for how in ("by", "for")}
    if took & set(actor.accounts):
        raise IncentiveDecidedByParty


async def decide_incentive(
    db: Connection, actor: Actor, *, incentive_id: UUID, decision: IncentiveDecision, now: datetime
) -> Row:
    """Decide on a proposal: a reward is then shown for objections, a penalty takes effect, or neither."""
    held = await hold_to_decide(
        db, actor, incentive_id=incentive_id, states=(IncentiveState.PROPOSED,)
    )
    await check_not_party(db, actor, incentive_id=incentive_id, steps=("proposed",))
    today, due = civil_date(now), held["statement_due_on"]
    if due is not None and held["stated_at"] is None and today <= due:
        raise PenaltyNotHeard(day=due.isoformat())
    decided: dict[str, Any] = {
        "state": IncentiveState.REJECTED,
        "opinion": decision.opinion,
        "decided_at": now,
        "decided_by": actor.account_id,
        "decided_for": actor.on_behalf_of,
    }
    if decision.approve:
        rule = await INCENTIVE_RULES.get(db, actor, held["rule_id"])
        decided |= _effect(rule, today)
        if (decision.amount is not None) > (held["form"] == IncentiveForm.MONEY):
            raise IncentiveAmountUnfit
        if held["form"] == IncentiveForm.MONEY:
            decided["amount"] = decision.amount or held["amount"]
            check_amount(rule, decided["amount"])
    await db.change(Incentive, incentive_id, decided)
    return await INCENTIVES.get(db, actor, incentive_id)


def _effect(rule: Row, today: date) -> dict[str, Any]:
    if rule["kind"] == IncentiveKind.REWARD:
        last = today + timedelta(days=rule["publicity_days"])
        return {"state": IncentiveState.PUBLISHED, "published_on": today, "closes_on": last}
    return {
        "state": IncentiveState.GIVEN,
        "given_on": today,
        "expires_on": _over_after(today, rule["valid_months"]),
        "appeal_due_on": today + timedelta(days=rule["appeal_days"]),
    }


def _over_after(day: date, months: int) -> date:
    """The same day so many months later; the first of the next month where that one has no such day."""
    then = months_after(day, months)
    return then if then.day == day.day else then + DAY


async def give_incentive(db: Connection, actor: Actor, *, incentive_id: UUID, now: datetime) -> Row:
    """Give a reward that was shown for its days without an open objection; an honour goes into the career."""
    await _hold_career(db, actor, incentive_id)
    held = await hold_to_decide(
        db, actor, incentive_id=incentive_id, states=(IncentiveState.PUBLISHED,)
    )
    today = civil_date(now)
    if today <= held["closes_on"] or await db.value(_OPEN, incentive_id=incentive_id):
        raise IncentivePublicityOpen(day=held["closes_on"].isoformat())
    given: dict[str, Any] = {
        "state": IncentiveState.GIVEN, "given_on": today, "given_by": actor.account_id,
    }  # fmt: skip
    if held["form"] == IncentiveForm.HONOUR:
        given["honour_id"] = await _confer(db, actor, held, today, now)
    await db.change(Incentive, incentive_id, given)
    return await INCENTIVES.get(db, actor, incentive_id)


async def _confer(db: Connection, actor: Actor, held: Row, today: date, now: datetime) -> UUID:
    """Record the honour in the career, on the level and in the name of the unit whose rule it is."""
    rule = await INCENTIVE_RULES.get(db, actor, held["rule_id"])
    unit = await db.one(_UNIT, unit_id=held["unit_id"]) or {}
    levels = {
        Level.SCHOOL: HonourLevel.SCHOOL, Level.COUNTY: HonourLevel.COUNTY, Level.CITY: HonourLevel.CITY,
    }  # fmt: skip
    if unit["level"] not in levels:
        raise HonourLevelMissing
    honour = NewHonour(
        honour=rule["honour"],
        level=levels[unit["level"]],
        issuer=unit["name"],
        title=held["title"],
        valid_from=today,
    )
    fact = await record_fact(
        db, actor, kind=HONOUR, teacher_id=held["teacher_id"], new=honour, now=now
    )
    fact_id: UUID = fact["id"]
    return fact_id


async def revoke_incentive(
    db: Connection,
    actor: Actor,
    *,
    incentive_id: UUID,
    revocation: IncentiveRevocation,
    now: datetime,
) -> Row:
    """Revoke what was given, with the reason; an honour that came of it is withdrawn from the career."""
    await _hold_career(db, actor, incentive_id)
    held = await hold_to_decide(
        db, actor, incentive_id=incentive_id, states=(IncentiveState.GIVEN,)
    )
    await withdraw_honour(db, actor, held=held, reason=revocation.reason, now=now)
    revoked = {
        "state": IncentiveState.REVOKED, "revoked_because": revocation.reason,
        "revoked_at": now, "revoked_by": actor.account_id,
    }  # fmt: skip
    await db.change(Incentive, incentive_id, revoked)
    return await INCENTIVES.get(db, actor, incentive_id)


async def withdraw_honour(
    db: Connection, actor: Actor, *, held: Row, reason: str, now: datetime
) -> None:
    """Withdraw the honour that came of an incentive; what the career has corrected since stays with it."""
    if held["honour_id"] is None:
        return
    withdrawal = FactWithdrawal(reason=reason[:200])
    try:
        await withdraw_fact(
            db, actor, teacher_id=held["teacher_id"], fact_id=held["honour_id"],
            withdrawal=withdrawal, now=now,
        )  # fmt: skip
    except FactNotFound:
        # Corrected or ended in the career meanwhile: that version says so itself.
        return
