"""Verification (核定): what the evaluators find of each indicator; theirs until the result is published."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Numeric, Text, Uuid, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Invalid, NotFound
from app.domain.quality.indicator_sheets import IndicatorSource, ScoringKind
from app.domain.quality.unit_evaluations.evaluation import (
    UNIT_EVALUATIONS,
    UnitEvaluationWrongState,
    check_standing,
    hold_as_bureau,
)
from app.domain.quality.unit_evaluations.evaluators import check_not_own
from app.domain.quality.unit_evaluations.self_inspection import Value, check_indicators
from app.domain.quality.unit_evaluations.table import (
    EvaluationState,
    Evaluator,
    UnitEvaluation,
    Verification,
)
from app.domain.quality.unit_evaluations.values import asked_of, values_of
from app.sql import Connection, Row, Statement, new_id


class VerificationView(BaseModel):
    """What the evaluators found of one indicator."""

    id: UUID = Field(description="标识 / key")
    evaluation_id: UUID = Field(description="评估 / evaluation")
    indicator: str = Field(description="指标代码 / code of the indicator")
    value: Decimal = Field(description="核定值 / value that was found")
    reason: str | None = Field(description="理由 / why it differs from what was computed")
    verifier: str = Field(description="核定人 / who found it last")
    verified_at: datetime = Field(description="核定时间 / when")


class VerifiedValue(Command):
    """What is found of one indicator."""

    indicator: str = Field(min_length=1, max_length=40, description="指标代码 / its code")
    value: Value = Field(description="核定值 / value")
    reason: str | None = Field(
        default=None, min_length=1, max_length=1000, description="理由 / why it differs"
    )


class VerifiedValues(Command):
    """What is found of several indicators."""

    values: list[VerifiedValue] = Field(
        min_length=1, max_length=60, description="核定值 / values that were found"
    )


# What can be refused.


class VerificationNotFound(NotFound):
    """There is no such verification for the one who asks."""

    code = "verification_not_found"
    zh = "未找到该核定。"
    en = "There is no such verification."


class EvaluatorNotAppointed(Invalid):
    """Only those who were appointed for it find what a unit is worth."""

    code = "evaluator_not_appointed"
    zh = "只有为该评估指派的评估人员可以核定。"
    en = "Only the evaluators who were appointed for this evaluation verify it."


class VerificationWithoutReason(Invalid):
    """Whoever finds another value than the register says why."""

    code = "verification_without_reason"
    zh = "核定值与计算值不同的，须说明理由：{names}。"
    en = "Where the value differs from the computed one, say why: {names}."


class VerifiedValueUnfit(Invalid):
    """What is judged is judged within its limits, and what is so or not is 1 or 0."""

    code = "verified_value_unfit"
    zh = "核定值超出评分范围，或应为 0 或 1：{names}。"
    en = "These values are beyond what can be given, or are to be 0 or 1: {names}."


# What may be asked.

VERIFICATIONS = Door(
    table=Verification,
    view=VerificationView,
    read=Permission.GUIDANCE_EVALUATE,
    missing=VerificationNotFound,
    # It lies at the bureau that evaluates: a county does not see what the city finds of it.
    places={"city_id": col(UnitEvaluation.city_id), "county_id": col(UnitEvaluation.by_unit_id)},
    computed={"verifier": col(Account.display_name)},
    joined=Verification.__table__.join(  # type: ignore[attr-defined]
        UnitEvaluation.__table__,  # type: ignore[attr-defined]
        col(Verification.evaluation_id) == col(UnitEvaluation.id),
    ).join(Account.__table__, col(Verification.verified_by) == col(Account.id)),  # type: ignore[attr-defined]
    sorts={"created": ()},
)
"""What was found, for the bureau that evaluates; the evaluated unit sees the result, once published."""


async def list_verifications(db: Connection, actor: Actor, *, evaluation_id: UUID) -> list[Row]:
    """What the evaluators have found of a unit so far, for the bureau that evaluates it.

    Until the result is published nobody who belongs to the unit reads it there either.
    """
    right = Permission.GUIDANCE_EVALUATE
    evaluation = await UNIT_EVALUATIONS.get(db, actor, evaluation_id, permission=right)
    check_standing(actor, evaluation)
    if evaluation["published_at"] is None:
        asked = await asked_of(db, evaluation_id=evaluation_id)
        await check_evaluates(db, actor, unit_id=evaluation["unit_id"], since=asked["since"])
    return await _found_of(db, actor, evaluation_id)


async def _found_of(db: Connection, actor: Actor, evaluation_id: UUID) -> list[Row]:
    owner = col(Verification.evaluation_id)
    found = await VERIFICATIONS.rows_of(db, actor, owner, [evaluation_id])
    return found[evaluation_id]


# What may be done.

_ID = bindparam("evaluation_id", type_=Uuid)
_IS_APPOINTED = Statement(
    select(
        exists().where(
            col(Evaluator.evaluation_id) == _ID,
            col(Evaluator.account_id) == any_(bindparam("account_ids", type_=ARRAY(Uuid))),
        )
    )
)
_found = (
    func.unnest(
        bindparam("ids", type_=ARRAY(Uuid)),
        bindparam("indicators", type_=ARRAY(Text)),
        bindparam("found", type_=ARRAY(Numeric)),
        bindparam("reasons", type_=ARRAY(Text)),
    )
    .table_valued("id", "indicator", "value", "reason")
    .render_derived(name="found")
)
_verify = insert(Verification).from_select(
    ["id", "evaluation_id", "indicator", "value", "reason", "verified_at", "verified_by"],
    select(
        _found.c.id, _ID, _found.c.indicator, _found.c.value, _found.c.reason,
        bindparam("now", type_=MOMENT), bindparam("by", type_=Uuid),
    ),
)  # fmt: skip
_VERIFY = Statement(
    _verify.on_conflict_do_update(
        index_elements=["evaluation_id", "indicator"],
        set_={
            name: _verify.excluded[name]
            for name in ("value", "reason", "verified_at", "verified_by")
        },
    )
)


async def check_evaluates(db: Connection, actor: Actor, *, unit_id: UUID, since: date) -> None:
    """Refuse whoever belongs to the unit, or did since that day, themselves or who they act for."""
    await check_not_own(db, account_ids=actor.accounts, unit_ids=[unit_id], since=since)


async def verify_unit_evaluation(
    db: Connection, actor: Actor, *, evaluation_id: UUID, found: VerifiedValues, now: datetime
) -> list[Row]:
    """Say as an evaluator what was found; a later finding takes an earlier one's place.

    What was never handed in is looked at once its day is over.
    """
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
    mine = list(actor.accounts)
    if not await db.value(_IS_APPOINTED, evaluation_id=evaluation_id, account_ids=mine):
        raise EvaluatorNotAppointed
    lines = await values_of(db, evaluation_id=evaluation_id)
    check_found(found.values, lines, asked["indicators"])
    await db.run(
        _VERIFY,
        evaluation_id=evaluation_id,
        ids=[new_id() for _ in found.values],
        indicators=[each.indicator for each in found.values],
        found=[each.value for each in found.values],
        reasons=[each.reason for each in found.values],
        now=now,
        by=actor.account_id,
    )
    return await _found_of(db, actor, evaluation_id)


def check_found(found: list[VerifiedValue], lines: list[Row], indicators: list[Any]) -> None:
    """Refuse values that the sheet cannot give, or that differ from what was computed without a reason."""
    check_indicators(lines, [each.indicator for each in found])
    computed = {line["indicator"]: line["computed"] for line in lines}
    by_code = {each["code"]: each for each in indicators}
    unfit = [each.indicator for each in found if not _is_fit(by_code[each.indicator], each.value)]
    if unfit:
        raise VerifiedValueUnfit(names=", ".join(unfit))
    unexplained = [
        each.indicator
        for each in found
        if each.reason is None
        and by_code[each.indicator]["source"] == IndicatorSource.COMPUTED
        and each.value != computed[each.indicator]
    ]
    if unexplained:
        raise VerificationWithoutReason(names=", ".join(unexplained))


def _is_fit(indicator: Mapping[str, Any], value: Decimal) -> bool:
    scoring = indicator["scoring"]
    if scoring["kind"] == ScoringKind.YES_NO:
        return value in {0, 1}
    if scoring["kind"] == ScoringKind.JUDGED:
        return 0 <= value <= Decimal(scoring["full_at"])
    return True
