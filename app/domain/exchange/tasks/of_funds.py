"""What waits in the workflows of the funds: budgets, amendments, money on its way, expenses."""

from typing import Any

from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import (
    above_bureau_over,
    above_unit_of,
    bureau_over,
    unit_of,
)
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.quality.appropriations import Appropriation, AppropriationState
from app.domain.quality.budget_amendments import AmendmentState, BudgetAmendment
from app.domain.quality.budgets import Budget, BudgetLine, BudgetState
from app.domain.quality.expenses import Expense, ExpenseState

_AMENDED: Any = beside(BudgetAmendment, Budget, col(BudgetAmendment.budget_id) == col(Budget.id))
_RECEIVED: Any = beside(
    Appropriation, BudgetLine, col(Appropriation.to_line_id) == col(BudgetLine.id)
).join(Budget.__table__, col(BudgetLine.budget_id) == col(Budget.id))  # type: ignore[attr-defined]

OF_FUNDS = (
    Waiting(
        kind=TaskKind.BUDGET_TO_APPROVE,
        permission=Permission.FUNDS_APPROVE,
        table=Budget,
        title=col(Budget.year),
        since=col(Budget.since),
        at=bureau_over(Budget),
        above=above_bureau_over(Budget),
        waits=col(Budget.state) == BudgetState.SUBMITTED,
        by=col(Budget.submitted_by),
    ),
    Waiting(
        kind=TaskKind.BUDGET_TO_REVISE,
        permission=Permission.FUNDS_WRITE,
        table=Budget,
        title=col(Budget.year),
        since=col(Budget.since),
        at=unit_of(Budget),
        above=above_unit_of(Budget),
        waits=col(Budget.state) == BudgetState.RETURNED,
    ),
    Waiting(
        kind=TaskKind.BUDGET_AMENDMENT_TO_DECIDE,
        permission=Permission.FUNDS_APPROVE,
        table=BudgetAmendment,
        rows=_AMENDED,
        title=col(BudgetAmendment.reason),
        since=col(BudgetAmendment.proposed_at),
        at=bureau_over(Budget),
        above=above_bureau_over(Budget),
        waits=col(BudgetAmendment.state) == AmendmentState.SUBMITTED,
        by=col(BudgetAmendment.proposed_by),
    ),
    Waiting(
        kind=TaskKind.APPROPRIATION_TO_ACKNOWLEDGE,
        permission=Permission.FUNDS_WRITE,
        table=Appropriation,
        rows=_RECEIVED,
        title=col(Appropriation.reason),
        since=col(Appropriation.sent_at),
        at=unit_of(Budget),
        above=above_unit_of(Budget),
        waits=col(Appropriation.state) == AppropriationState.SENT,
        by=col(Appropriation.sent_by),
    ),
    Waiting(
        kind=TaskKind.EXPENSE_TO_APPROVE,
        permission=Permission.FUNDS_APPROVE,
        table=Expense,
        title=col(Expense.summary),
        since=col(Expense.submitted_at),
        at=unit_of(Expense),
        above=above_unit_of(Expense),
        waits=col(Expense.state) == ExpenseState.SUBMITTED,
        by=col(Expense.submitted_by),
    ),
)
