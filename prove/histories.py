"""Histories of credit drawn from the seed, each step compared with a model that knows nothing of ours.

The machine and its model are the tests' (`tests/domain/credits/entries/test_histories.py`); here as many are
drawn as the target says, from the seed of the run, on the house's PostgreSQL.
"""

import asyncio
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.main import open_resources
from app.security.tokens import LEDGER_HEAD, JoseKey
from app.sql import Connection, prepare_connection
from prove.ground import Found, Ground
from tests.domain.credits.entries.test_histories import Histories, World
from tests.domain.credits.making import make_pack
from tests.make import make_city

STEPS = 20


def prove_histories(ground: Ground) -> Found:
    """What the ledger says after each step of a history is what the model says."""
    histories = ground.times(12, 1_000)
    found, steps = Found(repetitions=histories), 0

    class Drawn(Histories):
        """The tests' machine, which here counts."""

        def ask(self, *given: Any) -> bool:
            nonlocal steps
            steps += 1
            return super().ask(*given)

    with asyncio.Runner() as runner:
        held = open_resources(ground.house.settings)
        resources = runner.run(held.__aenter__())
        driver = runner.run(_begin(str(ground.house.settings.database_url)))
        try:
            city = runner.run(make_city(Connection(driver), resources.cipher))
            runner.run(make_pack(Connection(driver), city.city))
            signer = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=LEDGER_HEAD)
            Drawn.world = World(runner, driver, city, resources, signer)
            run_state_machine_as_test(
                seed(ground.seed)(Drawn),
                settings=settings(
                    max_examples=histories, stateful_step_count=STEPS, deadline=None,
                    database=None, suppress_health_check=list(HealthCheck),
                    phases=[Phase.generate, Phase.shrink],
                ),
            )  # fmt: skip
        finally:
            runner.run(driver.execute("ROLLBACK"))
            runner.run(driver.close())
            runner.run(held.__aexit__(None, None, None))
    found.figures = {"acts": steps}
    return found


async def _begin(url: str) -> asyncpg.Connection:
    """A connection in a transaction that is rolled back: the histories leave nothing behind."""
    driver = await asyncpg.connect(url, statement_cache_size=1000)
    await prepare_connection(driver)
    await driver.transaction().start()
    return driver
