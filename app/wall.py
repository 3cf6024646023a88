"""The second wall as a connection meets it: whoever only reads does so as a role that sees little.

The role `READER` may read and do nothing else, and of tables with a policy it sees what lies within the
bounds that it was told. Both, the role and the bounds, are set for one transaction in the message that begins
it, so that nothing of them is left when the connection is somebody else's. Which statements need it, and which
bounds somebody has, the domain says (`app.domain.access.walled`); decision record 0028 has the reasons.

A statement that rightly looks further says so in its text (`worded`). It runs as the application's own role.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache, partialmethod
from typing import Any, Final
from uuid import UUID

import asyncpg
from asyncpg.transaction import Transaction

__all__ = ["BOUNDS", "READER", "Behind", "Wall", "worded"]

READER: Final = "yanxun_reader"
"""The role of whoever only reads; it signs in nowhere, the application's role puts it on."""

BOUNDS: Final = frozenset(
    {
        "city_id", "city_ids", "county_id", "county_ids", "school_id", "school_ids", "teacher_id",
        "unit_ids",
    }
)  # fmt: skip
"""What is told: of each kind of unit one and the others, the person, and the units of every role."""

_MARK = "/* beyond the wall: "
_LIFT = "SET LOCAL ROLE NONE"
_LOWER = f"SET LOCAL ROLE {READER}"


def worded(text: str, beyond: str | None) -> str:
    """The text of a statement as it is run, saying why it looks beyond the wall if it does."""
    # Whether there is a row asks for no column of it: a reader may not see every one.
    text = text.replace("EXISTS (SELECT * ", "EXISTS (SELECT 1 ")
    return text if beyond is None else f"{_MARK}{beyond} */ {text}"


@lru_cache(maxsize=8192)
def _of_reader(text: str) -> str:
    """The same statement with a text of its own: a plan is thrown away when another role runs it."""
    return f"{text} /* as the reader */"


class Wall:
    """What one who asks may see at most: bounds by name, and which statements they stand before."""

    __slots__ = ("entering", "stands_before")

    def __init__(
        self, bounds: Mapping[str, UUID | list[UUID]], stands_before: Callable[[str], bool]
    ) -> None:
        self.stands_before = stands_before
        """Whether the text of a statement names something that stands behind the wall."""
        if bounds.keys() - BOUNDS:
            raise KeyError(f"no such bounds: {sorted(bounds.keys() - BOUNDS)}")
        told = ", ".join(
            f"set_config('yanxun.{name}', '{_told(bounds.get(name))}', true)"
            for name in sorted(BOUNDS)
        )
        self.entering = f"{_LOWER};SELECT {told};"
        """What is said after a transaction was begun, in the same message: every bound, told or emptied."""


def _told(value: UUID | list[UUID] | None) -> str:
    """A bound as a setting holds it; keys alone, so that there is nothing to be escaped."""
    if value is None:
        return ""
    keys = ",".join(
        str(UUID(str(each))) for each in (value if isinstance(value, list) else [value])
    )
    return f"{{{keys}}}" if isinstance(value, list) else keys


class _Gate:
    """What a transaction of asyncpg's takes for its connection: the one way in, and the one way out.

    Within a transaction of somebody else's, as the tests have it, the role is put off again at the end.
    """

    __slots__ = ("_behind", "_driver")

    def __init__(self, behind: "Behind", driver: asyncpg.Connection) -> None:
        self._behind, self._driver = behind, driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    @property
    def _top_xact(self) -> Any:
        return self._driver._top_xact  # noqa: SLF001  asyncpg's own transaction asks for it

    @_top_xact.setter
    def _top_xact(self, begun: Any) -> None:
        self._driver._top_xact = begun  # noqa: SLF001  as above

    async def execute(self, command: str) -> Any:
        """Begin or end the transaction, with the role put on or off."""
        if command.startswith(("BEGIN", "SAVEPOINT")):
            answer = await self._driver.execute(command + self._behind.wall.entering)
            self._behind.within = True
            return answer
        self._behind.within = False
        return await self._driver.execute(
            f"{_LIFT};{command}" if command.startswith("RELEASE") else command
        )


class Behind:
    """A connection of somebody who only reads: what stands behind the wall is read as `READER`.

    In a transaction everything is, but for what says that it looks beyond. Without one, a statement that
    names nothing behind the wall runs as it is; any other has a read-only transaction of its own.
    """

    __slots__ = ("_driver", "_plain", "wall", "within")

    def __init__(self, driver: asyncpg.Connection, wall: Wall, plain: Any = None) -> None:
        self._driver = driver
        self._plain = driver if plain is None else plain
        """By what statements outside of a transaction are run (`app.database.pooler`)."""
        self.wall = wall
        self.within = False
        """Whether a transaction was begun as the reader."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False, deferrable: bool = False
    ) -> Any:
        """A transaction as the reader, or a savepoint within it."""
        if self.within:
            return self._driver.transaction(
                isolation=isolation, readonly=readonly, deferrable=deferrable
            )
        return Transaction(_Gate(self, self._driver), isolation, readonly, deferrable)

    async def _run(self, name: str, text: str, *arguments: Any, **options: Any) -> Any:
        looks_beyond = _MARK in text
        if self.within:
            if not looks_beyond:
                read = getattr(self._driver, name)
                return await read(self._of_reader(text), *arguments, **options)
            return await self._run_beyond(name, text, *arguments, **options)
        if looks_beyond or not self.wall.stands_before(text):
            return await getattr(self._plain, name)(text, *arguments, **options)
        async with self.transaction(readonly=True):
            return await getattr(self._driver, name)(_of_reader(text), *arguments, **options)

    def _of_reader(self, text: str) -> str:
        return _of_reader(text) if self.wall.stands_before(text) else text

    async def _run_beyond(self, name: str, text: str, *arguments: Any, **options: Any) -> Any:
        await self._driver.execute(_LIFT)
        answer = await getattr(self._driver, name)(text, *arguments, **options)
        # Where the statement fails nothing is left to be put back: what it was in is undone.
        await self._driver.execute(_LOWER)
        return answer

    fetch = partialmethod(_run, "fetch")
    fetchrow = partialmethod(_run, "fetchrow")
    fetchval = partialmethod(_run, "fetchval")
    execute = partialmethod(_run, "execute")
    copy_from_query = partialmethod(_run, "copy_from_query")

    def cursor(self, text: str, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        """The rows one by one, within a transaction."""
        rows = self._driver.cursor(text, *arguments, **options)
        return self._streamed_beyond(rows) if self.within and _MARK in text else aiter(rows)

    async def _streamed_beyond(self, rows: Any) -> AsyncIterator[Any]:
        await self._driver.execute(_LIFT)
        lifted = True
        async for row in rows:
            if lifted:  # what is read was decided when it was begun
                await self._driver.execute(_LOWER)
                lifted = False
            yield row
        if lifted:
            await self._driver.execute(_LOWER)
