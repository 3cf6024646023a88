"""The ledger under fire, with real commits: racers on one natural key, and a process that dies.

The suite sends forty racers. With `YANXUN_RACERS=500` it sends that many.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.credits.ledger_heads import sign_due_head
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import (
    AlreadyReversed,
    NewEntryCorrection,
    NewReversal,
    correct_entry,
    reverse_entry,
)
from app.domain.credits.verification import verify_ledger
from app.request import Resources
from app.security.tokens import JoseKey
from app.sql import Connection, Row, prepare_connection
from tests.domain.credits.making import attend, make_closed_activity, make_pack, make_recognised
from tests.make import NOW, City, make_city

RACERS = int(os.environ.get("YANXUN_RACERS", "40"))


@pytest.fixture
async def patient(
    urls: Urls,
    real_pool: Pool,
) -> AsyncIterator[Pool]:
    """A pool for which hundreds may wait."""
    pool = await Pool.open(urls.application, size=8, patience=120, statement_timeout=60)
    yield pool
    await pool.close()


@pytest.fixture
async def made(patient: Pool, resources: Resources) -> City:
    async with patient.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        return city


async def entries(pool: Pool) -> list[Row]:
    async with pool.transaction(read_only=True) as db:
        found = await verify_ledger(db)
        assert found.finding is None, found.finding
        rows = await db._driver.fetch("SELECT * FROM credit_entry ORDER BY teacher_id, sequence")
        return [dict(row) for row in rows]


async def test_racers_on_one_natural_key_make_one_entry(patient: Pool, made: City) -> None:
    async with patient.transaction() as db:
        activity = await make_closed_activity(db, made.county, made.county_admin)
        await attend(db, activity, [made.teacher])

    async def race() -> int:
        async with patient.transaction() as db:
            done = await recognise_activity(
                db, made.county_admin.actor, activity_id=activity["id"], now=NOW
            )
            assert done["entered"] + done["already_entered"] == 1
            return int(done["entered"])

    assert sum(await asyncio.gather(*(race() for _ in range(RACERS)))) == 1
    assert len(await entries(patient)) == 1


async def test_an_entry_is_corrected_or_reversed_once(patient: Pool, made: City) -> None:
    async with patient.transaction() as db:
        await make_recognised(db, made.school, made.county_admin, [made.teacher])
    (entry,) = await entries(patient)

    async def race(number: int) -> str:
        actor, entry_id = made.county_admin.actor, entry["id"]
        try:
            async with patient.transaction() as db:
                if number % 2:
                    new = NewReversal(reason="登记有误")
                    await reverse_entry(db, actor, entry_id=entry_id, new=new, now=NOW)
                    return "reversed"
                right = NewEntryCorrection.model_validate({"hours": "6.00", "reason": "学时有误"})
                await correct_entry(db, actor, entry_id=entry_id, new=right, now=NOW)
        except AlreadyReversed:
            return "refused"
        return "corrected"

    done = await asyncio.gather(*(race(number) for number in range(12)))
    assert done.count("refused") == 11
    assert len(await entries(patient)) == (3 if "corrected" in done else 2)


async def test_who_dies_before_the_commit_leaves_nothing(
    patient: Pool, made: City, urls: Urls
) -> None:
    async with patient.transaction() as db:
        activity = await make_closed_activity(db, made.county, made.county_admin)
        await attend(db, activity, [made.teacher, made.colleague])
    actor = made.county_admin.actor
    driver = await asyncpg.connect(urls.application)
    await prepare_connection(driver)
    await driver.transaction().start()
    done = await recognise_activity(Connection(driver), actor, activity_id=activity["id"], now=NOW)
    assert done["entered"] == 2
    async with patient.connection() as db:
        # With a time limit it answers once the backend is gone, not once it was told to go.
        gone = await db._driver.fetchval(
            "SELECT pg_terminate_backend($1, 60000)", driver.get_server_pid()
        )
        assert gone
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await driver.execute("COMMIT")
    assert await entries(patient) == []
    async with patient.transaction() as db:
        done = await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)
    assert done["entered"] == 2
    assert len(await entries(patient)) == 2


async def test_of_many_processes_one_signs_the_head_of_a_day(patient: Pool, made: City) -> None:
    async with patient.transaction() as db:
        await make_recognised(db, made.school, made.county_admin, [made.teacher])
    signers = [JoseKey(ec.generate_private_key(ec.SECP256R1())) for _ in range(8)]

    async def sign(signer: JoseKey) -> UUID | None:
        async with patient.transaction() as db:
            return await sign_due_head(db, signer=signer, now=NOW)

    signed = await asyncio.gather(*(sign(signer) for signer in signers))
    assert sum(head is not None for head in signed) == 1
    assert len(await entries(patient)) == 1
