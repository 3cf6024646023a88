"""What COPY writes, piece by piece, with a way out before its end; and how it reads a value.

asyncpg hands the pieces to a function, and knows no half of a COPY: where that raises, or its task is
cancelled, it takes the next piece for the answer to the cancelled command, and the connection is lost. So
nothing raises here: the server is asked to stop, and what still comes until it has is thrown away.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

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
    if value is None:
        return "\\N"
    if isinstance(value, str):
        text = value
    elif isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    elif isinstance(value, (dict, list)):
        text = _encode(value).decode()
    else:
        text = str(value)
    # Most text has nothing to be escaped, which is seen ten times as fast as it is gone through.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)
