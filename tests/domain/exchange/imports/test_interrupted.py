"""What ends the work on an import, and two who do it at once: every row is entered once."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.database.pool import Pool
from app.domain.exchange import imports
from app.domain.exchange.imports import KINDS, Import, ImportSubject
from app.domain.people.teachers import Teacher
from app.domain.progress import begin_work
from app.jobs.importing import do_import
from app.request import Resources
from app.sql import Statement
from tests.make import NOW, City, id_number, make_city
from tests.make_imports import PEOPLE_HEAD, csv, hand_in, work_on

_NAMED = Statement(select(func.count()).where(col(Teacher.name).startswith("中断")))
ROWS = 60


async def checked(real_pool: Pool, held: Resources) -> tuple[City, UUID]:
    """A city with real commits, and an import in it that waits to be entered."""
    async with real_pool.transaction() as db:
        city = await make_city(db, held.cipher)
        school = city.school["name"]
        lines = [f"中断{n},{id_number()},{school},语文,小学,一级教师" for n in range(ROWS)]
        run = await hand_in(
            db, held, city.county_admin.actor, csv(PEOPLE_HEAD, *lines), unit_id=city.county["id"]
        )
    async with real_pool.connection() as db:
        await work_on(db, held, real_pool, run["id"])
    async with real_pool.transaction() as db:
        await imports.apply_import(db, city.county_admin.actor, import_id=run["id"])
        await begin_work(db, Import, row_id=run["id"], now=NOW)
    return city, run["id"]


async def test_stopped_again_and_again_every_row_is_entered_once(
    real_pool: Pool, resources: Resources
) -> None:
    city, import_id = await checked(real_pool, resources)
    held = replace(resources, pool=real_pool)
    small = replace(KINDS[ImportSubject.PEOPLE], part=5)
    with patch.dict(KINDS, {ImportSubject.PEOPLE: small}):
        for pause in (0.01, 0.03, 0.05, 0.02, 0.08):
            work = asyncio.create_task(do_import(held, import_id))
            await asyncio.sleep(pause)
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            async with real_pool.connection() as db:
                run = await imports.get_import(db, city.county_admin.actor, import_id=import_id)
                # What is said to be entered is: neither more nor less.
                assert await db.value(_NAMED) == run["applied"]
        async with real_pool.connection() as db:
            run = await work_on(db, resources, real_pool, import_id)
    assert (run["stage"], run["applied"], run["rejects"]) == ("applied", ROWS, 0)


async def test_two_who_enter_the_same_import_at_once_enter_every_row_once(
    real_pool: Pool, resources: Resources
) -> None:
    _, import_id = await checked(real_pool, resources)
    held = replace(resources, pool=real_pool)
    small = replace(KINDS[ImportSubject.PEOPLE], part=7)
    with patch.dict(KINDS, {ImportSubject.PEOPLE: small}):
        await asyncio.gather(*(do_import(held, import_id) for _ in range(2)))
    async with real_pool.connection() as db:
        assert await db.value(_NAMED) == ROWS
