"""Expenses (支出): what was spent out of a line in each row, handed in to be decided by others.

A row that says the same as an expense of that line changes nothing. What was handed in is returned or
reversed as any other expense, and not taken back with the file: the books know no deletion.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.budgets import budgets_known
from app.domain.exchange.imports.kinds.titled import TitleAmbiguous
from app.domain.exchange.imports.kinds.words import SPEND_CLASSES
from app.domain.exchange.imports.named_persons import key_about
from app.domain.exchange.imports.places import hold_places, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince
from app.domain.people.teachers.strata import is_among
from app.domain.quality.budgets import BudgetLineNotFound, SpendClass
from app.domain.quality.expenses import Expense, ExpenseState, NewExpense, submit_expense
from app.domain.training.activities import Activity, ActivityNotFound
from app.sql import Connection, Row, Statement


class ExpenseRow(Command):
    """A row of a file of expenses."""

    line: str = Field(min_length=2, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    spend_class: SpendClass
    amount: Decimal = Field(gt=0, max_digits=14, decimal_places=2)
    payee: str = Field(min_length=2, max_length=100)
    summary: str = Field(min_length=2, max_length=200)
    spent_on: date
    voucher: str | None = Field(default=None, min_length=1, max_length=60)
    activity: str | None = Field(default=None, min_length=1, max_length=200)
    other_purpose: str | None = Field(default=None, min_length=2, max_length=500)


class ExpenseHandedIn(Conflict):
    """What was handed in is decided on, and taken back by no file."""

    code = "import_expense_handed_in"
    zh = "支出已报送，须由审批人退回或冲销，不能随导入撤回。"
    en = "The expense was handed in: whoever decides returns or reverses it, no import takes it back."


_COLUMNS = (
    ImportColumn("line", "科目名称", "Line", "教师培训费", needed=True, also=("预算科目", "科目")),
    ImportColumn("unit", "单位", "Unit", also=("学校", "学校名称", "预算单位")),
    ImportColumn("spend_class", "支出类别", "Class of spending", "培训", needed=True,
                 words=SPEND_CLASSES),
    ImportColumn("amount", "金额", "Amount", "1200.00", needed=True, also=("支出金额",)),
    ImportColumn("payee", "收款方", "Payee", "某某师范大学", needed=True, also=("收款单位", "收款人")),
    ImportColumn("summary", "摘要", "Summary", "专家讲座费", needed=True, also=("支出摘要",)),
    ImportColumn("spent_on", "发生日期", "Spent on", "2026-10-12", needed=True, day=True,
                 also=("支出日期", "日期")),
    ImportColumn("voucher", "凭证号", "Voucher", "记-2026-118"),
    ImportColumn("activity", "活动名称", "Activity", also=("用于活动",)),
    ImportColumn("other_purpose", "其他用途及理由", "Other purpose", "购置研训用书，未对应登记事项",
                 also=("其他用途",)),
)  # fmt: skip
_SAID = ("amount", "payee", "summary", "spent_on")
_HANDED_IN = Statement(
    select(col(Expense.id), col(Expense.line_id), *(col(getattr(Expense, name)) for name in _SAID))
    .where(
        col(Expense.line_id) == any_(bindparam("line_ids", type_=ARRAY(Uuid))),
        is_among(col(Expense.state), (ExpenseState.SUBMITTED, ExpenseState.APPROVED)),
    )
    .order_by(col(Expense.id).desc())
)
_ACTIVITIES = Statement(
    select(col(Activity.id), col(Activity.title), col(Activity.organiser_unit_id)).where(
        col(Activity.organiser_unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(Activity.title) == any_(bindparam("titles", type_=ARRAY(Text))),
    )
)


def _identify(said: ExpenseRow, _: Ground) -> tuple[str, str]:
    about = (str(said.spent_on), f"{said.amount:.2f}", said.payee, said.summary, said.line)
    return key_about(said.unit or "", *about), f"{said.spent_on} {said.summary}"


def _about(draft: Draft) -> tuple[UUID, int, str]:
    return (draft.unit or {})["id"], draft.said.spent_on.year, draft.said.line


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(
        db, ground=ground, drafts=drafts, column=EXPENSES.column("unit").zh, lock=lock
    )
    placed = [draft for draft in drafts if draft.unit is not None]
    _, lines = await budgets_known(db, asked=map(_about, placed))
    held = await db.all(_HANDED_IN, line_ids=[row["line_id"] for row in lines.values()])
    kept = {(row["line_id"], *(row[name] for name in _SAID)): row["id"] for row in held}
    activities = await _activities(db, placed)
    for draft in placed:
        line = lines.get(_about(draft))
        if line is None:
            draft.refuse(BudgetLineNotFound(), column=EXPENSES.column("line").zh)
            continue
        said = draft.said
        draft.wanted = wanted_of(said, (*_SAID, "voucher", "spend_class"))
        draft.target_id = kept.get((line["line_id"], *(getattr(said, name) for name in _SAID)))
        if draft.target_id is not None:
            draft.current = dict(draft.wanted)
            continue
        _begin(draft, line["line_id"], activities.get((_about(draft)[0], said.activity), []))


async def _activities(
    db: Connection, drafts: Sequence[Draft]
) -> dict[tuple[UUID, str | None], list[UUID]]:
    """The activities that rows name, by the unit that organised them and their title."""
    asked = {(_about(draft)[0], draft.said.activity) for draft in drafts if draft.said.activity}
    found: dict[tuple[UUID, str | None], list[UUID]] = {}
    if asked:
        units, titles = zip(*asked, strict=True)
        rows = await db.all(_ACTIVITIES, unit_ids=sorted(set(units)), titles=sorted(set(titles)))
        for row in rows:
            found.setdefault((row["organiser_unit_id"], row["title"]), []).append(row["id"])
    return found


def _begin(draft: Draft, line_id: UUID, activities: Sequence[UUID]) -> None:
    """What is to be handed in, as the noun's own command; refused where that refuses it."""
    header, said = EXPENSES.column("activity").zh, draft.said
    if said.activity is not None and not activities:
        draft.refuse(ActivityNotFound(), column=header)
    elif said.activity is not None and len(activities) > 1:
        draft.refuse(TitleAmbiguous(count=len(activities)), column=header)
    if draft.refused:
        return
    given: dict[str, Any] = said.model_dump(exclude={"line", "unit", "activity"})
    if said.activity is not None:
        given["activity_id"] = activities[0]
    try:
        draft.work = line_id, NewExpense.model_validate(given)
    except ValidationError as problem:
        refuse_unfit(EXPENSES, draft, problem)


def _same(draft: Draft) -> tuple[Any, ...]:
    return (*_about(draft), *(getattr(draft.said, name) for name in _SAID))


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for draft in apart(drafts, _same):
        line_id, new = draft.work
        made = await submit_expense(db, actor, line_id=line_id, new=new, now=ground.now)
        draft.target_id = made["id"]


async def _restore(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    """No row changes an expense, and none is given back."""
    raise ChangedSince


async def _remove(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    raise ExpenseHandedIn


EXPENSES = ImportKind(
    subject=ImportSubject.EXPENSES,
    words="支出 / expenses",
    permission=Permission.FUNDS_WRITE,
    columns=_COLUMNS,
    row=ExpenseRow,
    identified_by=("line", "amount", "spent_on"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)
