"""A proxy between the application and PostgreSQL that cuts, half closes and silences what goes through it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit


class Proxy:
    """It listens on a port of this machine; what comes there goes to the socket of the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        where = parse_qs(parts.query)
        self._socket = f"{where['host'][0]}/.s.PGSQL.{where['port'][0]}"
        self._account = parts.netloc.rpartition("@")[0]
        self._database = parts.path
        self._both: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the database by way of this proxy."""
        return f"postgresql://{self._account}@127.0.0.1:{self.port}{self._database}?sslmode=disable"

    @property
    def connections(self) -> int:
        """How many go through it."""
        return len(self._both)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """It is there meanwhile."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            self.reset()

    def reset(self) -> None:
        """Cut every connection, without a word."""
        for client, upstream in self._both:
            client.transport.abort()
            upstream.transport.abort()

    def half_close(self) -> None:
        """Tell the application that nothing more comes, and listen on."""
        for client, _ in self._both:
            with suppress(OSError):
                client.write_eof()

    def silence(self) -> None:
        """Let nothing more through on any connection, for ever and without a word; new ones are served."""
        for pair in self._both:
            self._silent.update(pair)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, up_writer)
        self._both.add(pair)
        try:
            await asyncio.gather(self._pass(reader, up_writer), self._pass(up_reader, writer))
        finally:
            self._both.discard(pair)
            self._silent.difference_update(pair)
            writer.transport.abort()
            up_writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A connection that was half closed takes nothing more.
        with suppress(OSError, RuntimeError):
            while piece := await reader.read(65_536):
                if writer in self._silent:
                    continue
                writer.write(piece)
                await writer.drain()
            writer.write_eof()
