"""Each once, at the highest level: how titles and prizes of several levels are counted."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select
from sqlmodel import col


def rank_in(column: Any, levels: type[StrEnum]) -> Any:
    """How high a level stands: 0 for the highest, in the order in which the levels are declared."""
    return case(
        *((column == literal_column(f"'{level.value}'"), n) for n, level in enumerate(levels))
    )


def level_of(rank: Any, levels: type[StrEnum]) -> Any:
    """The level of a rank, and null where there is none."""
    return case(
        *((rank == n, literal_column(f"'{level.value}'")) for n, level in enumerate(levels))
    )


def highest_of(table: Any, levels: type[StrEnum], owner: Any) -> Select[Any]:
    """Whoever has any row of the table, once, with the rank of the highest level among them."""
    return select(
        col(owner).label("owner_id"), func.min(rank_in(col(table.level), levels)).label("highest")
    ).group_by(col(owner))
