"""The demo city, loaded once for all tests of a file."""

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.demo.loading import load_demo
from app.graphql.execution import documents
from app.graphql.schema import schema
from app.request import Resources
from tests.conftest import empty
from tests.demo.conftest import SMALL, nothing
from tests.graphql.execution.comparing import PlainEngine
from tests.graphql.execution.demo import DemoCity
from tests.graphql.execution.library import LIMITS


@pytest.fixture(scope="module")
async def demo_city(
    urls: Urls, resources: Resources, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[DemoCity]:
    """The small demo city, which the tests of a file only read; its tables are emptied afterwards."""
    folder = tmp_path_factory.mktemp("a demo city")
    settings = resources.settings.model_copy(
        update={"data_folder": folder, "database_owner_url": urls.owner}
    )
    owner = await asyncpg.connect(urls.owner)
    pool = await Pool.open(urls.application, size=4, patience=10, statement_timeout=30)
    try:
        await load_demo(settings, SMALL, cipher=resources.cipher, advance=nothing)
        with pytest.MonkeyPatch.context() as patch:
            # What one has been asked is asked of all the others: it is read and validated once.
            patch.setattr(documents, "MOST_KEPT", 20_000)
            patch.setattr(documents, "LONGEST_KEPT", None)
            engine = PlainEngine(schema, LIMITS)
        yield DemoCity(replace(resources, pool=pool), owner, schema._schema, engine)
    finally:
        await pool.close()
        await owner.close()
        await empty(urls.owner)
