"""What may be asked of expenses."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import BudgetLine, SpendClass
from app.domain.quality.expenses.table import (
    Expense,
    ExpenseAttachment,
    ExpenseState,
    ExpenseView,
)
from app.sql import Connection, Row

# What can be refused.


class ExpenseNotFound(NotFound):
    """There is no such expense for the one who asks."""

    code = "expense_not_found"
    zh = "未找到该笔支出。"
    en = "There is no such expense."


# What may be asked.

_EXPENSES, _LINES = Expense.__table__, BudgetLine.__table__  # type: ignore[attr-defined]
_FILES = func.array(
    select(col(ExpenseAttachment.file_id))
    .where(col(ExpenseAttachment.expense_id) == _EXPENSES.c.id)
    .order_by(col(ExpenseAttachment.file_id))
    .scalar_subquery()
)

EXPENSES = Door(
    table=Expense,
    view=ExpenseView,
    read=Permission.FUNDS_READ,
    missing=ExpenseNotFound,
    computed={
        "file_ids": _FILES, "spend_class": _LINES.c.spend_class, "earmark": _LINES.c.earmark,
    },
    joined=_EXPENSES.join(_LINES, _EXPENSES.c.line_id == _LINES.c.id),
    filters={
        **{
            name: _EXPENSES.c[name]
            for name in ("line_id", "commitment_id", "state", "activity_id", "topic_id", "output_id")
        },
        "spend_class": _LINES.c.spend_class,
        "since": lambda day: _EXPENSES.c.spent_on >= day,
        "until": lambda day: _EXPENSES.c.spent_on <= day,
    },
    sorts={"created": (), "spent_on": (_EXPENSES.c.spent_on,), "amount": (_EXPENSES.c.amount,)},
)  # fmt: skip


async def get_expense(db: Connection, actor: Actor, *, expense_id: UUID) -> Row:
    """One expense of a unit whose funds the actor may see."""
    return await EXPENSES.get(db, actor, expense_id)


async def list_expenses(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    line_id: UUID | None = None,
    commitment_id: UUID | None = None,
    activity_id: UUID | None = None,
    topic_id: UUID | None = None,
    output_id: UUID | None = None,
    state: ExpenseState | None = None,
    spend_class: SpendClass | None = None,
) -> Page:
    """The expenses of the units whose funds the actor may see, in the order of handing in."""
    filters = {
        "line_id": line_id, "commitment_id": commitment_id, "activity_id": activity_id,
        "topic_id": topic_id, "output_id": output_id, "state": state, "spend_class": spend_class,
    }  # fmt: skip
    return await EXPENSES.page(db, actor, page, filters=filters)


async def expenses_of_lines(
    db: Connection,
    actor: Actor,
    *,
    line_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The expenses of each of many lines, in the order of handing in."""
    return await EXPENSES.pages_of(db, actor, _EXPENSES.c.line_id, line_ids, page, columns=columns)
