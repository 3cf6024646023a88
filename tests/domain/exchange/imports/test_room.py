"""How many imports an account has worked on at a time, and how much is kept of their files."""

import asyncio
import io
from dataclasses import replace

import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError
from app.domain.exchange import imports
from app.domain.exchange.imports import Import
from app.domain.exchange.imports.room import MOST_AT_WORK, MOST_OF_ACCOUNT, MOST_OF_UNIT
from app.jobs.importing import place_for
from app.request import Resources
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, Person, id_number, make_city
from tests.make_imports import PEOPLE_HEAD, csv, hand_in, work_on


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def handed_in(case: Case) -> Row:
    content = csv(PEOPLE_HEAD, case.line("张小燕", id_number()))
    return await hand_in(case.db, case.held, case.actor, content, unit_id=case.unit_id)


async def refused(case: Case) -> str:
    with pytest.raises(DomainError) as problem:
        await handed_in(case)
    return problem.value.code


async def test_an_account_has_so_many_imports_worked_on_at_a_time(case: Case) -> None:
    waiting = [await handed_in(case) for _ in range(MOST_AT_WORK)]
    assert await refused(case) == "import_limit"
    # Another account of the same place is not kept from its own.
    own, case.actor = case.actor, case.city.city_admin.actor
    await handed_in(case)
    case.actor = own
    run = await work_on(case.db, case.held, case.pool, waiting[0]["id"])
    await handed_in(case)
    with pytest.raises(DomainError) as problem:
        await imports.apply_import(case.db, case.actor, import_id=run["id"])
    assert problem.value.code == "import_limit"


async def test_the_files_that_are_kept_have_so_many_bytes_together(case: Case) -> None:
    run = await case.checked(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    half = MOST_OF_ACCOUNT // 2
    other = await case.checked(csv(PEOPLE_HEAD, case.line("李", id_number())))
    for each in (run, other):
        await case.db.change(Import, each["id"], {"stored_size": half})
    assert await refused(case) == "import_files_limit"
    # What is over needs its file no longer.
    await imports.cancel_import(case.db, case.actor, import_id=other["id"], now=NOW)
    await handed_in(case)


async def test_so_have_those_of_a_unit_whoever_handed_them_in(case: Case) -> None:
    others = [case.city.city_admin.actor, case.city.county_admin.actor]
    for number in range(MOST_OF_UNIT // MOST_OF_ACCOUNT):
        case.actor = others[number % 2]
        run = await case.checked(csv(PEOPLE_HEAD, case.line(f"教师{number}", id_number())))
        size = {"stored_size": MOST_OF_ACCOUNT, "created_by": case.city.auditor.actor.account_id}
        await case.db.change(Import, run["id"], size)
    assert await refused(case) == "import_files_limit"


async def test_who_reads_a_workbook_waits_for_a_place(resources: Resources) -> None:
    held = replace(resources, workbooks=asyncio.Semaphore(1))

    async def read(content: bytes) -> bool:
        async with place_for(held, io.BytesIO(content)):
            return True

    async with held.workbooks:
        work = asyncio.create_task(read(b"PK\x03\x04 and more"))
        # A text needs no place.
        assert await read(csv(PEOPLE_HEAD))
        await asyncio.sleep(0)
        assert not work.done()
    assert await work


async def test_of_those_who_hand_in_for_a_unit_at_once_no_more_than_fit_are_taken(
    real_pool: Pool, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    school = city.school["name"]
    content = csv(
        PEOPLE_HEAD,
        *(f"张小燕,{id_number()},{school},语文,小学,一级教师" for _ in range(50)),
    )
    async with real_pool.transaction() as db:
        admin = city.city_admin.actor
        other = await hand_in(db, resources, admin, content, unit_id=city.far_school["id"])
        size = await db._driver.fetchval(
            "SELECT stored_size FROM import WHERE id = $1", other["id"]
        )
    room = size * 5 // 2
    monkeypatch.setattr("app.domain.exchange.imports.room.MOST_OF_UNIT", room)

    async def try_to_hand_in(person: Person) -> str:
        try:
            async with real_pool.transaction() as db:
                await hand_in(db, resources, person.actor, content, unit_id=city.school["id"])
        except DomainError as refusal:
            return refusal.code
        return "taken"

    people = (city.school_admin, city.county_admin, city.city_admin)
    told = await asyncio.gather(*map(try_to_hand_in, people))
    async with real_pool.connection() as db:
        kept = await db._driver.fetchval("SELECT sum(stored_size) - max(stored_size) FROM import")
    assert sorted(told) == ["import_files_limit", "taken", "taken"]
    assert kept <= room
