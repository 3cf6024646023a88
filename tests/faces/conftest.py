"""What holds for every test of the two faces."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from app.request import Resources
from app.sql import Connection
from tests.conftest import KeptConnection
from tests.faces.places import make_world
from tests.faces.refusals import MARKER
from tests.faces.world import World


@pytest.fixture(scope="module")
async def lasting_world(kept: KeptConnection, resources: Resources) -> AsyncIterator[World]:
    """The world of the access matrix, made once for the tests of a module.

    It lies in one transaction of the kept connection; the transaction of each test is a savepoint
    within, so that what a test does is gone before the next.
    """
    driver = await kept.opened()
    outer = driver.transaction()
    await outer.start()
    yield await make_world(Connection(driver), resources.cipher)
    await outer.rollback()


@pytest.fixture
def world(lasting_world: World, driver: asyncpg.Connection) -> World:
    """The world of the module, in a savepoint of the test's own: the driver's begins after it was made."""
    return lasting_world


@pytest.fixture(autouse=True)
def nothing_is_repeated(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test sends, the log does not hold it."""
    yield
    assert MARKER[-10:] not in caplog.text
