"""The self-inspection (自查): receipt of the order, what the unit says of itself, and handing that in."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Numeric, Text, Uuid, bindparam, delete, func, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.quality.indicator_sheets import IndicatorSource
from app.domain.quality.unit_evaluations.evaluation import UNIT_EVALUATIONS, hold_as_unit
from app.domain.quality.unit_evaluations.table import (
    EvaluationEvidence,
    EvaluationState,
    EvaluationValue,
    UnitEvaluation,
)
from app.domain.quality.unit_evaluations.values import asked_of, values_of
from app.domain.training.files import FILES, FileNotFound
from app.sql import Connection, ForeignKeyViolationError, Row, Statement

Value = Annotated[Decimal, Field(ge=-1_000_000, le=1_000_000, max_digits=9, decimal_places=2)]
MOST_FILES = 20


class IndicatorClaim(Command):
    """What the unit says of one indicator, and shows for it."""

    indicator: str = Field(min_length=1, max_length=40, description="指标代码 / its code")
    value: Value | None = Field(default=None, description="自报值 / what is claimed")
    note: str | None = Field(
        default=None, min_length=1, max_length=1000, description="说明 / what is said about it"
    )
    file_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_FILES, description="佐证文件 / files that show it"
    )


class SelfInspection(Command):
    """What the unit says of itself: judgement, claims and evidence; the register says the rest."""

    judgement: str = Field(min_length=1, max_length=5000, description="自查结论 / judgement")
    expected_effects: str | None = Field(
        default=None, min_length=1, max_length=2000, description="预期效果 / expected effects"
    )
    achieved_effects: str | None = Field(
        default=None, min_length=1, max_length=2000, description="实际效果 / achieved effects"
    )
    claims: list[IndicatorClaim] = Field(
        default_factory=list, max_length=60, description="自报的指标 / claims"
    )


# What can be refused.


class IndicatorNotInSheet(Invalid):
    """Something is said of an indicator that the sheet does not have, or twice of one."""

    code = "indicator_not_in_sheet"
    zh = "指标不在指标表中，或重复填写：{names}。"
    en = "These indicators are not in the sheet, or are named twice: {names}."


class SelfInspectionIncomplete(Conflict):
    """What is handed in has a judgement, and a value of everything that only the unit knows."""

    code = "self_inspection_incomplete"
    zh = "自查尚未完成：须填写自查结论以及自报指标 {names}。"
    en = "There is no judgement yet, or no value claimed of: {names}."


# What may be done.


async def acknowledge_check_order(
    db: Connection, actor: Actor, *, evaluation_id: UUID, now: datetime
) -> Row:
    """Say for the unit that the order was received; the first receipt stays."""
    row = await hold_as_unit(db, actor, evaluation_id=evaluation_id, states=tuple(EvaluationState))
    if row["received_at"] is None:
        receipt = {"received_at": now, "received_by": actor.account_id}
        await db.change(UnitEvaluation, evaluation_id, receipt)
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)


_CLAIMS = (
    func.unnest(
        bindparam("indicators", type_=ARRAY(Text)),
        bindparam("claims", type_=ARRAY(Numeric)),
        bindparam("notes", type_=ARRAY(Text)),
    )
    .table_valued("indicator", "claimed", "claim")
    .render_derived(name="said")
)
_ID = bindparam("evaluation_id", type_=Uuid)
_CLAIM = Statement(
    update(EvaluationValue)
    .where(
        col(EvaluationValue.evaluation_id) == _ID,
        col(EvaluationValue.indicator) == _CLAIMS.c.indicator,
    )
    .values(claimed=_CLAIMS.c.claimed, claim=_CLAIMS.c.claim)
)
_SHOW_NOTHING = Statement(
    delete(EvaluationEvidence).where(col(EvaluationEvidence.evaluation_id) == _ID)
)


def check_indicators(known: list[Row], named: list[str]) -> None:
    """Refuse what is said of no line of the evaluation, or twice of one."""
    codes = {row["indicator"] for row in known}
    wrong = sorted({name for name in named if name not in codes or named.count(name) > 1})
    if wrong:
        raise IndicatorNotInSheet(names=", ".join(wrong))


async def write_self_inspection(
    db: Connection, actor: Actor, *, evaluation_id: UUID, said: SelfInspection
) -> Row:
    """Write what the unit says of itself, in the place of what it said before, until it is handed in."""
    await hold_as_unit(db, actor, evaluation_id=evaluation_id, states=(EvaluationState.OPEN,))
    lines = await values_of(db, evaluation_id=evaluation_id)
    claims = {claim.indicator: claim for claim in said.claims}
    check_indicators(lines, [claim.indicator for claim in said.claims])
    files = [file_id for claim in said.claims for file_id in claim.file_ids]
    if None in (await FILES.by_id(db, actor, files)).values():
        raise FileNotFound
    texts = said.model_dump(include={"judgement", "expected_effects", "achieved_effects"})
    await db.change(UnitEvaluation, evaluation_id, texts)
    given = [claims.get(row["indicator"]) for row in lines]
    await db.run(
        _CLAIM,
        evaluation_id=evaluation_id,
        indicators=[row["indicator"] for row in lines],
        claims=[each.value if each else None for each in given],
        notes=[each.note if each else None for each in given],
    )
    await db.run(_SHOW_NOTHING, evaluation_id=evaluation_id)
    shown = [
        {"evaluation_id": evaluation_id, "indicator": claim.indicator, "file_id": file_id}
        for claim in said.claims
        for file_id in dict.fromkeys(claim.file_ids)
    ]
    try:
        async with db.transaction():
            await db.insert_all(EvaluationEvidence, shown)
    except ForeignKeyViolationError:  # Forgotten between being seen and being attached.
        raise FileNotFound from None
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)


async def hand_in_self_inspection(
    db: Connection, actor: Actor, *, evaluation_id: UUID, now: datetime
) -> Row:
    """Hand the self-inspection in; from then on the unit changes nothing of it."""
    row = await hold_as_unit(db, actor, evaluation_id=evaluation_id, states=(EvaluationState.OPEN,))
    asked = await asked_of(db, evaluation_id=evaluation_id)
    claimed = {
        line["indicator"]
        for line in await values_of(db, evaluation_id=evaluation_id)
        if line["claimed"] is not None
    }
    missing = [
        each["code"]
        for each in asked["indicators"]
        if each["source"] == IndicatorSource.CLAIMED and each["code"] not in claimed
    ]
    if row["judgement"] is None or missing:
        raise SelfInspectionIncomplete(names=", ".join(missing) or "-")
    handed_in = {
        "state": EvaluationState.HANDED_IN,
        "handed_in_at": now,
        "handed_in_by": actor.account_id,
    }
    if row["received_at"] is None:
        handed_in |= {"received_at": now, "received_by": actor.account_id}
    await db.change(UnitEvaluation, evaluation_id, handed_in)
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)
