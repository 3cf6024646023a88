"""What people do with a sheet: a teacher objects, the school answers, and somebody confirms or withdraws it.

A machine counts and nobody is paid by it: 个人信息保护法 第二十四条 lets nobody be decided on by automation
alone. A sheet has no effect until a human who did not make it, and is not on it, has confirmed it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.quality.pay_schemes import PayScheme
from app.domain.quality.pay_sheets.making import compute_parts
from app.domain.quality.pay_sheets.sheet import (
    PAY_LINES,
    PAY_SHEETS,
    PayLine,
    PaySheet,
    PaySheetState,
)
from app.sql import Connection, Row, Statement


class PayObjection(Command):
    """What a teacher finds wrong in the own line."""

    objection: str = Field(min_length=2, max_length=2000, description="异议 / what is wrong")


class PayObjectionDecision(Command):
    """What is answered; upheld, the line is counted anew from the register as it is now."""

    upheld: bool = Field(
        description="异议是否成立 / whether it is upheld: the line is counted anew"
    )
    answer: str = Field(min_length=2, max_length=2000, description="答复 / why")


class PaySheetWithdrawal(Command):
    """Why a sheet does not stand."""

    reason: str = Field(min_length=2, max_length=500, description="撤回理由 / why")


# What can be refused.


class PaySheetWrongState(Conflict):
    """What is to be done belongs to another moment of the sheet."""

    code = "pay_sheet_wrong_state"
    zh = "绩效投入表当前状态为“{state}”，不能执行此操作。"
    en = "The sheet is '{state}': this cannot be done with it now."


class PaySheetOfOneself(Conflict):
    """Who is on a sheet, or made it, neither confirms it nor undoes that; nobody answers about the own line."""

    code = "pay_sheet_of_oneself"
    zh = "生成人和表内教师不得确认该表，也不得处理对本人明细的异议。"
    en = "Who made a sheet or is on it does not confirm it, nor answers about the own line."


class PayObjectionTooLate(Conflict):
    """Teachers look at their lines until a day."""

    code = "pay_objection_too_late"
    zh = "核对期限（{day}）已过。"
    en = "Objections could be made until {day}."


class PayObjectionMade(Conflict):
    """One objects once; and there is something to answer, or was."""

    code = "pay_objection_made"
    zh = "已提出异议，或异议已处理，或没有异议。"
    en = "An objection was made or answered already, or there is none."


class PaySheetOpenToObjections(Conflict):
    """A sheet is confirmed when teachers have had their days, and every objection its answer."""

    code = "pay_sheet_open_to_objections"
    zh = "核对期（{day}）未满，或尚有异议未处理。"
    en = "Teachers may object until {day}, or an objection has not been answered."


# What may be asked.

_sheet = bindparam("sheet_id", type_=Uuid)
_MAKERS = Statement(
    select(col(PaySheet.made_by), col(PaySheet.made_for)).where(col(PaySheet.id) == _sheet)
)
_ON_IT = Statement(
    select(
        exists(
            select(col(PayLine.id))
            .join(Account, col(Account.teacher_id) == col(PayLine.teacher_id))
            .where(
                col(PayLine.sheet_id) == _sheet,
                col(Account.id) == any_(bindparam("accounts", type_=ARRAY(Uuid))),
            )
        )
    )
)
_TERMS = Statement(
    select(col(PayScheme.terms))
    .join(PaySheet, col(PaySheet.scheme_id) == col(PayScheme.id))
    .where(col(PaySheet.id) == _sheet)
)

_SHARE = Statement(
    select(col(PaySheet.id)).where(col(PaySheet.id) == _sheet).with_for_update(read=True)
)

# What may be done. A sheet is locked before any of its lines.


async def _hold(db: Connection, actor: Actor, sheet_id: UUID, right: Permission) -> Row:
    return await PAY_SHEETS.get(db, actor, sheet_id, permission=right, lock=True)


async def object_to_pay_line(
    db: Connection, actor: Actor, *, line_id: UUID, said: PayObjection, now: datetime
) -> Row:
    """Object in person to the own line, while the sheet is open and its days last."""
    right = Permission.RECORD_OWN
    seen = await PAY_LINES.get(db, actor, line_id, permission=right)
    actor.require_in_person()
    # Shared, for many object at once: but nobody confirms or withdraws the sheet meanwhile.
    await db.run(_SHARE, sheet_id=seen["sheet_id"])
    line = await PAY_LINES.get(db, actor, line_id, permission=right, lock=True)
    if line["state"] != PaySheetState.OPEN:
        raise PaySheetWrongState(state=line["state"])
    if civil_date(now) > line["closes_on"]:
        raise PayObjectionTooLate(day=line["closes_on"].isoformat())
    if line["objected_at"] is not None:
        raise PayObjectionMade
    await db.change(PayLine, line_id, {"objection": said.objection, "objected_at": now})
    return await PAY_LINES.get(db, actor, line_id)


async def decide_pay_objection(
    db: Connection, actor: Actor, *, line_id: UUID, decision: PayObjectionDecision, now: datetime
) -> Row:
    """Answer an objection; upheld, the line is counted anew from the register as it is now."""
    right = Permission.INCENTIVE_DECIDE
    line = await PAY_LINES.get(db, actor, line_id, permission=right)
    sheet = await _hold(db, actor, line["sheet_id"], right)
    if sheet["state"] != PaySheetState.OPEN:
        raise PaySheetWrongState(state=sheet["state"])
    if await is_oneself(db, actor, teacher_ids=[line["teacher_id"]]):
        raise PaySheetOfOneself
    line = await PAY_LINES.get(db, actor, line_id, permission=right, lock=True)
    if line["objected_at"] is None or line["answered_at"] is not None:
        raise PayObjectionMade
    answered: dict[str, Any] = {
        **decision.model_dump(), "answered_at": now, "answered_by": actor.account_id,
    }  # fmt: skip
    if decision.upheld:
        terms = await db.value(_TERMS, sheet_id=sheet["id"])
        [(parts, points)] = (
            await compute_parts(
                db, terms=terms, teacher_ids=[line["teacher_id"]],
                since=sheet["starts_on"], until=sheet["ends_on"],
            )
        ).values()  # fmt: skip
        answered |= {"parts": parts, "points": points, "computed_at": now}
    await db.change(PayLine, line_id, answered)
    return await PAY_LINES.get(db, actor, line_id)


async def _check_not_on_it(db: Connection, actor: Actor, sheet_id: UUID) -> None:
    makers = await db.one(_MAKERS, sheet_id=sheet_id) or {}
    if set(makers.values()) & set(actor.accounts):
        raise PaySheetOfOneself
    if await db.value(_ON_IT, sheet_id=sheet_id, accounts=list(actor.accounts)):
        raise PaySheetOfOneself


async def confirm_pay_sheet(db: Connection, actor: Actor, *, sheet_id: UUID, now: datetime) -> Row:
    """Confirm a sheet as a human who neither made it nor is on it; it is not changed any more."""
    sheet = await _hold(db, actor, sheet_id, Permission.INCENTIVE_DECIDE)
    if sheet["state"] != PaySheetState.OPEN:
        raise PaySheetWrongState(state=sheet["state"])
    await _check_not_on_it(db, actor, sheet_id)
    # Read once more: somebody may have objected while the sheet was waited for.
    sheet = await PAY_SHEETS.get(db, actor, sheet_id)
    if civil_date(now) <= sheet["closes_on"] or sheet["objections"]:
        raise PaySheetOpenToObjections(day=sheet["closes_on"].isoformat())
    confirmed = {
        "state": PaySheetState.CONFIRMED, "confirmed_at": now, "confirmed_by": actor.account_id,
    }  # fmt: skip
    await db.change(PaySheet, sheet_id, confirmed)
    return await PAY_SHEETS.get(db, actor, sheet_id)


async def withdraw_pay_sheet(
    db: Connection, actor: Actor, *, sheet_id: UUID, withdrawal: PaySheetWithdrawal, now: datetime
) -> Row:
    """Withdraw a sheet with the reason, so that its days can be counted anew; its lines stay to be seen.

    What somebody has confirmed only those withdraw who might have confirmed it.
    """
    sheet = await _hold(db, actor, sheet_id, Permission.INCENTIVE_DECIDE)
    if sheet["state"] == PaySheetState.WITHDRAWN:
        raise PaySheetWrongState(state=sheet["state"])
    if sheet["state"] == PaySheetState.CONFIRMED:
        await _check_not_on_it(db, actor, sheet_id)
    withdrawn = {
        "state": PaySheetState.WITHDRAWN, "withdrawn_because": withdrawal.reason,
        "withdrawn_at": now, "withdrawn_by": actor.account_id,
    }  # fmt: skip
    await db.change(PaySheet, sheet_id, withdrawn)
    return await PAY_SHEETS.get(db, actor, sheet_id)
