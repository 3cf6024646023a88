"""The result: published to the unit, appealed against, and what is decided on the appeal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Numeric, Text, Uuid, bindparam, func, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.quality.indicator_sheets import points_of
from app.domain.quality.unit_evaluations.evaluation import (
    UNIT_EVALUATIONS,
    UnitEvaluationWrongState,
    hold_as_bureau,
    hold_as_unit,
)
from app.domain.quality.unit_evaluations.table import (
    AppealOutcome,
    EvaluationState,
    EvaluationValue,
    UnitEvaluation,
    Verification,
)
from app.domain.quality.unit_evaluations.values import asked_of, values_of
from app.domain.quality.unit_evaluations.verifying import (
    VerifiedValue,
    check_evaluates,
    check_found,
)
from app.sql import Connection, Row, Statement


class EvaluationResult(Command):
    """What is said to the unit beside the points."""

    opinion: str = Field(min_length=1, max_length=5000, description="评估意见 / opinion")


class EvaluationAppeal(Command):
    """Why the unit does not agree."""

    appeal: str = Field(min_length=1, max_length=2000, description="申诉理由 / why")


class AppealDecision(Command):
    """What is answered to an appeal, and what is changed, if anything is."""

    reply: str = Field(min_length=1, max_length=2000, description="答复 / answer")
    values: list[VerifiedValue] = Field(
        default_factory=list,
        max_length=60,
        description="变更的核定值，不填为维持原结果 / changed values; none: the result stands",
    )


# What can be refused.


class VerificationsMissing(Conflict):
    """Whatever is not computed is verified before there is a result."""

    code = "verifications_missing"
    zh = "下列指标尚未核定：{names}。"
    en = "These indicators have not been verified yet: {names}."


class AppealTooLate(Conflict):
    """An appeal is made within the days that the order gives."""

    code = "appeal_too_late"
    zh = "申诉期限（{day}）已过。"
    en = "An appeal could be made until {day}."


class AppealDecidedByPublisher(Invalid):
    """Whoever published a result, or let it be published for them, does not decide on the appeal."""

    code = "appeal_decided_by_publisher"
    zh = "公布结果的人员不得处理对该结果的申诉。"
    en = "Whoever published the result does not decide on the appeal against it."


# What may be asked.

_ID = bindparam("evaluation_id", type_=Uuid)
_FOUND = Statement(
    select(col(Verification.indicator), col(Verification.value), col(Verification.reason)).where(
        col(Verification.evaluation_id) == _ID
    )
)
_PUBLISHERS = Statement(
    select(col(UnitEvaluation.published_by), col(UnitEvaluation.published_for)).where(
        col(UnitEvaluation.id) == _ID
    )
)

# What may be done.

_given = (
    func.unnest(
        bindparam("indicators", type_=ARRAY(Text)),
        bindparam("found", type_=ARRAY(Numeric)),
        bindparam("reasons", type_=ARRAY(Text)),
        bindparam("given", type_=ARRAY(Numeric)),
    )
    .table_valued("indicator", "verified", "reason", "points")
    .render_derived(name="given")
)
_SETTLE = Statement(
    update(EvaluationValue)
    .where(
        col(EvaluationValue.evaluation_id) == _ID,
        col(EvaluationValue.indicator) == _given.c.indicator,
    )
    .values(verified=_given.c.verified, reason=_given.c.reason, points=_given.c.points)
)


async def _settle(
    db: Connection,
    evaluation_id: UUID,
    indicators: Sequence[Any],
    found: Mapping[str, tuple[Decimal | None, str | None]],
) -> Decimal:
    """Write the verified values with the points that the rules give for them; the score, their sum."""
    by_code = {each["code"]: each for each in indicators}
    points = {name: points_of(by_code[name], value) for name, (value, _) in found.items()}
    await db.run(
        _SETTLE,
        evaluation_id=evaluation_id,
        indicators=list(found),
        found=[value for value, _ in found.values()],
        reasons=[reason for _, reason in found.values()],
        given=[points[name] for name in found],
    )
    return sum((each for each in points.values() if each is not None), Decimal(0))


async def publish_unit_evaluation(
    db: Connection, actor: Actor, *, evaluation_id: UUID, result: EvaluationResult, now: datetime
) -> Row:
    """Publish a result to the unit: what was computed stands where the evaluators found nothing else."""
    row = await hold_as_bureau(
        db,
        actor,
        evaluation_id=evaluation_id,
        states=(EvaluationState.OPEN, EvaluationState.HANDED_IN),
    )
    if row["handed_in_at"] is None and civil_date(now) <= row["due_on"]:
        raise UnitEvaluationWrongState(state=row["state"])
    asked = await asked_of(db, evaluation_id=evaluation_id)
    await check_evaluates(db, actor, unit_id=row["unit_id"], since=asked["since"])
    lines = await values_of(db, evaluation_id=evaluation_id)
    verified = {
        each["indicator"]: (each["value"], each["reason"])
        for each in await db.all(_FOUND, evaluation_id=evaluation_id)
    }
    found = {
        line["indicator"]: verified.get(line["indicator"], (line["computed"], None))
        for line in lines
    }
    missing = [name for name, (value, _) in found.items() if value is None]
    if missing:
        raise VerificationsMissing(names=", ".join(missing))
    published = {
        "state": EvaluationState.PUBLISHED,
        "opinion": result.opinion,
        "score": await _settle(db, evaluation_id, asked["indicators"], found),
        "published_at": now,
        "published_by": actor.account_id,
        "published_for": actor.on_behalf_of,
    }
    await db.change(UnitEvaluation, evaluation_id, published)
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)


async def appeal_unit_evaluation(
    db: Connection, actor: Actor, *, evaluation_id: UUID, said: EvaluationAppeal, now: datetime
) -> Row:
    """Appeal for the unit against its result, once, within the days that the order gives."""
    row = await hold_as_unit(
        db, actor, evaluation_id=evaluation_id, states=(EvaluationState.PUBLISHED,)
    )
    asked = await asked_of(db, evaluation_id=evaluation_id)
    last = civil_date(row["published_at"]) + timedelta(days=asked["appeal_days"])
    if civil_date(now) > last:
        raise AppealTooLate(day=last.isoformat())
    appealed = {
        "state": EvaluationState.APPEALED,
        "appeal": said.appeal,
        "appealed_at": now,
        "appealed_by": actor.account_id,
    }
    await db.change(UnitEvaluation, evaluation_id, appealed)
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)


async def decide_evaluation_appeal(
    db: Connection, actor: Actor, *, evaluation_id: UUID, decision: AppealDecision, now: datetime
) -> Row:
    """Decide on an appeal: the result stands, or values are changed and the score is counted anew."""
    row = await hold_as_bureau(
        db, actor, evaluation_id=evaluation_id, states=(EvaluationState.APPEALED,)
    )
    publishers = await db.one(_PUBLISHERS, evaluation_id=evaluation_id) or {}
    if not actor.accounts.isdisjoint(publishers.values()):
        raise AppealDecidedByPublisher
    asked = await asked_of(db, evaluation_id=evaluation_id)
    await check_evaluates(db, actor, unit_id=row["unit_id"], since=asked["since"])
    decided: dict[str, Any] = {
        "state": EvaluationState.SETTLED,
        "appeal_outcome": AppealOutcome.UPHELD,
        "appeal_reply": decision.reply,
        "appeal_decided_at": now,
        "appeal_decided_by": actor.account_id,
    }
    if decision.values:
        lines = await values_of(db, evaluation_id=evaluation_id)
        check_found(decision.values, lines, asked["indicators"])
        found = {line["indicator"]: (line["verified"], line["reason"]) for line in lines}
        found |= {each.indicator: (each.value, each.reason) for each in decision.values}
        decided |= {
            "appeal_outcome": AppealOutcome.CHANGED,
            "score_before": row["score"],
            "score": await _settle(db, evaluation_id, asked["indicators"], found),
        }
    await db.change(UnitEvaluation, evaluation_id, decided)
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)
