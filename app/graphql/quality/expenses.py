"""Expenses over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import budgets, expenses
from app.domain.quality.budgets import SpendClass
from app.domain.quality.expenses import ExpenseState, ExpenseView, NewExpense
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.quality.budgets import BudgetLineNode, FundsOpinionInput
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(expenses.EXPENSES, name="Expense", description="支出 / an expense")
class ExpenseNode(Node, ExpenseView):
    """An expense."""

    line = edge(
        budgets.budget_lines_by_id,
        BudgetLineNode,
        many=False,
        keys="line_ids",
        key="line_id",
        description="预算科目 / line of the budget",
    )


@strawberry.pydantic.input(name="NewExpense")
class NewExpenseInput(NewExpense):
    """An expense to be handed in."""


@strawberry.type
class ExpenseQueries:
    """What may be asked: expenses."""

    @strawberry.field(description="支出列表 / expenses", graphql_type=Connection[ExpenseNode])
    async def expenses(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        line_id: UUID | None = None,
        commitment_id: UUID | None = None,
        activity_id: UUID | None = None,
        topic_id: UUID | None = None,
        output_id: UUID | None = None,
        state: ExpenseState | None = None,
        spend_class: SpendClass | None = None,
    ) -> Any:
        """The expenses of the units whose funds one may see (`created`, `spent_on`, `amount`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: expenses.list_expenses(
                db,
                actor,
                page=page,
                line_id=line_id,
                commitment_id=commitment_id,
                activity_id=activity_id,
                topic_id=topic_id,
                output_id=output_id,
                state=state,
                spend_class=spend_class,
            ),
        )

    @strawberry.field(description="一笔支出 / one expense", graphql_type=ExpenseNode)
    async def expense(self, info: Info[Context], id: UUID) -> Any:
        """One expense."""
        actor = info.context.actor
        return await info.context.read(lambda db: expenses.get_expense(db, actor, expense_id=id))


@strawberry.type
class ExpenseMutations:
    """What may be done: expenses."""

    @strawberry.mutation(description="提交支出 / hand an expense in", graphql_type=ExpenseNode)
    async def submit_expense(self, info: Info[Context], line_id: UUID, new: NewExpenseInput) -> Any:
        """Hand in what was spent out of a line."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await expenses.submit_expense(db, actor, line_id=line_id, new=new, now=now())

    @strawberry.mutation(description="批准支出 / approve an expense", graphql_type=ExpenseNode)
    async def approve_expense(
        self, info: Info[Context], expense_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Approve an expense within one's limit: the money moves."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await expenses.approve_expense(
                db, actor, expense_id=expense_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="退回支出 / give an expense back", graphql_type=ExpenseNode)
    async def return_expense(
        self, info: Info[Context], expense_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Give an expense back, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await expenses.return_expense(
                db, actor, expense_id=expense_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="冲销支出 / reverse an expense", graphql_type=ExpenseNode)
    async def reverse_expense(
        self, info: Info[Context], expense_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Take an approved expense back by an entry of its own."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await expenses.reverse_expense(
                db, actor, expense_id=expense_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(
        description="支出附件链接 / a link to a file of an expense", graphql_type=FileLinkNode
    )
    async def create_expense_file_link(
        self, info: Info[Context], expense_id: UUID, file_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to a file of an expense, for ten minutes; that it was asked for is recorded."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await expenses.create_expense_file_link(
                db, actor, expense_id=expense_id, file_id=file_id, new=new, links=links, now=now()
            )
