"""What is long in portions: lists, so that none is ever wholly in memory, and what is forgotten of a table."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from app.domain.base import Table
from app.sql import Statement

T = TypeVar("T")
AT_ONCE = 1000
"""How many things are looked up, or written, by one statement."""
FORGOTTEN_AT_ONCE = 10_000
"""How many rows of a table one round of forgetting takes."""


async def some_at_a_time(items: AsyncIterator[T]) -> AsyncGenerator[list[T]]:
    """The items in lists of `AT_ONCE`, the last of what is left."""
    held: list[T] = []
    async for item in items:
        held.append(item)
        if len(held) == AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def forget_some(table: type[Table], *are_old: ColumnElement[bool]) -> Statement:
    """Delete a portion of the rows of which all this is so; the others in later rounds."""
    key = col(table.__table__.c.id)  # type: ignore[attr-defined]
    old: Any = select(key).where(*are_old).limit(FORGOTTEN_AT_ONCE)
    return Statement(delete(table).where(key.in_(old)))
