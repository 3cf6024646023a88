"""Publishing rules: in versions, each resting on a text in force, none of them counting traces."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Date, Uuid, bindparam, func, or_, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.quality.document_articles import ARTICLES
from app.domain.quality.incentive_rules.rule import (
    INCENTIVE_RULES,
    IncentiveForm,
    IncentiveKind,
    IncentiveRule,
    IncentiveRuleFields,
)
from app.domain.quality.official_documents import DOCUMENTS, DocumentStatus
from app.domain.quality.outcomes import check_no_traces
from app.domain.quality.regulations import REGULATIONS
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewIncentiveRule(IncentiveRuleFields, Command):
    """A rule of a unit, in force from today on."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.regulation_id is None) == (self.article_id is None):
            raise Unfit(
                "须且只须注明一项依据：制度或条款。", "Name one text: a regulation or an article."
            )
        if (self.measure is None) != (self.threshold is None):
            raise Unfit("指标和数量须同时填写。", "A measure and how much of it go together.")
        _check_form(self)
        return self


def _check_form(rule: IncentiveRuleFields) -> None:
    if (rule.honour is not None) != (rule.form is IncentiveForm.HONOUR):
        raise Unfit("荣誉形式须注明荣誉称号。", "The form honour names which, and no other does.")
    amounts = [each for each in (rule.least_amount, rule.most_amount) if each is not None]
    if len(amounts) != (2 if rule.form is IncentiveForm.MONEY else 0):
        raise Unfit("奖金形式须注明上下限。", "The form money has a least and a most.")
    if len(amounts) == 2 and amounts[0] > amounts[1]:
        raise Unfit("奖金下限不能高于上限。", "The least amount is no more than the most.")


class IncentiveRuleEnd(Command):
    """The day from which a rule no longer holds, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日，默认今天 / first day without it")


# What can be refused.


class PenaltyRuleUnfair(Invalid):
    """A penalty takes no money and is not shown about; the person is heard, may appeal, and it ends."""

    code = "penalty_rule_unfair"
    zh = "惩处规则须为措施类，不得罚款、不得公示，陈述期不少于3天、申诉期不少于15天，并有影响期。"
    en = (
        "A penalty is a measure, never money, and is shown to nobody; there are at least 3 days to be"
        " heard, 15 to appeal, and a number of months after which it is over."
    )


class RewardRuleUnfit(Invalid):
    """A reward is shown for objections before it is given; the days of penalties are none of its."""

    code = "reward_rule_unfit"
    zh = "奖励规则须公示不少于5天，不设陈述期、申诉期和影响期。"
    en = "A reward is shown for 5 days at least, and has none of the days of penalties."


class IncentiveBasisUnfit(Invalid):
    """A rule rests on a text in force of the unit itself, or of one above it."""

    code = "incentive_basis_unfit"
    zh = "依据的制度或条款须为本单位或上级单位的现行制度、公文。"
    en = "The regulation or article is none of the unit or of those above it, or is not in force."


class IncentiveRulePublishedMeanwhile(Conflict):
    """Somebody published a version of it at the same moment."""

    code = "incentive_rule_published_meanwhile"
    zh = "该规则刚刚由他人发布了新版本，请查看后重试。"
    en = "Somebody has just published a version of this rule: look at it and try again."


class IncentiveRuleEnded(Conflict):
    """It was ended, or followed by another version, before."""

    code = "incentive_rule_ended"
    zh = "该规则已于{day}终止。"
    en = "The rule ended on {day}."


class IncentiveRuleEndsTooEarly(Invalid):
    """What was in force cannot be made not to have been."""

    code = "incentive_rule_ends_too_early"
    zh = "终止日不能早于今天（{today}）。"
    en = "A rule ends today ({today}) at the earliest."


# What may be done.

_OF_CODE = (
    col(IncentiveRule.unit_id) == bindparam("of_unit", type_=Uuid),
    col(IncentiveRule.code) == bindparam("of_code"),
)
_NEXT = Statement(
    select(func.coalesce(func.max(col(IncentiveRule.version)), 0) + 1).where(*_OF_CODE)
)
_DAY = bindparam("day", type_=Date)
_FOLLOW = Statement(
    update(IncentiveRule)
    # One that is to end some day is followed, too: two versions of a rule never hold at once.
    .where(
        *_OF_CODE, or_(col(IncentiveRule.valid_to).is_(None), col(IncentiveRule.valid_to) > _DAY)
    )
    .values(valid_to=_DAY, ended_by=bindparam("by", type_=Uuid))
)


async def _check_basis(db: Connection, actor: Actor, new: NewIncentiveRule, place: Row) -> None:
    """Refuse a text that the actor cannot see, or that is not in force over the unit."""
    if new.article_id is not None:
        article = await ARTICLES.get(db, actor, new.article_id)
        document = await DOCUMENTS.get(db, actor, article["document_id"])
        in_force = document["status"] == DocumentStatus.IN_FORCE
        if not in_force or document["unit_id"] not in place.values():
            raise IncentiveBasisUnfit
    if new.regulation_id is not None:
        regulation = await REGULATIONS.get(db, actor, new.regulation_id)
        if not regulation["in_force"] or regulation["unit_id"] not in place.values():
            raise IncentiveBasisUnfit


def _check_days(new: NewIncentiveRule) -> None:
    if new.kind is IncentiveKind.REWARD:
        others = new.statement_days or new.appeal_days or new.valid_months
        if new.publicity_days < 5 or others:
            raise RewardRuleUnfit
        return
    heard = new.statement_days >= 3 and new.appeal_days >= 15 and new.valid_months is not None
    if not heard or new.publicity_days or new.form is not IncentiveForm.MEASURE:
        raise PenaltyRuleUnfair


async def publish_incentive_rule(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewIncentiveRule, now: datetime
) -> Row:
    """Publish a rule of a unit; where there is one of its code, as the next version from today on."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.INCENTIVE_DECIDE)
    check_no_traces([new.measure], [new.name, new.condition])
    _check_days(new)
    place = place_of(unit)
    await _check_basis(db, actor, new, place)
    of_code = {"of_unit": unit_id, "of_code": new.code}
    row = {
        "id": new_id(),
        **new.model_dump(),
        **place,
        "version": await db.value(_NEXT, **of_code),
        "valid_from": civil_date(now),
        "published_by": actor.account_id,
        "published_at": now,
    }
    try:
        async with db.transaction():
            await db.run(_FOLLOW, **of_code, day=row["valid_from"], by=actor.account_id)
            await db.insert(IncentiveRule, row)
    except UniqueViolationError:
        raise IncentiveRulePublishedMeanwhile from None
    return await INCENTIVE_RULES.get(db, actor, row["id"])


async def end_incentive_rule(
    db: Connection, actor: Actor, *, rule_id: UUID, end: IncentiveRuleEnd, now: datetime
) -> Row:
    """Propose nothing more by a rule, from a day on; what was proposed before is decided by it."""
    right = Permission.INCENTIVE_DECIDE
    held = await INCENTIVE_RULES.get(db, actor, rule_id, permission=right, lock=True)
    if held["valid_to"] is not None:
        raise IncentiveRuleEnded(day=held["valid_to"].isoformat())
    today = civil_date(now)
    if (day := end.on or today) < today:
        raise IncentiveRuleEndsTooEarly(today=today.isoformat())
    await db.change(IncentiveRule, rule_id, {"valid_to": day, "ended_by": actor.account_id})
    return await INCENTIVE_RULES.get(db, actor, rule_id)
