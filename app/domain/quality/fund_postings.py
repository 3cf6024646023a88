"""Postings (分录): the journal of the funds, line by line, as those read it who hold them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import (
    BUDGET_PLACES,
    SUBJECTS,
    Budget,
    BudgetLine,
    FundAccount,
    FundEntry,
    FundEntryKind,
    FundPosting,
)
from app.sql import Connection


class FundPostingView(BaseModel):
    """What an entry did to one line; the entry is about one of a budget, an amendment, and so on."""

    id: UUID = Field(description="标识 / key")
    entry_id: UUID = Field(description="分录 / entry, whose postings come to nothing in sum")
    kind: FundEntryKind = Field(description="分录类型 / what moved the money")
    line_id: UUID = Field(description="预算科目 / line of the budget")
    account: FundAccount = Field(description="资金状态 / where the money of the line is")
    amount: Decimal = Field(description="金额（元），减少为负 / in yuan; negative where it leaves")
    budget_id: UUID | None = Field(description="所据预算批复 / approved budget")
    amendment_id: UUID | None = Field(description="所据预算调整 / amendment")
    appropriation_id: UUID | None = Field(description="所据拨付 / appropriation")
    commitment_id: UUID | None = Field(description="所据预留 / commitment made or released")
    expense_id: UUID | None = Field(description="所据支出 / expense")
    posted_at: datetime = Field(description="入账时间 / when it was posted")
    by: str = Field(description="经办人 / who posted it")


# What can be refused.


class FundPostingNotFound(NotFound):
    """There is no such posting for the one who asks."""

    code = "fund_posting_not_found"
    zh = "未找到该分录。"
    en = "There is no such posting."


# What may be asked.

_POSTINGS, _ENTRIES, _LINES, _BUDGETS, _ACCOUNTS = (
    each.__table__  # type: ignore[union-attr]
    for each in (FundPosting, FundEntry, BudgetLine, Budget, Account)
)

FUND_POSTINGS = Door(
    table=FundPosting,
    view=FundPostingView,
    read=Permission.FUNDS_READ,
    missing=FundPostingNotFound,
    places=BUDGET_PLACES,
    computed={
        **{name: _ENTRIES.c[name] for name in ("kind", "posted_at", *SUBJECTS)},
        "by": _ACCOUNTS.c.display_name,
    },
    joined=_POSTINGS.join(_ENTRIES, _POSTINGS.c.entry_id == _ENTRIES.c.id)
    .join(_LINES, _POSTINGS.c.line_id == _LINES.c.id)
    .join(_BUDGETS, _LINES.c.budget_id == _BUDGETS.c.id)
    .join(_ACCOUNTS, _ENTRIES.c.posted_by == _ACCOUNTS.c.id),
    filters={
        "line_id": col(FundPosting.line_id),
        "of_budget_id": _LINES.c.budget_id,
        "kind": _ENTRIES.c.kind,
    },
    sorts={"posted": ()},
)


async def list_fund_postings(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    line_id: UUID | None = None,
    of_budget_id: UUID | None = None,
    kind: FundEntryKind | None = None,
) -> Page:
    """The journal of the budgets that the actor may see, in the order of posting."""
    filters = {"line_id": line_id, "of_budget_id": of_budget_id, "kind": kind}
    return await FUND_POSTINGS.page(db, actor, page, filters=filters)
