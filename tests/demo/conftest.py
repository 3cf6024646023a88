"""A demo city in a database whose commits are real."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest

from app.database.embedded import Urls
from app.demo.listed import Account
from app.demo.loading import load_demo
from app.demo.scales import Scale
from app.security.personal_data import SealingCipher, load_cipher
from app.settings import Settings
from tests.conftest import empty

SMALL = Scale("small", 24, 480, 6, 2, 1, hours=(24,))


@dataclass
class Database:
    """An empty database, or one with the small city; emptied when its tests are over."""

    settings: Settings
    cipher: SealingCipher
    owner: asyncpg.Connection
    accounts: list[Account] = field(default_factory=list)

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        number: int = await self.owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
        return number


def nothing(_: float) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="module")
async def database(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """A database without any unit."""
    folder = tmp_path_factory.mktemp("demo")
    settings = Settings(
        data_folder=folder, database_url=urls.application, database_owner_url=urls.owner
    )
    owner = await asyncpg.connect(urls.owner)
    try:
        yield Database(settings, load_cipher(folder / "keys.json"), owner)
    finally:
        await owner.close()
        await empty(urls.owner)


@pytest.fixture(scope="module")
async def city(database: Database) -> Database:
    """The small city, loaded once for all tests of a file, which only read it."""
    database.accounts = await load_demo(
        database.settings, SMALL, cipher=database.cipher, advance=nothing
    )
    return database
