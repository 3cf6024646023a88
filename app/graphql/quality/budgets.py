"""Budgets over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import budgets, expenses
from app.domain.quality.budgets import (
    BudgetLineView,
    BudgetReviewView,
    BudgetState,
    BudgetView,
    FundsOpinion,
    NewBudget,
    NewBudgetLine,
    SpendClass,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(budgets.BUDGETS, name="Budget", description="经费预算 / a budget")
class BudgetNode(Node, BudgetView):
    """A budget."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit",
    )
    lines = paged_edge(
        budgets.lines_of_budgets,
        lazy("app.graphql.quality.budgets", "BudgetLineNode"),
        keys="budget_ids",
        first=50,
        description="预算科目 / its lines",
    )


@node(budgets.BUDGET_LINES, name="BudgetLine", description="预算科目 / a line of a budget")
class BudgetLineNode(Node, BudgetLineView):
    """A line of a budget."""

    expenses = paged_edge(
        expenses.expenses_of_lines,
        lazy("app.graphql.quality.expenses", "ExpenseNode"),
        keys="line_ids",
        first=20,
        description="支出 / what was spent of it",
    )


@node(budgets.BUDGET_REVIEWS, name="BudgetReview", description="预算审批记录 / a step of a budget")
class BudgetReviewNode(Node, BudgetReviewView):
    """A step of a budget."""


@strawberry.pydantic.input(name="NewBudget")
class NewBudgetInput(NewBudget):
    """A budget to be drafted."""


@strawberry.pydantic.input(name="NewBudgetLine")
class NewBudgetLineInput(NewBudgetLine):
    """A line to be added."""


@strawberry.pydantic.input(name="FundsOpinion")
class FundsOpinionInput(FundsOpinion):
    """What is said to a decision."""


@strawberry.type
class BudgetQueries:
    """What may be asked: budgets."""

    @strawberry.field(description="预算列表 / budgets", graphql_type=Connection[BudgetNode])
    async def budgets(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        year: int | None = None,
        state: BudgetState | None = None,
    ) -> Any:
        """The budgets of the units whose funds one may see (`year`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: budgets.list_budgets(
                db, actor, page=page, unit_id=unit_id, year=year, state=state
            ),
        )

    @strawberry.field(description="一份预算 / one budget", graphql_type=BudgetNode)
    async def budget(self, info: Info[Context], id: UUID) -> Any:
        """One budget."""
        actor = info.context.actor
        return await info.context.read(lambda db: budgets.get_budget(db, actor, budget_id=id))

    @strawberry.field(
        description="预算审批记录 / what was done with a budget",
        graphql_type=Connection[BudgetReviewNode],
    )
    async def budget_reviews(
        self,
        info: Info[Context],
        budget_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What was done with one budget, the first first (`taken`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: budgets.list_budget_reviews(db, actor, budget_id=budget_id, page=page),
        )

    @strawberry.field(
        description="预算科目列表 / lines of budgets", graphql_type=Connection[BudgetLineNode]
    )
    async def budget_lines(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        budget_id: UUID | None = None,
        unit_id: UUID | None = None,
        year: int | None = None,
        spend_class: SpendClass | None = None,
        earmark: str | None = None,
        is_priority: bool | None = None,
    ) -> Any:
        """Lines of the budgets that one may see (`created`, `planned`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: budgets.list_budget_lines(
                db,
                actor,
                page=page,
                budget_id=budget_id,
                unit_id=unit_id,
                year=year,
                spend_class=spend_class,
                earmark=earmark,
                is_priority=is_priority,
            ),
        )

    @strawberry.field(description="一个预算科目 / one line", graphql_type=BudgetLineNode)
    async def budget_line(self, info: Info[Context], id: UUID) -> Any:
        """One line, with where its money is."""
        actor = info.context.actor
        return await info.context.read(lambda db: budgets.get_budget_line(db, actor, line_id=id))


@strawberry.type
class BudgetMutations:
    """What may be done: budgets."""

    @strawberry.mutation(description="编制预算 / begin a budget", graphql_type=BudgetNode)
    async def draft_budget(self, info: Info[Context], new: NewBudgetInput) -> Any:
        """Begin the budget of a unit for a year."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.draft_budget(db, actor, new=new, now=now())

    @strawberry.mutation(description="报送预算 / hand a budget in", graphql_type=BudgetNode)
    async def submit_budget(self, info: Info[Context], budget_id: UUID) -> Any:
        """Hand a budget in; its lines stay as they are from then on, unless it is returned."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.submit_budget(db, actor, budget_id=budget_id, now=now())

    @strawberry.mutation(description="批复预算 / approve a budget", graphql_type=BudgetNode)
    async def approve_budget(
        self, info: Info[Context], budget_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Approve a budget as the unit's superior; its own money is there to be spent."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.approve_budget(
                db, actor, budget_id=budget_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="退回预算 / give a budget back", graphql_type=BudgetNode)
    async def return_budget(
        self, info: Info[Context], budget_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Give a budget back to be written on, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.return_budget(
                db, actor, budget_id=budget_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(
        description="决算关账 / close the books of a year", graphql_type=BudgetNode
    )
    async def close_budget(self, info: Info[Context], budget_id: UUID) -> Any:
        """Close the books of a year in which nothing waits and nothing is left."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.close_budget(db, actor, budget_id=budget_id, now=now())

    @strawberry.mutation(description="重新开账 / open closed books again", graphql_type=BudgetNode)
    async def reopen_budget(
        self, info: Info[Context], budget_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Open closed books again as the unit's superior, for a reason that stays."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.reopen_budget(
                db, actor, budget_id=budget_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="增列预算科目 / add a line", graphql_type=BudgetLineNode)
    async def add_budget_line(
        self, info: Info[Context], budget_id: UUID, new: NewBudgetLineInput
    ) -> Any:
        """Add a line to a draft, or one without a plan to an approved budget."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.add_budget_line(db, actor, budget_id=budget_id, new=new, now=now())

    @strawberry.mutation(
        description="删去预算科目 / take a line out of a draft", graphql_type=BudgetLineNode
    )
    async def drop_budget_line(self, info: Info[Context], line_id: UUID) -> Any:
        """Take a line out of a draft; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budgets.drop_budget_line(db, actor, line_id=line_id)
