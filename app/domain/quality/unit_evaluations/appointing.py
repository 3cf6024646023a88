"""Appointing evaluators, and taking an appointment back before anything was found by it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.delegations import Delegation
from app.domain.access.holders import check_in_office
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict
from app.domain.organisation.departments import DEPARTMENTS, DepartmentNotFound
from app.domain.quality.check_orders.order import CHECK_ORDERS
from app.domain.quality.unit_evaluations.evaluation import (
    UnitEvaluationNotFound,
    hold_as_bureau,
)
from app.domain.quality.unit_evaluations.evaluators import EVALUATORS, check_not_own
from app.domain.quality.unit_evaluations.table import (
    EvaluationState,
    Evaluator,
    UnitEvaluation,
    Verification,
)
from app.domain.quality.unit_evaluations.values import asked_of
from app.sql import Connection, Row, Statement, new_id


class NewEvaluator(Command):
    """Somebody to be appointed."""

    account_id: UUID = Field(description="账号 / account")
    department_id: UUID | None = Field(
        default=None, description="代表的部门 / the department for which they come, if for one"
    )


class EvaluatorAppointment(Command):
    """Who evaluates which units under an order."""

    unit_ids: list[UUID] = Field(
        min_length=1, max_length=3000, description="被评单位 / units to be evaluated"
    )
    evaluators: list[NewEvaluator] = Field(
        min_length=1, max_length=20, description="评估人员 / evaluators"
    )


# What can be refused.


class EvaluatorHasVerified(Conflict):
    """Whoever has said what they found stays appointed: it is known who said it, and by which right."""

    code = "evaluator_has_verified"
    zh = "该评估人员已提交核定值，不能撤销指派。"
    en = "This evaluator has found values already: the appointment is not taken back."


# What may be asked.

_EVALUATIONS = Statement(
    select(col(UnitEvaluation.id)).where(
        col(UnitEvaluation.order_id) == bindparam("order_id", type_=Uuid),
        col(UnitEvaluation.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
    )
)

# What may be done.

_NAMES = ("id", "evaluation_id", "account_id", "department_id")
_rows = (
    func.unnest(*(bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in _NAMES))
    .table_valued(*_NAMES)
    .render_derived(name="appointed")
)
_APPOINT = Statement(
    insert(Evaluator)
    .from_select(
        [*_NAMES, "appointed_at", "appointed_by"],
        select(
            *(_rows.c[name] for name in _NAMES),
            bindparam("now", type_=MOMENT),
            bindparam("by", type_=Uuid),
        ),
    )
    .on_conflict_do_nothing()
)


async def appoint_evaluators(
    db: Connection,
    actor: Actor,
    *,
    order_id: UUID,
    appointment: EvaluatorAppointment,
    now: datetime,
) -> Row:
    """Appoint people to evaluate units under an order; whoever is one of them already stays so.

    They are people of the bureau's place, or with a role in it. They are refused together where one belongs
    to one of the units, or did within the period.
    """
    right = Permission.GUIDANCE_EVALUATE
    order = await CHECK_ORDERS.get(db, actor, order_id, permission=right)
    people = {each.account_id: each.department_id for each in appointment.evaluators}
    unit_ids = list(dict.fromkeys(appointment.unit_ids))
    await check_in_office(db, account_ids=people, unit_id=order["unit_id"])
    departments = {each for each in people.values() if each is not None}
    known = await DEPARTMENTS.by_id(db, actor, list(departments))
    if any(row is None or row["unit_id"] != order["unit_id"] for row in known.values()):
        raise DepartmentNotFound
    rows = await db.all(_EVALUATIONS, order_id=order_id, unit_ids=unit_ids)
    if len(rows) < len(unit_ids):
        raise UnitEvaluationNotFound
    await check_not_own(db, account_ids=people, unit_ids=unit_ids, since=order["since"])
    pairs = [(row["id"], *person) for row in rows for person in people.items()]
    await db.run(
        _APPOINT,
        ids=[new_id() for _ in pairs],
        evaluation_ids=[pair[0] for pair in pairs],
        account_ids=[pair[1] for pair in pairs],
        department_ids=[pair[2] for pair in pairs],
        now=now,
        by=actor.account_id,
    )
    return await CHECK_ORDERS.get(db, actor, order_id)


_OF_APPOINTMENT = Statement(
    select(col(Evaluator.evaluation_id), col(Evaluator.account_id)).where(
        col(Evaluator.id) == bindparam("evaluator_id", type_=Uuid)
    )
)
_ACCOUNT = bindparam("account_id", type_=Uuid)
_acted_for = exists(
    select(col(Delegation.id)).where(
        col(Delegation.granter_id) == _ACCOUNT,
        col(Delegation.delegate_id) == col(Verification.verified_by),
    )
)
_HAS_VERIFIED = Statement(
    select(
        exists(
            select(col(Verification.id)).where(
                col(Verification.evaluation_id) == bindparam("evaluation_id", type_=Uuid),
                or_(col(Verification.verified_by) == _ACCOUNT, _acted_for),
            )
        )
    )
)
_REMOVE = Statement(
    delete(Evaluator).where(col(Evaluator.id) == bindparam("evaluator_id", type_=Uuid))
)


async def remove_evaluator(db: Connection, actor: Actor, *, evaluator_id: UUID) -> Row:
    """Take an appointment back before any value was given by it; the audit trail keeps that it was.

    The evaluation is held, as it is by who verifies: a value is given before, or no more.
    """
    right = Permission.GUIDANCE_EVALUATE
    await EVALUATORS.get(db, actor, evaluator_id, permission=right)
    found = await db.one(_OF_APPOINTMENT, evaluator_id=evaluator_id) or {}
    evaluation = await hold_as_bureau(
        db,
        actor,
        evaluation_id=found["evaluation_id"],
        states=(EvaluationState.OPEN, EvaluationState.HANDED_IN),
    )
    asked = await asked_of(db, evaluation_id=evaluation["id"])
    # Whoever belongs to the unit does not choose who evaluates it, in this way neither.
    await check_not_own(
        db, account_ids=actor.accounts, unit_ids=[evaluation["unit_id"]], since=asked["since"]
    )
    removed = await EVALUATORS.get(db, actor, evaluator_id)
    if await db.value(_HAS_VERIFIED, **found):
        raise EvaluatorHasVerified
    await db.run(_REMOVE, evaluator_id=evaluator_id)
    return removed
