"""`yanxun run` and `yanxun serve`: the application on a port, alone or with its database."""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from app.cli import data
from app.cli.accounts import show_new_accounts
from app.cli.database import (
    bring_up_to_date,
    check_migrated,
    embedded_server,
    existing,
    reached,
)
from app.cli.output import console
from app.cli.patience import PatientProtocol
from app.demo.listed import FILE
from app.domain.errors import Unavailable
from app.main import create_application
from app.request.logs import configure_logs
from app.request.transport import LARGEST_GRAPHQL_BODY
from app.settings import Settings, get_settings

_GRACE = 5
"""Seconds that requests in progress have left when the server is asked to stop."""


class PortTaken(Unavailable):
    """Another program listens there."""

    code = "port_taken"
    zh = "端口 {port} 已被占用。请换一个端口，例如：PORT={other} make run"
    en = "Port {port} is taken. Choose another, for example: PORT={other} make run"


class AddressNotUsable(Unavailable):
    """The system refuses to listen there; `reason` is what it said."""

    code = "address_not_usable"
    zh = "无法监听 {host}:{port}：{reason}"
    en = "It is not possible to listen on {host}:{port}: {reason}"


class DatabaseEnded(Unavailable):
    """The embedded server ended while the application was running."""

    code = "database_ended"
    zh = "数据库服务器意外退出，应用已停止。再次启动将自动恢复数据。日志：{folder}"
    en = (
        "The database server ended unexpectedly, so the application has stopped. Starting again "
        "recovers the data by itself. Its logs are in {folder}"
    )


def run() -> None:
    """Start everything on this machine, with a demo city; Ctrl-C ends it."""
    settings = get_settings()
    configure_logs(settings.log_format, access=settings.access_log)
    # Whoever asks the process to end gets the same tidy end as the one who presses Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Nothing else is begun before the port is ours, and from then on nobody else can take it.
    with listen(settings.host, settings.port) as door, suppress(KeyboardInterrupt):
        if settings.database_url:
            _prepare_and_serve(settings, door)
            return
        console.print("启动 PostgreSQL / starting PostgreSQL")
        with embedded_server(settings) as server:
            _prepare_and_serve(reached(settings, server.urls), door, lambda: server.alive)
            if not server.alive:
                raise DatabaseEnded(folder=settings.data_folder / "cluster" / "data" / "log")


def serve() -> None:
    """The application alone, on a database that is migrated."""
    settings = existing(get_settings())
    configure_logs(settings.log_format, access=settings.access_log)
    asyncio.run(check_migrated(settings.session_url))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen(settings.host, settings.port) as door, suppress(KeyboardInterrupt):
        Server(settings).run([door])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there from now on; refused with words where it cannot."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port=port, other=port + 1) from None
        raise AddressNotUsable(host=host, port=port, reason=error.strerror) from error


class Server(uvicorn.Server):
    """Uvicorn with the application; it says when it is ready, and ends when `alive` says no."""

    def __init__(
        self,
        settings: Settings,
        *,
        ready: Callable[[], None] = lambda: None,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ready = ready
        self._alive = alive
        super().__init__(
            uvicorn.Config(
                create_application(settings),
                loop="uvloop",
                http=PatientProtocol,
                ws="websockets-sansio",
                ws_max_size=LARGEST_GRAPHQL_BODY,
                ws_per_message_deflate=False,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE,
                # Nobody is believed about where a request comes from unless the settings say so.
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=settings.trusted_proxies,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the resources and the door, then say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams first, which would end by nothing else; then whatever is in progress."""
        held = getattr(self.config.app.state, "resources", None)  # type: ignore[union-attr]
        if held is not None:
            held.live.close()
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second: whether it is time to end; the database is asked each second."""
        if counter % 10 == 0 and not self._alive():
            return True
        return await super().on_tick(counter)


def _prepare_and_serve(
    settings: Settings, door: socket.socket, alive: Callable[[], bool] = lambda: True
) -> None:
    console.print("迁移数据库 / migrating the database")
    bring_up_to_date(settings)
    show_new_accounts(data.load_once(settings))
    Server(settings, ready=lambda: announce(settings), alive=alive).run([door])


def announce(settings: Settings) -> None:
    """Say where everything is; the demo city too, where this data folder has one."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.public_url or f"http://{host}:{settings.port}"
    command = sys.argv[0]
    demo = f"""
  演示账号 / demo accounts    {command} accounts
  令牌 / a token              {command} token city.admin
  全程演示 / the tour         {command} tour
"""
    console.print(f"""
[bold]研训 Yanxun[/bold] 已启动 / is running

  REST 文档 / documentation   {address}/docs
  GraphQL                     {address}/graphql
  运行状态 / health           {address}/healthz
{demo if (settings.data_folder / FILE).exists() else ""}
Ctrl-C 停止 / stops everything.
""")
