"""Long lists in portions, so that none of them is ever wholly in memory."""

from collections.abc import AsyncIterator
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 1000
"""How many things are looked up, or written, by one statement."""


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
