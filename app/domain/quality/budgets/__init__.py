"""Budgets (经费预算): what a unit has for training in a year, line by line, and the journal that moves it.

    draft ──submit──▶ submitted ──approve──▶ approved ──close──▶ closed
                         └──return──▶ returned    ▲────reopen──────┘

A unit's budget is approved by its superior; the city's by another person of the city. Lines say the class
of spending, whether the money is earmarked (专款), who provides it, and whether it is a priority item.
In reading order: `table` (what they are), `journal` (how money moves), `budget` (what may be asked),
`holding`, `drafting`, `steps` (what may be done).
"""

from app.domain.quality.budgets.budget import (
    AMENDED,
    BUDGET_LINES,
    BUDGET_PLACES,
    BUDGET_REVIEWS,
    BUDGETS,
    BudgetLineNotFound,
    BudgetNotFound,
    BudgetReviewNotFound,
    DecidedBySuperior,
    FundsOfOneself,
    budget_lines_by_id,
    get_budget,
    get_budget_line,
    lines_of_budgets,
    list_budget_lines,
    list_budget_reviews,
    list_budgets,
)
from app.domain.quality.budgets.drafting import (
    BudgetExists,
    BudgetLineExists,
    BudgetLinePlanned,
    NewBudget,
    NewBudgetLine,
    add_budget_line,
    draft_budget,
    drop_budget_line,
)
from app.domain.quality.budgets.holding import (
    BudgetStateWrong,
    check_budget_state,
    check_decides,
    hold_lines,
    open_budget,
    open_line,
    place_of,
)
from app.domain.quality.budgets.journal import (
    SUBJECTS,
    BudgetNotOpen,
    CommitmentExceeded,
    FundAccount,
    FundEntry,
    FundEntryKind,
    FundPosting,
    FundsInsufficient,
    Move,
    post_funds,
)
from app.domain.quality.budgets.steps import (
    BudgetEmpty,
    BudgetLeftOver,
    BudgetPending,
    FundsOpinion,
    approve_budget,
    close_budget,
    reopen_budget,
    return_budget,
    submit_budget,
)
from app.domain.quality.budgets.table import (
    NOTHING,
    YUAN,
    Budget,
    BudgetFields,
    BudgetLine,
    BudgetLineFields,
    BudgetLineView,
    BudgetReview,
    BudgetReviewView,
    BudgetState,
    BudgetStep,
    BudgetView,
    FundBalance,
    FundSource,
    SpendClass,
)

__all__ = [
    "AMENDED", "BUDGETS", "BUDGET_LINES", "BUDGET_PLACES", "BUDGET_REVIEWS", "NOTHING", "SUBJECTS", "YUAN",
    "Budget", "BudgetEmpty", "BudgetExists", "BudgetFields", "BudgetLeftOver", "BudgetLine",
    "BudgetLineExists", "BudgetLineFields", "BudgetLineNotFound", "BudgetLinePlanned",
    "BudgetLineView", "BudgetNotFound", "BudgetNotOpen", "BudgetPending", "BudgetReview",
    "BudgetReviewNotFound", "BudgetReviewView", "BudgetState", "BudgetStateWrong", "BudgetStep",
    "BudgetView", "CommitmentExceeded", "DecidedBySuperior", "FundAccount", "FundBalance",
    "FundEntry", "FundEntryKind", "FundPosting", "FundSource", "FundsInsufficient",
    "FundsOfOneself", "FundsOpinion", "Move", "NewBudget", "NewBudgetLine", "SpendClass",
    "add_budget_line", "approve_budget", "budget_lines_by_id", "check_budget_state",
    "check_decides", "close_budget", "draft_budget", "drop_budget_line", "get_budget",
    "get_budget_line", "hold_lines", "lines_of_budgets", "list_budget_lines",
    "list_budget_reviews", "list_budgets", "open_budget", "open_line", "place_of", "post_funds",
    "reopen_budget", "return_budget", "submit_budget",
]  # fmt: skip
