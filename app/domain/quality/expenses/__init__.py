"""Expenses (支出): what was paid out of a line of a budget, for what, approved by whom.

    submitted ──approve──▶ approved ──reverse──▶ reversed
        └─────return─────▶ returned

Money moves when an expense is approved, within the limit that the unit gives to who approves, and never by
who handed it in. In reading order: `table`, `expense`, `submitting`, `deciding`.
"""

from app.domain.quality.expenses.deciding import (
    ExpenseStateWrong,
    approve_expense,
    create_expense_file_link,
    return_expense,
    reverse_expense,
)
from app.domain.quality.expenses.expense import (
    EXPENSES,
    ExpenseNotFound,
    expenses_of_lines,
    get_expense,
    list_expenses,
)
from app.domain.quality.expenses.submitting import (
    ExpenseFileElsewhere,
    ExpenseFileUsed,
    ExpenseNotAsCommitted,
    ExpenseOutsideYear,
    NewExpense,
    SpendClassWrong,
    submit_expense,
)
from app.domain.quality.expenses.table import (
    Expense,
    ExpenseAttachment,
    ExpenseFields,
    ExpenseState,
    ExpenseView,
)

__all__ = [
    "EXPENSES", "Expense", "ExpenseAttachment", "ExpenseFields", "ExpenseFileElsewhere",
    "ExpenseFileUsed", "ExpenseNotAsCommitted", "ExpenseNotFound", "ExpenseOutsideYear", "ExpenseState",
    "ExpenseStateWrong", "ExpenseView", "NewExpense", "SpendClassWrong", "approve_expense",
    "create_expense_file_link", "expenses_of_lines", "get_expense", "list_expenses",
    "return_expense", "reverse_expense", "submit_expense",
]  # fmt: skip
