"""The evaluation of a unit: its door, and what may be asked of it."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, any_, or_
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.check_orders.order import CheckKind, CheckOrder
from app.domain.quality.unit_evaluations.table import (
    AppealOutcome,
    EvaluationState,
    UnitEvaluation,
)
from app.sql import Connection, Row


class UnitEvaluationView(BaseModel):
    """An evaluation as both faces show it, to the unit and to the bureaux above it."""

    id: UUID = Field(description="标识 / key")
    order_id: UUID = Field(description="检查通知 / order")
    title: str = Field(description="检查通知名称 / title of the order")
    kind: CheckKind = Field(description="检查类型 / kind")
    list_number: str = Field(description="督查检查考核清单编号 / number on the approved list")
    school_year: int = Field(description="学年（起始年） / school year, by the year it begins")
    due_on: date = Field(description="自查报送期限 / last day for handing in")
    unit_id: UUID = Field(description="被评单位 / unit that is evaluated")
    by_unit_id: UUID = Field(description="评估教育局 / bureau that evaluates")
    school_id: UUID | None = Field(description="学校 / school, null for an evaluated county")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    state: EvaluationState = Field(description="状态 / how far it has come")
    received_at: datetime | None = Field(description="签收时间 / when the order was received")
    judgement: str | None = Field(description="自查结论 / what the unit says of itself")
    expected_effects: str | None = Field(description="预期效果 / effects that were expected")
    achieved_effects: str | None = Field(description="实际效果 / effects that came about")
    handed_in_at: datetime | None = Field(description="报送时间 / when it was handed in")
    opinion: str | None = Field(description="评估意见，公布后可见 / opinion, once it is published")
    score: Decimal | None = Field(description="得分，公布后可见 / score, once it is published")
    published_at: datetime | None = Field(description="公布时间 / when the result was published")
    appeal: str | None = Field(description="申诉 / appeal")
    appealed_at: datetime | None = Field(description="申诉时间 / when it was appealed against")
    appeal_outcome: AppealOutcome | None = Field(description="申诉结果 / outcome of the appeal")
    appeal_reply: str | None = Field(description="申诉答复 / what was answered to the appeal")
    appeal_decided_at: datetime | None = Field(description="申诉处理时间 / when it was decided")
    score_before: Decimal | None = Field(description="申诉前得分 / score before the appeal")


# What can be refused.


class UnitEvaluationNotFound(NotFound):
    """There is no such evaluation for the one who asks."""

    code = "unit_evaluation_not_found"
    zh = "未找到该评估。"
    en = "There is no such evaluation of a unit."


class UnitEvaluationWrongState(Conflict):
    """What is to be done belongs to another moment of the evaluation."""

    code = "unit_evaluation_wrong_state"
    zh = "评估当前状态为“{state}”，不能执行此操作。"
    en = "The evaluation is '{state}': this cannot be done with it now."


class EvaluationAnsweredElsewhere(Invalid):
    """The unit that is evaluated speaks for itself; nobody above it does."""

    code = "evaluation_answered_elsewhere"
    zh = "此操作只能由被评单位自己进行。"
    en = "Only the unit that is evaluated does this."


class EvaluationWithoutStanding(Invalid):
    """Whoever evaluates acts for the bureau that ordered it: never for the unit that is evaluated."""

    code = "evaluation_without_standing"
    zh = "此操作只能由下达检查通知的教育局进行。"
    en = "Only the bureau that ordered the check does this."


# What may be asked.


def of_county_or_bureau(table: Any) -> Callable[[Any], ColumnElement[bool]]:
    """The place 'in this county': where the unit lies today, or the bureau whose word is still to come.

    A school that has moved elsewhere meanwhile is finished with by the bureau that began with it.
    """
    return lambda ids: or_(col(table.county_id) == any_(ids), col(table.by_unit_id) == any_(ids))


UNIT_EVALUATIONS = Door(
    table=UnitEvaluation,
    view=UnitEvaluationView,
    read=Permission.GUIDANCE_READ,
    missing=UnitEvaluationNotFound,
    places={"county_id": of_county_or_bureau(UnitEvaluation)},
    computed={
        name: col(getattr(CheckOrder, name))
        for name in ("title", "kind", "list_number", "school_year", "due_on")
    },
    joined=UnitEvaluation.__table__.join(  # type: ignore[attr-defined]
        CheckOrder.__table__,  # type: ignore[attr-defined]
        col(UnitEvaluation.order_id) == col(CheckOrder.id),
    ),
    filters={
        "order_id": col(UnitEvaluation.order_id),
        "unit_id": col(UnitEvaluation.unit_id),
        "by_unit_id": col(UnitEvaluation.by_unit_id),
        "state": col(UnitEvaluation.state),
        "kind": col(CheckOrder.kind),
        "school_year": col(CheckOrder.school_year),
        "handed_in": lambda given: col(UnitEvaluation.handed_in_at).is_not(None) == given,
    },
    sorts={"created": (), "due_on": (col(CheckOrder.due_on),)},
)
"""Evaluations, seen where the evaluated unit lies, and by the bureau that ordered them; what the evaluators
find is theirs until it is published."""


async def get_unit_evaluation(db: Connection, actor: Actor, *, evaluation_id: UUID) -> Row:
    """One evaluation within the actor's reach."""
    return await UNIT_EVALUATIONS.get(db, actor, evaluation_id)


async def list_unit_evaluations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    order_id: UUID | None = None,
    unit_id: UUID | None = None,
    state: EvaluationState | None = None,
    kind: CheckKind | None = None,
    school_year: int | None = None,
    handed_in: bool | None = None,
) -> Page:
    """The evaluations that the actor may see; of an order, those handed in and those that are owed."""
    filters = {
        "order_id": order_id, "unit_id": unit_id, "state": state, "kind": kind,
        "school_year": school_year, "handed_in": handed_in,
    }  # fmt: skip
    return await UNIT_EVALUATIONS.page(db, actor, page, filters=filters)


async def unit_evaluations_by_id(
    db: Connection, actor: Actor, *, evaluation_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many evaluations by their keys; None where the actor may not see one."""
    return await UNIT_EVALUATIONS.by_id(db, actor, evaluation_ids, columns=columns)


async def unit_evaluations_of(
    db: Connection,
    actor: Actor,
    *,
    order_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the evaluations under each of many orders."""
    return await UNIT_EVALUATIONS.pages_of(
        db, actor, col(UnitEvaluation.order_id), order_ids, page, columns=columns
    )


async def hold_as_unit(
    db: Connection, actor: Actor, *, evaluation_id: UUID, states: Collection[EvaluationState]
) -> Row:
    """An evaluation for the unit itself, held, if it is in one of these states."""
    right = Permission.GUIDANCE_ANSWER
    row = await UNIT_EVALUATIONS.get(db, actor, evaluation_id, permission=right, lock=True)
    if not speaks_for(actor, row["unit_id"], right):
        raise EvaluationAnsweredElsewhere
    check_state(row, states)
    return row


async def hold_as_bureau(
    db: Connection, actor: Actor, *, evaluation_id: UUID, states: Collection[EvaluationState]
) -> Row:
    """An evaluation for the bureau that ordered it, held, if it is in one of these states."""
    right = Permission.GUIDANCE_EVALUATE
    row = await UNIT_EVALUATIONS.get(db, actor, evaluation_id, permission=right, lock=True)
    check_standing(actor, row)
    check_state(row, states)
    return row


def check_standing(actor: Actor, row: Row, *, bureau: str = "by_unit_id") -> None:
    """Refuse whoever does not hold the right to evaluate at the bureau of this column."""
    place = {"city_id": row["city_id"], "county_id": row[bureau], "school_id": None}
    if not actor.scope(Permission.GUIDANCE_EVALUATE).covers(place):
        raise EvaluationWithoutStanding


def check_state(row: Row, states: Collection[EvaluationState]) -> None:
    """Refuse what belongs to another moment."""
    if row["state"] not in states:
        raise UnitEvaluationWrongState(state=row["state"])
