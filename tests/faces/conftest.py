"""What holds for every test of the two faces."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app.request import Resources
from app.sql import Connection
from tests.conftest import KeptConnection
from tests.faces.places import make_world
from tests.faces.refusals import MARKER
from tests.faces.state import state
from tests.faces.world import World
from tests.make import City, make_city


@asynccontextmanager
async def lasting(kept: KeptConnection) -> AsyncIterator[Connection]:
    """A transaction of the kept connection for all tests of a module.

    The transaction of each test is a savepoint within, so that what a test does is gone before the next.
    """
    driver = await kept.opened()
    outer = driver.transaction()
    await outer.start()
    yield Connection(driver)
    await outer.rollback()


@pytest.fixture(scope="module")
async def lasting_world(kept: KeptConnection, resources: Resources) -> AsyncIterator[World]:
    """The world of the access matrix, made once for the tests of a module."""
    async with lasting(kept) as db:
        yield await make_world(db, resources.cipher)


@pytest.fixture(scope="module")
async def lasting_city(kept: KeptConnection, resources: Resources) -> AsyncIterator[City]:
    """The small city, made once for the tests of a module, which take it for their `city`."""
    async with lasting(kept) as db:
        yield await make_city(db, resources.cipher)


@pytest.fixture(scope="module")
async def before(lasting_city: City, kept: KeptConnection) -> dict[str, Any]:
    """The state from which every test of a module with a lasting city begins."""
    return await state(await kept.opened())


@pytest.fixture
def world(lasting_world: World, driver: asyncpg.Connection) -> World:
    """The world of the module, in a savepoint of the test's own: the driver's begins after it was made."""
    return lasting_world


@pytest.fixture(autouse=True)
def nothing_is_repeated(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test sends, the log does not hold it."""
    yield
    assert MARKER[-10:] not in caplog.text
