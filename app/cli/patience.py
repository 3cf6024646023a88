"""How long the server waits for clients that are slow, or that pretend to be.

Uvicorn waits for ever for a request that does not come, for a body that drips, and for a reader who does
not read. Each holds a connection, and 500 of them would hold all that a process may open. So a request
must be there in ten seconds, and what follows has to move.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_WITHIN: Final = 10.0
"""Seconds from the first byte of a request (or from the connection) to the end of its headers."""
LARGEST_HEADERS: Final = 65_536
"""Bytes of a request's first line and headers."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 42\r\nconnection: close\r\n\r\n"
    b"The address and the headers are too large."
)
LOOKED_EVERY: Final = 10.0
"""Seconds between two looks at whether a body, or a reader, has moved."""
LEAST_BODY: Final = 5_000
"""Bytes of a body that must come between two looks: 4 kbit/s."""
READS_WITHIN: Final = 30.0
"""Seconds in which a reader must take some of what waits for it."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 as Uvicorn speaks it, with an end to every wait for the client."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._awaits_headers = True
        self._is_refused = False
        self._headers_seen = 0
        self._body_seen = 0
        self._waiting: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come: the headers of a request are to follow."""
        super().connection_made(transport)
        self._wait(HEADERS_WITHIN, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in some bytes; headers without an end are refused."""
        if self._is_refused:
            return
        if self._awaits_headers:
            self._headers_seen += len(data)
            if self._waiting is None:
                self._wait(HEADERS_WITHIN, self._give_up)
        super().data_received(data)
        # One piece may hold the end of the headers and a part of the body.
        if self._awaits_headers and self._headers_seen > LARGEST_HEADERS:
            self._refuse_headers()

    def on_headers_complete(self) -> None:
        """The request is known; a body may follow, and has to move."""
        self._awaits_headers, self._headers_seen, self._body_seen = False, 0, 0
        self._wait(LOOKED_EVERY, self._look_at_body)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body has come."""
        self._body_seen += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of the request has come: now the client waits for us."""
        self._stop_waiting()
        self._awaits_headers = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        """More waits for the reader than is kept for it."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(READS_WITHIN, self._give_up)

    def resume_writing(self) -> None:
        """The reader has taken some of it."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def handle_websocket_upgrade(self) -> None:
        """The connection is another protocol's from here on, which has its own patience."""
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _refuse_headers(self) -> None:
        """Say that they are too large, and throw away what still comes, or the answer would be lost with it."""
        self._is_refused = True
        self.transport.write(_TOO_LARGE)
        self.transport.write_eof()
        self._wait(HEADERS_WITHIN, self._give_up)

    def _look_at_body(self) -> None:
        """Go on waiting for a body that moves, and for one that we ourselves do not take in yet."""
        if self._body_seen < LEAST_BODY and not self.flow.read_paused:
            self._give_up()
            return
        self._body_seen = 0
        self._wait(LOOKED_EVERY, self._look_at_body)

    def _wait(self, seconds: float, then: Any) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        """End the connection at once, also one that closes when all is read: it would stay for ever."""
        self.transport.abort()
