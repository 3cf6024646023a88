"""Long lists in portions, so that none of them is ever wholly in memory, nor long in a transaction."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from app.domain.base import MOMENT
from app.sql import Statement

T = TypeVar("T")
AT_ONCE = 1000
"""How many things are looked up, or written, by one statement."""
_FORGOTTEN_AT_ONCE = 10_000


async def some_at_a_time(items: AsyncIterator[T]) -> AsyncIterator[list[T]]:
    """The items in lists of `AT_ONCE`, the last of what is left."""
    held: list[T] = []
    async for item in items:
        held.append(item)
        if len(held) == AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def forgetting(table: Any, moment: Any) -> Statement:
    """Delete rows of which this moment lies `before`: so many, and those that are left in the next round."""
    past = select(table.id).where(col(moment) < bindparam("before", type_=MOMENT))
    return Statement(delete(table).where(col(table.id).in_(past.limit(_FORGOTTEN_AT_ONCE))))
