"""Proposing: somebody says of a teacher what a rule rewards or punishes; who may be punished is heard."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, NotAllowed, Unfit
from app.domain.organisation.facts import DayInFuture
from app.domain.people.teachers import TEACHERS
from app.domain.quality.incentive_rules import INCENTIVE_RULES, IncentiveForm, IncentiveKind
from app.domain.quality.incentives.incentive import (
    INCENTIVES,
    IncentiveOfOneself,
    IncentiveWrongState,
)
from app.domain.quality.incentives.table import Incentive, IncentiveFields, IncentiveState
from app.domain.quality.outcomes import check_no_traces, count_outcomes
from app.domain.training.files import FILES
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewIncentive(IncentiveFields, Command):
    """A reward or a penalty that is proposed for a teacher."""

    rule_id: UUID = Field(description="奖惩规则（现行版本） / version of the rule, in force")
    title: str | None = Field(
        default=None, min_length=2, max_length=100,
        description="名称，默认为年度加规则名称 / what it is called; year and name of the rule by default",
    )  # fmt: skip
    measured_from: date | None = Field(
        default=None, description="指标统计起始日，规则有指标时必填 / first day to be counted"
    )
    measured_to: date | None = Field(
        default=None, description="指标统计终止日（含） / last day to be counted"
    )

    @model_validator(mode="after")
    def _period(self) -> Self:
        first, last = self.measured_from, self.measured_to
        if (first is None) != (last is None) or (first and last and last < first):
            raise Unfit(
                "统计起止日须同时填写，且不颠倒。", "Give both days of the period, in order."
            )
        return self


class PersonsStatement(Command):
    """What the person says of a penalty that is proposed."""

    statement: str = Field(
        min_length=1, max_length=2000, description="陈述申辩；无异议也请写明 / what the person says"
    )


# What can be refused.


class IncentiveRuleNotInForce(Conflict):
    """Nothing is proposed by a rule that does not hold, or for what happened before any rule did."""

    code = "incentive_rule_not_in_force"
    zh = "该规则版本今日不适用，请使用现行版本。"
    en = "This version of the rule is not in force today: use the one that is."


class IncentiveRuleElsewhere(Invalid):
    """A rule is for the people of its unit, and of those below it."""

    code = "incentive_rule_elsewhere"
    zh = "该规则不适用于该教师所在学校。"
    en = "The rule is not one of the teacher's school or of a bureau above it."


class IncentiveAmountUnfit(Invalid):
    """Money is given within the bounds of the rule, and where it gives money."""

    code = "incentive_amount_unfit"
    zh = "奖金金额须在规则规定的范围内；非奖金形式不填金额。"
    en = "The amount is not within the bounds of the rule, or the rule gives no money."


class IncentiveProposedByAnother(Conflict):
    """What was proposed is withdrawn by who proposed it; whoever decides rejects it."""

    code = "incentive_proposed_by_another"
    zh = "只有提出人可以撤回；决定单位可以作出不予奖惩的决定。"
    en = "Only who proposed it withdraws it; whoever decides may reject it."


class IncentivePeriodMissing(Invalid):
    """Where a rule names an outcome, a proposal says of which days it is to be counted."""

    code = "incentive_period_missing"
    zh = "该规则以指标为条件，须填写统计起止日；无指标的规则不填。"
    en = "The rule names an outcome: say of which days it is to be counted; else give no days."


class IncentiveNotReached(Conflict):
    """The register does not say what the rule asks for."""

    code = "incentive_not_reached"
    zh = "登记数据显示“{measure}”为 {reached}，规则为 {threshold}，不符合适用条件。"
    en = "By the register {measure} is {reached}, and the rule says {threshold}: it does not apply."


class IncentiveProposedAlready(Conflict):
    """For one thing that happened somebody is rewarded, or punished, once by a rule."""

    code = "incentive_proposed_already"
    zh = "该教师同一事实已按此规则提出奖惩。"
    en = "By this rule the same thing has been proposed for the teacher already."


class StatementTooLate(Conflict):
    """The person is heard until a day."""

    code = "statement_too_late"
    zh = "陈述申辩期限（{day}）已过。"
    en = "The person could be heard until {day}."


# What may be asked.

_PARTIES = Statement(
    select(
        *(
            col(getattr(Incentive, name))
            for name in ("proposed_by", "proposed_for", "decided_by", "decided_for")
        )
    ).where(col(Incentive.id) == bindparam("incentive_id", type_=Uuid))
)


async def parties_of(db: Connection, *, incentive_id: UUID) -> Row:
    """The accounts that proposed and decided, and those for whom they did; for steps behind a door."""
    return await db.one(_PARTIES, incentive_id=incentive_id) or {}


# What may be done.


def _check_amount(rule: Row, new: NewIncentive) -> None:
    is_money = rule["form"] == IncentiveForm.MONEY
    if is_money != (new.amount is not None):
        raise IncentiveAmountUnfit
    check_amount(rule, new.amount)


def check_amount(rule: Row, amount: Any) -> None:
    """Refuse an amount outside the bounds of the rule."""
    if amount is not None and not rule["least_amount"] <= amount <= rule["most_amount"]:
        raise IncentiveAmountUnfit


async def _measured(db: Connection, rule: Row, new: NewIncentive, teacher_id: UUID) -> Row:
    """What the register says of the outcome that the rule names; refused where it does not apply."""
    measure, first, last = rule["measure"], new.measured_from, new.measured_to
    if (measure is None) != (first is None):
        raise IncentivePeriodMissing
    if measure is None or first is None or last is None:
        return {"reached": None}
    counted = await count_outcomes(
        db, measures=[measure], teacher_ids=[teacher_id], since=first, until=last
    )
    reached = counted[teacher_id][measure]
    is_reached = reached >= rule["threshold"]
    if is_reached != (rule["kind"] == IncentiveKind.REWARD):
        raise IncentiveNotReached(
            measure=measure, reached=f"{reached:f}", threshold=f"{rule['threshold']:f}"
        )
    return {"reached": reached}


async def _rule_for(db: Connection, actor: Actor, rule_id: UUID, teacher: Row, today: date) -> Row:
    rule = await INCENTIVE_RULES.get(db, actor, rule_id)
    if rule["valid_from"] > today or (rule["valid_to"] is not None and rule["valid_to"] <= today):
        raise IncentiveRuleNotInForce
    if rule["unit_id"] not in [teacher[name] for name in PLACE]:
        raise IncentiveRuleElsewhere
    return rule


async def propose_incentive(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewIncentive, now: datetime
) -> Row:
    """Propose a reward or a penalty for a teacher, by a rule in force, with what shows it."""
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.INCENTIVE_WRITE)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise IncentiveOfOneself
    today = civil_date(now)
    if max(new.happened_on, new.measured_to or new.happened_on) > today:
        raise DayInFuture(today=today.isoformat())
    rule = await _rule_for(db, actor, new.rule_id, teacher, today)
    check_no_traces([rule["measure"]], [new.title, new.reason])
    _check_amount(rule, new)
    if new.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, new.file_id, lock=True)
    is_penalty = rule["kind"] == IncentiveKind.PENALTY
    row = {
        "id": new_id(),
        **new.model_dump(),
        "title": new.title or f"{new.happened_on.year}年度{rule['name']}",
        **await _measured(db, rule, new, teacher_id),
        "unit_id": rule["unit_id"],
        "kind": rule["kind"],
        "teacher_id": teacher_id,
        **{name: teacher[name] for name in PLACE},
        "state": IncentiveState.PROPOSED,
        "proposed_at": now,
        "proposed_by": actor.account_id,
        "proposed_for": actor.on_behalf_of,
        "statement_due_on": today + timedelta(days=rule["statement_days"]) if is_penalty else None,
    }
    try:
        await db.insert(Incentive, row)
    except UniqueViolationError:
        raise IncentiveProposedAlready from None
    return await INCENTIVES.get(db, actor, row["id"])


async def withdraw_incentive(db: Connection, actor: Actor, *, incentive_id: UUID) -> Row:
    """Take back what one proposed, while nobody has decided; the trail has the time."""
    right = Permission.INCENTIVE_WRITE
    held = await INCENTIVES.get(db, actor, incentive_id, permission=right, lock=True)
    if held["state"] != IncentiveState.PROPOSED:
        raise IncentiveWrongState(state=held["state"])
    parties = await parties_of(db, incentive_id=incentive_id)
    if not {parties["proposed_by"], parties["proposed_for"]} & set(actor.accounts):
        raise IncentiveProposedByAnother
    await db.change(Incentive, incentive_id, {"state": IncentiveState.WITHDRAWN})
    return await INCENTIVES.get(db, actor, incentive_id)


async def state_on_incentive(
    db: Connection, actor: Actor, *, incentive_id: UUID, said: PersonsStatement, now: datetime
) -> Row:
    """Say in person what one has to say of a penalty that is proposed; it may be rewritten until the day."""
    held = await hold_own(db, actor, incentive_id=incentive_id)
    if held["state"] != IncentiveState.PROPOSED or held["kind"] != IncentiveKind.PENALTY:
        raise IncentiveWrongState(state=held["state"])
    if civil_date(now) > held["statement_due_on"]:
        raise StatementTooLate(day=held["statement_due_on"].isoformat())
    await db.change(Incentive, incentive_id, {"statement": said.statement, "stated_at": now})
    return await INCENTIVES.get(db, actor, incentive_id)


async def hold_own(db: Connection, actor: Actor, *, incentive_id: UUID) -> Row:
    """An incentive of the very person who asks, locked; no application speaks for them, and no delegate."""
    right = Permission.RECORD_OWN
    held = await INCENTIVES.get(db, actor, incentive_id, permission=right, lock=True)
    actor.require_in_person()
    if held["teacher_id"] != actor.teacher_id:
        raise NotAllowed(right.value)
    return held
