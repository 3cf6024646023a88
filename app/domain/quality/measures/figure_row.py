"""A row behind a figure: what it shows, how a select has its columns, and how such rows are listed.

A row has a key (`id`), a name, a day, the unit it is of, the part of the figure it belongs to, whether it
counts above the line (`counts`), and how much it is worth (`amount`).
"""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Select,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlmodel import col

from app.domain.paging import Keyset


class FigureRowView(BaseModel):
    """One row behind a figure: a school, a teacher, an activity, an attendance, whatever is counted."""

    id: UUID = Field(description="标识 / key of what is counted")
    name: str | None = Field(description="名称或姓名 / name or title")
    on: date | None = Field(description="日期 / day of it, where it has one")
    unit_id: UUID = Field(description="所属单位 / unit that it is of")
    part: str | None = Field(description="分项 / part of the figure")
    counts: bool = Field(description="是否计入分子 / whether it counts above the line")
    amount: int = Field(description="计数值；金额以分计 / for how much it counts; money in fen")


def row(
    id: Any, name: Any, unit_id: Any, *, on: Any = None, part: Any = None, counts: Any = None,
    amount: Any = None,
) -> Select[Any]:  # fmt: skip
    """The columns of a source's rows; without more each counts, for one, and belongs to no part."""
    return select(
        id.label("id"),
        cast(name, Text).label("name"),
        cast(null() if on is None else on, Date).label("on"),
        unit_id.label("unit_id"),
        cast(null() if part is None else part, Text).label("part"),
        cast(true() if counts is None else counts, Boolean).label("counts"),
        cast(literal(1) if amount is None else amount, BigInteger).label("amount"),
    )


def unit_of(table: Any) -> Any:
    """The unit in which a row of a table lies."""
    return func.coalesce(col(table.school_id), col(table.county_id))


def listing_of(rows: Select[Any], *, whole: bool) -> Keyset:
    """The list of such rows: those that count, or with `whole` all that the figure is a part of.

    What is counted of several units, or partly counts, has a row of each: its key alone does not tell them.
    """
    behind = rows.subquery("behind")
    query = select(behind) if whole else select(behind).where(behind.c.counts)
    return Keyset(query, sort="id", keys={"id": UUID, "unit_id": UUID, "counts": bool})
