"""What several tests of the exchange begin with."""

import pytest

from app.database.pool import Pool
from app.request import Resources
from tests.domain.exchange.telling import Told
from tests.make import make_city


@pytest.fixture
async def told(real_pool: Pool, resources: Resources) -> Told:
    """A city with real commits, and the processes that tell an application of it."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    return Told(real_pool, resources, city)
