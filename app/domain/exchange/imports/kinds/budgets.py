"""Budgets (预算科目): a line in each row, written into the draft of its unit's budget for a year.

A line is found by its title in that budget. Where there is no budget of the year the first row begins one; it
is handed in by hand, and decided by others. A line is written once: a row that says otherwise is refused.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Integer, Text, Uuid, and_, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, DomainError
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.titled import need
from app.domain.exchange.imports.kinds.words import FUND_SOURCES, SPEND_CLASSES, YES_NO
from app.domain.exchange.imports.named_persons import key_about
from app.domain.exchange.imports.places import hold_places, plain_with_amounts, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince
from app.domain.quality.budgets import (
    Budget,
    BudgetLine,
    BudgetState,
    FundSource,
    NewBudget,
    NewBudgetLine,
    SpendClass,
    add_budget_line,
    check_budget_state,
    draft_budget,
    drop_budget_line,
)
from app.sql import Connection, Row, Statement


class BudgetRow(Command):
    """A row of a file of budget lines."""

    title: str = Field(min_length=2, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    year: int = Field(ge=1990, le=2100)
    spend_class: SpendClass | None = None
    source: FundSource | None = None
    earmark: str | None = Field(default=None, min_length=2, max_length=100)
    is_priority: bool | None = None
    basis: str | None = Field(default=None, min_length=2, max_length=200)
    planned: Decimal | None = Field(default=None, ge=0, max_digits=14, decimal_places=2)


class BudgetLineDiffers(Conflict):
    """The budget has a line of this title that says otherwise."""

    code = "import_budget_line_differs"
    zh = "预算已有同名科目，内容不同；编制中的请删去后重新导入，已批复的请办理预算调整。"
    en = "The budget has another line of this title: take it out of the draft, or have it amended."


_COLUMNS = (
    ImportColumn("title", "科目名称", "Title", "教师培训费", needed=True, also=("预算科目", "科目")),
    ImportColumn("unit", "单位", "Unit", also=("学校", "学校名称", "预算单位")),
    ImportColumn("year", "预算年度", "Year", "2026", needed=True, also=("年度",)),
    ImportColumn("spend_class", "支出类别", "Class of spending", "培训", needed=True,
                 words=SPEND_CLASSES),
    ImportColumn("source", "资金来源", "Source", "本级安排", words=FUND_SOURCES),
    ImportColumn("earmark", "专款名称", "Earmark", also=("专款",)),
    ImportColumn("is_priority", "重点支持项目", "Priority", "否", words=YES_NO, also=("是否重点",)),
    ImportColumn("basis", "文件依据", "Basis", also=("依据",)),
    ImportColumn("planned", "预算数", "Planned", "10000.00", needed=True, also=("预算金额", "批复数")),
)  # fmt: skip
_COMPARED = ("spend_class", "source", "earmark", "is_priority", "basis", "planned")
_NEEDED = ("spend_class", "planned")
_WRITABLE = frozenset({BudgetState.DRAFT, BudgetState.RETURNED})
_IN = (
    col(Budget.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
    col(Budget.year) == any_(bindparam("years", type_=ARRAY(Integer))),
)
_KEPT = Statement(
    select(
        col(Budget.id).label("budget_id"), col(Budget.unit_id), col(Budget.year),
        col(Budget.state), col(BudgetLine.id).label("line_id"), col(BudgetLine.title),
        *(col(getattr(BudgetLine, name)) for name in _COMPARED),
    )
    .join_from(
        Budget, BudgetLine,
        and_(
            col(BudgetLine.budget_id) == col(Budget.id),
            col(BudgetLine.title) == any_(bindparam("titles", type_=ARRAY(Text))),
        ),
        isouter=True,
    )
    .where(*_IN)
)  # fmt: skip
Year = tuple[UUID, int]


async def budgets_known(
    db: Connection, *, asked: Iterable[tuple[UUID, int, str]]
) -> tuple[dict[Year, Row], dict[tuple[UUID, int, str], Row]]:
    """The budgets of these units and years, and of their lines those of these titles."""
    given = set(asked)
    if not given:
        return {}, {}
    units, years, titles = zip(*given, strict=True)
    rows = await db.all(
        _KEPT, unit_ids=sorted(set(units)), years=sorted(set(years)), titles=sorted(set(titles))
    )
    budgets = {(row["unit_id"], row["year"]): row for row in rows}
    lines = {(row["unit_id"], row["year"], row["title"]): row for row in rows if row["line_id"]}
    return budgets, lines


def _about(draft: Draft) -> tuple[UUID, int, str]:
    return (draft.unit or {})["id"], draft.said.year, draft.said.title


def _identify(said: BudgetRow, _: Ground) -> tuple[str, str]:
    return key_about(said.unit or "", str(said.year), said.title), f"{said.year} {said.title}"


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(db, ground=ground, drafts=drafts, column=BUDGETS.column("unit").zh, lock=lock)
    placed = [draft for draft in drafts if draft.unit is not None]
    budgets, lines = await budgets_known(db, asked=map(_about, placed))
    for draft in placed:
        line, budget = lines.get(_about(draft)), budgets.get(_about(draft)[:2])
        draft.wanted = wanted_of(draft.said, _COMPARED)
        if line is not None:
            draft.target_id = line["line_id"]
            draft.current = {name: plain_with_amounts(line[name]) for name in draft.wanted}
            if draft.current != draft.wanted:
                draft.refuse(BudgetLineDiffers())
            continue
        need(BUDGETS, draft, _NEEDED)
        _begin(draft, budget)


def _begin(draft: Draft, budget: Row | None) -> None:
    """What is to be added, as the noun's own command; refused where that or the budget refuses it."""
    if draft.refused:
        return
    given = draft.said.model_dump(include={"title", *_COMPARED}, exclude_none=True)
    try:
        if budget is not None:
            check_budget_state(budget, _WRITABLE)
        draft.work = NewBudgetLine.model_validate(given)
    except DomainError as refusal:
        draft.refuse(refusal)
    except ValidationError as problem:
        refuse_unfit(BUDGETS, draft, problem)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    kept = apart(drafts, _about)
    # Looked up once more: another half of a part may have begun a budget.
    budgets, _ = await budgets_known(db, asked=map(_about, kept))
    begun = {year: row["budget_id"] for year, row in budgets.items()}
    for draft in kept:
        unit_id, year, _ = _about(draft)
        if (unit_id, year) not in begun:
            new = NewBudget(unit_id=unit_id, year=year)
            begun[unit_id, year] = (await draft_budget(db, actor, new=new, now=ground.now))["id"]
        line = await add_budget_line(
            db, actor, budget_id=begun[unit_id, year], new=draft.work, now=ground.now
        )
        draft.target_id = line["id"]


async def _restore(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    """No row changes a line, and none is given back."""
    raise ChangedSince


async def _remove(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    """A line is taken out of a draft; one that was handed in stays. An empty draft stays too."""
    for row in rows:
        await drop_budget_line(db, actor, line_id=row["target_id"])


BUDGETS = ImportKind(
    subject=ImportSubject.BUDGETS,
    words="预算科目 / lines of budgets",
    permission=Permission.FUNDS_WRITE,
    columns=_COLUMNS,
    row=BudgetRow,
    identified_by=("title", "year"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)
