"""What the second wall must not do: show fewer rows, without a word, to whom the domain shows them."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partialmethod
from typing import Any, ClassVar

from asyncpg import InsufficientPrivilegeError

from app.wall import _LIFT, _LOWER, Behind


class Compared(Behind):
    """A connection behind the wall on which every statement is run without it, too.

    Whoever forgets to say that a statement looks beyond the wall gets no error but fewer rows. Here they
    are found: every test of the faces reads through such a connection, and fails where the answers differ.
    """

    differences: ClassVar[list[tuple[Any, ...]]] = []
    """What differed in the test that is running: the statement, the bounds, and the rows."""

    __slots__ = ()

    async def _compared(self, name: str, text: str, *arguments: Any) -> Any:
        try:
            answer = await self._run(name, text, *arguments)
        except InsufficientPrivilegeError as error:
            self.differences.append((text, str(error)))
            raise
        if not self.wall.stands_before(text) or "/* beyond" in text:
            return answer
        # A text of its own, so that neither is planned anew for the role of the other.
        other = await self._without_wall(name, f"{text} /* without the wall */", *arguments)
        if _rows(answer) != _rows(other):
            self.differences.append((text, self.wall.entering, arguments, answer, other))
            raise AssertionError(f"The wall hides what the domain shows: {text}")
        return answer

    async def _without_wall(self, name: str, text: str, *arguments: Any) -> Any:
        if not self.within:
            return await getattr(self._driver, name)(text, *arguments)
        await self._driver.execute(_LIFT)
        answer = await getattr(self._driver, name)(text, *arguments)
        await self._driver.execute(_LOWER)
        return answer

    def cursor(self, text: str, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        """The rows one by one, after all of them were compared."""
        return self._streamed(super().cursor(text, *arguments, **options), text, *arguments)

    async def _streamed(self, rows: Any, text: str, *arguments: Any) -> AsyncIterator[Any]:
        await self._compared("fetch", text, *arguments)
        async for row in rows:
            yield row

    async def copy_from_query(self, query: str, *arguments: Any, **options: Any) -> Any:
        """What COPY writes, after it was compared as rows."""
        await self._compared("fetch", query, *arguments)
        return await self._run("copy_from_query", query, *arguments, **options)

    fetch = partialmethod(_compared, "fetch")
    fetchrow = partialmethod(_compared, "fetchrow")
    fetchval = partialmethod(_compared, "fetchval")


def _rows(answer: Any) -> Counter[str]:
    return Counter(map(repr, answer)) if isinstance(answer, list) else Counter([repr(answer)])
