"""How Alembic reaches the database: as its owner, over asyncpg, all pending migrations in one transaction.

A migration waits for locks at most four seconds, so that it never makes the application wait.
"""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database.migrations import all_tables

metadata = all_tables()


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is described by the domain: those of the queue are pgqueuer's."""
    return kind != "table" or name is None or not name.startswith("pgqueuer")


def run(connection: Connection) -> None:
    """Run what is pending on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=is_ours,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        connection.exec_driver_sql("SET LOCAL lock_timeout = '4s'")
        context.run_migrations()


async def main() -> None:
    """Connect as the owner and run."""
    url = context.config.attributes["owner_url"]
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
