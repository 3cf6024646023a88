"""What may be asked of budgets, their lines and the steps that were taken with them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Numeric, Text, Uuid, column, func, select, table

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets.table import (
    NOTHING,
    Budget,
    BudgetLine,
    BudgetLineView,
    BudgetReview,
    BudgetReviewView,
    BudgetState,
    BudgetView,
    FundBalance,
    SpendClass,
)
from app.sql import Connection, Row

# What can be refused.


class BudgetNotFound(NotFound):
    """There is no such budget for the one who asks."""

    code = "budget_not_found"
    zh = "未找到该预算。"
    en = "There is no such budget."


class BudgetLineNotFound(NotFound):
    """There is no such line for the one who asks."""

    code = "budget_line_not_found"
    zh = "未找到该预算科目。"
    en = "There is no such line of a budget."


class BudgetReviewNotFound(NotFound):
    """There is no such step for the one who asks."""

    code = "budget_review_not_found"
    zh = "未找到该预算审批记录。"
    en = "There is no such step of a budget."


class DecidedBySuperior(Conflict):
    """What a unit plans for itself its superior decides; the city's own, another person of the city."""

    code = "funds_decided_by_superior"
    zh = "本单位的预算及其调整由上级主管部门审批。"
    en = "A unit's budget and its amendments are decided on by its superior."


class FundsOfOneself(Conflict):
    """Nobody decides on what they handed in or sent, or on what they are paid."""

    code = "funds_of_oneself"
    zh = "不能审批或确认由本人提交或付给本人的款项。"
    en = "Nobody decides on money that they handed in or sent themselves, or that is paid to them."


# What may be asked.

_BUDGETS, _LINES, _REVIEWS, _BALANCES, _ACCOUNTS = (
    each.__table__  # type: ignore[union-attr]
    for each in (Budget, BudgetLine, BudgetReview, FundBalance, Account)
)
BUDGET_PLACES = {name: _BUDGETS.c[name] for name in PLACE}
"""What hangs below a budget lies where that does."""

BUDGETS = Door(
    table=Budget,
    view=BudgetView,
    read=Permission.FUNDS_READ,
    missing=BudgetNotFound,
    filters={name: _BUDGETS.c[name] for name in ("unit_id", "year", "state")},
    sorts={"year": (_BUDGETS.c.year,), "created": ()},
)
BUDGET_REVIEWS = Door(
    table=BudgetReview,
    view=BudgetReviewView,
    read=Permission.FUNDS_READ,
    missing=BudgetReviewNotFound,
    places=BUDGET_PLACES,
    computed={"by": _ACCOUNTS.c.display_name},
    joined=_REVIEWS.join(_BUDGETS, _REVIEWS.c.budget_id == _BUDGETS.c.id).join(
        _ACCOUNTS, _REVIEWS.c.taken_by == _ACCOUNTS.c.id
    ),
    filters={"budget_id": _REVIEWS.c.budget_id},
    sorts={"taken": ()},
)

_AMENDMENTS = table(
    "budget_amendment", column("state", Text()), column("amount", Numeric(14, 2)),
    column("from_line_id", Uuid()), column("to_line_id", Uuid()),
)  # fmt: skip
"""The noun above describes this table; here it is only summed."""


def _amended(side: str) -> object:
    summed = select(func.coalesce(func.sum(_AMENDMENTS.c.amount), NOTHING)).where(
        _AMENDMENTS.c[side] == _LINES.c.id, _AMENDMENTS.c.state == "approved"
    )
    return summed.scalar_subquery()


AMENDED = _amended("to_line_id") - _amended("from_line_id")  # type: ignore[operator]
"""What approved amendments have made of a line beyond its plan, in sum."""

BUDGET_LINES = Door(
    table=BudgetLine,
    view=BudgetLineView,
    read=Permission.FUNDS_READ,
    missing=BudgetLineNotFound,
    places=BUDGET_PLACES,
    computed={
        "amended": AMENDED,
        **{name: _BALANCES.c[name] for name in ("available", "committed", "spent", "transit")},
    },
    joined=_LINES.join(_BUDGETS, _LINES.c.budget_id == _BUDGETS.c.id).join(
        _BALANCES, _BALANCES.c.line_id == _LINES.c.id
    ),
    filters={
        "budget_id": _LINES.c.budget_id,
        "unit_id": _BUDGETS.c.unit_id,
        "year": _BUDGETS.c.year,
        "spend_class": _LINES.c.spend_class,
        "earmark": _LINES.c.earmark,
        "is_priority": _LINES.c.is_priority,
    },
    sorts={"created": (), "planned": (_LINES.c.planned,)},
)


async def get_budget(db: Connection, actor: Actor, *, budget_id: UUID) -> Row:
    """One budget of a unit whose funds the actor may see."""
    return await BUDGETS.get(db, actor, budget_id)


async def list_budgets(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    year: int | None = None,
    state: BudgetState | None = None,
) -> Page:
    """The budgets of the units whose funds the actor may see, by year."""
    filters = {"unit_id": unit_id, "year": year, "state": state}
    return await BUDGETS.page(db, actor, page, filters=filters)


async def list_budget_reviews(
    db: Connection, actor: Actor, *, budget_id: UUID, page: PageRequest
) -> Page:
    """What was done with one budget, the first first: closing and reopening leave their trace here."""
    await BUDGETS.get(db, actor, budget_id)
    return await BUDGET_REVIEWS.page(db, actor, page, filters={"budget_id": budget_id})


async def get_budget_line(db: Connection, actor: Actor, *, line_id: UUID) -> Row:
    """One line, with what was amended and where its money is."""
    return await BUDGET_LINES.get(db, actor, line_id)


async def list_budget_lines(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    budget_id: UUID | None = None,
    unit_id: UUID | None = None,
    year: int | None = None,
    spend_class: SpendClass | None = None,
    earmark: str | None = None,
    is_priority: bool | None = None,
) -> Page:
    """The lines of the budgets that the actor may see."""
    filters = {
        "budget_id": budget_id, "unit_id": unit_id, "year": year, "spend_class": spend_class,
        "earmark": earmark, "is_priority": is_priority,
    }  # fmt: skip
    return await BUDGET_LINES.page(db, actor, page, filters=filters)


async def lines_of_budgets(
    db: Connection,
    actor: Actor,
    *,
    budget_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The lines of each of many budgets, the first first."""
    return await BUDGET_LINES.pages_of(
        db, actor, _LINES.c.budget_id, budget_ids, page, columns=columns
    )


async def budget_lines_by_id(
    db: Connection, actor: Actor, *, line_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many lines by their keys; None where the actor may not see one."""
    return await BUDGET_LINES.by_id(db, actor, line_ids, columns=columns)
