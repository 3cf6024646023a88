"""Which database a command works on: the one of DATABASE_URL, or the embedded one of the data folder."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from app.database import roles
from app.database.embedded import EmbeddedServer, Urls, running
from app.database.migrations import migrate
from app.database.pool import Pool
from app.database.roles import DatabaseUnreachable
from app.domain.errors import Unavailable
from app.settings import Settings
from app.sql import LOST

_PATIENCE = 10  # seconds until a server that does not answer counts as unreachable


class NoDatabase(Unavailable):
    """Neither is an address set, nor does the data folder's server run."""

    code = "no_database"
    zh = "没有可用的数据库：请设置 DATABASE_URL，或先在另一个终端执行 yanxun run（数据文件夹 {folder}）。"
    en = (
        "There is no database: set DATABASE_URL, or start `yanxun run` in another terminal "
        "(data folder {folder})."
    )


class NotMigrated(Unavailable):
    """The database is there, and empty."""

    code = "database_not_migrated"
    zh = "数据库尚未建表：请先执行 yanxun migrate。"
    en = "The database has no tables yet: run `yanxun migrate` first."


class OwnerUnknown(Unavailable):
    """Migrations are run as the owner, whose address was not given."""

    code = "owner_unknown"
    zh = "迁移需要表所有者的连接地址：请设置 DATABASE_OWNER_URL。"
    en = "Migrations need the owner's address: set DATABASE_OWNER_URL."


def reached(settings: Settings, urls: Urls) -> Settings:
    """The settings, with the addresses of an embedded server that runs."""
    return settings.model_copy(
        update={"database_url": urls.application, "database_owner_url": urls.owner}
    )


def existing(settings: Settings) -> Settings:
    """The settings with the addresses of a database that is there; refused with `NoDatabase`."""
    if settings.database_url:
        return settings
    urls = running(settings.data_folder)
    if urls is None:
        raise NoDatabase(folder=settings.data_folder)
    return reached(settings, urls)


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The server of the data folder, not yet started."""
    return EmbeddedServer(
        settings.data_folder,
        binaries=settings.postgres_binaries,
        log_archive=settings.log_archive,
    )


@contextmanager
def available(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that answers; the embedded one is started where none runs."""
    if settings.database_url or running(settings.data_folder) is not None:
        yield existing(settings)
        return
    with embedded_server(settings) as server:
        yield reached(settings, server.urls)


@contextmanager
def migrated(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that is `available` and has its tables."""
    with available(settings) as found:
        asyncio.run(check_migrated(found.session_url))
        yield found


@asynccontextmanager
async def pool_of_one(settings: Settings, *, statement_timeout: float = 0) -> AsyncIterator[Pool]:
    """The one connection of a command; `statement_timeout` in seconds, 0 for as long as it takes."""
    pool = await Pool.open(
        settings.session_url,
        size=1,
        patience=settings.pool_patience,
        statement_timeout=statement_timeout,
    )
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the database at the address; refused with words where nothing answers there."""
    try:
        connection = await asyncpg.connect(url, timeout=_PATIENCE)
    except ValueError as error:
        # Its message may quote the address, and with it a part of the password.
        reason = "the address is malformed"
        raise DatabaseUnreachable(which="DATABASE_URL", reason=reason) from error
    except LOST as error:
        reason = str(error) or f"no answer within {_PATIENCE} seconds"
        raise DatabaseUnreachable(which="DATABASE_URL", reason=reason) from error
    try:
        yield connection
    finally:
        await connection.close()


async def check_migrated(url: str) -> None:
    """Refuse with words where nothing answers at the address, or where there are no tables."""
    async with connected(url) as connection:
        if not await connection.fetchval("SELECT to_regclass('public.unit') IS NOT NULL"):
            raise NotMigrated


def bring_up_to_date(settings: Settings) -> None:
    """Check the two roles and run the migrations that are pending, as the owner."""
    if not settings.database_url or not settings.database_owner_url:
        raise OwnerUnknown
    asyncio.run(roles.check(settings.session_url, settings.database_owner_url))
    migrate(settings.database_owner_url, settings.database_url)
