"""How the demo city gets into the database: by COPY, in one transaction, as the application's role.

One transaction, whatever the scale: PostgreSQL keeps no undo, so its length costs nothing, and a load
that is killed leaves nothing to be cleaned up. Rows are copied school by school, so that neither this
process nor the queue of foreign keys to be checked grows with the city.
"""

from collections.abc import Callable

import asyncpg

from app.demo.city import generate
from app.demo.listed import Account, keep_accounts
from app.demo.rows import Rows
from app.demo.scales import Scale
from app.domain.people.identity import PersonalDataCipher
from app.settings import Settings

_LOCK = 0x64656D6F  # "demo": two loads at once take turns, and the second finds the city there

_DRAW = "SELECT nextval('change_sequence') FROM generate_series(1, $1)"


async def load_demo(
    settings: Settings,
    scale: Scale,
    *,
    cipher: PersonalDataCipher,
    advance: Callable[[float], None],
) -> list[Account]:
    """Load the city unless the database has any unit; the accounts with passwords, if it was loaded.

    `advance` is told from time to time which part of the whole is done, from 0 to 1.
    """
    connection = await asyncpg.connect(settings.session_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            if await connection.fetchval("SELECT EXISTS (SELECT FROM unit)"):
                return []
            rows = Rows()
            accounts: list[Account] = []

            async def draw_versions(number: int) -> list[int]:
                return [row[0] for row in await connection.fetch(_DRAW, number)]

            async for done in generate(
                rows, accounts, scale=scale, cipher=cipher, draw_versions=draw_versions
            ):
                await rows.copy(connection)
                advance(done)
            # Before the commit: passwords without accounts do no harm, the reverse would.
            keep_accounts(settings.data_folder, accounts)
    finally:
        await connection.close()
    if settings.database_owner_url is not None:
        await _analyse(settings.database_owner_url)
    return accounts


async def _analyse(owner_url: str) -> None:
    """Let the planner know what has come, rather than wait for autovacuum."""
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute("VACUUM (ANALYZE)")
    finally:
        await owner.close()
