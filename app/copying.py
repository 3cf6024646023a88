"""What COPY writes, piece by piece, with a way out before its end; and how it reads a value.

asyncpg hands the pieces to a function, and knows no half of a COPY: where that raises, or its task is
cancelled, it takes the next piece for the answer to the cancelled command, and the connection is lost. So
nothing raises here: the server is asked to stop, and what still comes until it has is thrown away.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from types import NoneType
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

PATIENCE = 60.0
"""Seconds for which what is copied waits for whoever takes it."""
LONGEST = 3600
"""Seconds for which one copies at most, however steadily the pieces are taken."""
_encode = msgspec.json.Encoder().encode
_AHEAD = 2  # pieces that are read before they are taken


async def copy_pieces(
    driver: asyncpg.Connection, query: str, arguments: Sequence[Any], options: Mapping[str, str]
) -> AsyncGenerator[bytes]:
    """The pieces of what COPY writes of a query; who leaves early can but roll back.

    Raises `TimeoutError` where nobody has taken a piece for `PATIENCE` seconds.
    """
    pieces, room = asyncio.Queue[bytes | None](), asyncio.Semaphore(_AHEAD)
    stopped = False

    async def put(piece: bytes) -> None:
        nonlocal stopped
        if stopped:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await room.acquire()
        except TimeoutError:
            stopped = True
            await _stop(driver)
        else:
            pieces.put_nowait(piece)

    copying = asyncio.create_task(
        driver.copy_from_query(query, *arguments, output=put, timeout=LONGEST, **options)
    )
    copying.add_done_callback(lambda _: pieces.put_nowait(None))
    try:
        while (piece := await pieces.get()) is not None:
            room.release()
            yield piece
        if stopped:
            raise TimeoutError
        await copying
    finally:
        if not copying.done():
            stopped = True
            room.release()
            await _stop(driver)
        await asyncio.wait([copying])
        if not copying.cancelled():
            copying.exception()  # it was told to stop, or has said so above


async def _stop(driver: asyncpg.Connection) -> None:
    """Ask the server to stop what the connection runs; it answers there, with an error."""
    await driver._cancel(asyncio.get_running_loop().create_future())  # noqa: SLF001  no public way


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def as_copied(value: Any) -> str:
    """A value as the text format of COPY writes it; what is a dictionary or a list is JSON."""
    return _WRITERS[type(value)](value)


def _escaped(text: str) -> str:
    # Most text has nothing to be escaped, which is seen ten times as fast as it is gone through.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def _json(value: dict[str, Any] | list[Any]) -> str:
    return _escaped(_encode(value).decode())


class _Writers(dict[type, Callable[[Any], str]]):
    """How values of a type are written: found once, since a million rows have fifteen values each."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        known = (write for base, write in _KNOWN.items() if issubclass(kind, base))
        self[kind] = write = next(known, lambda value: _escaped(str(value)))
        return write


_KNOWN: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _: "\\N",
    str: _escaped,
    UUID: lambda value: str(value.hex),
    bytes: lambda value: f"\\\\x{value.hex()}",
    dict: _json,
    list: _json,
}
_WRITERS = _Writers(_KNOWN)
