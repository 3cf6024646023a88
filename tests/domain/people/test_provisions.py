from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.domain.access.roles import Permission
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.provisions import (
    IMPERSONAL,
    DataCategory,
    Reader,
    Recipient,
    categories_of,
    list_provisions,
    record_reads,
)
from app.request import Resources, upkeep
from app.request.actors import ActorReader
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.oauth import make_client


async def listed(db: Connection, person: Person, **more: Any) -> list[Row]:
    return (await list_provisions(db, person.actor, page=PageRequest(), **more)).items


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.county)


async def test_what_an_application_reads_is_summed_up_by_scope_and_day(
    db: Connection, city: City, app: Row
) -> None:
    of_people, of_itself = Reader(app["id"], for_person=True), Reader(app["id"], for_person=False)
    reads = {Permission.CREDIT_READ: 3, Permission.UNIT_READ: 9}
    for _ in range(2):
        await record_reads(db, reads={of_people: reads}, now=NOW)
    await record_reads(db, reads={of_itself: {Permission.TEACHER_READ: 1}}, now=NOW)
    await record_reads(db, reads={of_people: reads}, now=NOW + timedelta(days=1))
    rows = await listed(db, city.county_admin)
    assert [(row["scope"], row["times"], row["legal_basis"], row["day"]) for row in rows] == [
        ("credit:read", 3, "consent", TODAY + timedelta(days=1)),
        ("teacher:read", 1, "entrustment", TODAY),
        ("credit:read", 6, "consent", TODAY),
    ]
    shown = await db._driver.fetchrow("SELECT * FROM client WHERE id = $1", app["id"])
    assert rows[0]["purpose"] == shown["purpose"]
    assert shown["organisation"] in rows[0]["recipient_name"]
    assert rows[0]["categories"] == [DataCategory.CREDITS]
    assert (rows[0]["people"], rows[0]["county_id"]) == (None, city.county["id"])


async def test_only_applications_are_recipients(db: Connection, city: City) -> None:
    teacher = Reader(city.teacher_account.actor.account_id, for_person=False)
    await record_reads(db, reads={teacher: {Permission.CREDIT_READ: 1}}, now=NOW)
    assert await listed(db, city.city_admin) == []


async def test_each_sees_what_went_out_of_its_place(db: Connection, city: City, app: Row) -> None:
    reader = Reader(app["id"], for_person=True)
    await record_reads(db, reads={reader: {Permission.CREDIT_READ: 1}}, now=NOW)
    for person in (city.city_admin, city.county_admin, city.auditor):
        assert len(await listed(db, person)) == 1
        assert await listed(db, person, recipient=Recipient.PROVINCE) == []
        assert len(await listed(db, person, client_id=app["id"], since=TODAY)) == 1
        assert await listed(db, person, until=TODAY) == []
    for person in (city.other_county_admin, city.school_admin):
        assert await listed(db, person) == []
    for person in (city.teacher_account, city.integration):
        with pytest.raises(NotAllowed):
            await listed(db, person)


async def test_nothing_of_it_is_ever_removed_or_rewritten(
    driver: asyncpg.Connection, db: Connection, app: Row
) -> None:
    reader = Reader(app["id"], for_person=True)
    await record_reads(db, reads={reader: {Permission.CREDIT_READ: 1}}, now=NOW)
    for attempt in (
        "DELETE FROM provision", "UPDATE provision SET purpose = 'x'", "DELETE FROM look",
        "UPDATE look SET reason = 'x'",
    ):  # fmt: skip
        savepoint = driver.transaction()
        await savepoint.start()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute(attempt)
        await savepoint.rollback()


def test_every_scope_that_may_show_people_is_counted() -> None:
    uncounted = {each for each in Permission if each.value.endswith(":read")} - {
        each for each in Permission if categories_of(each)
    }
    assert uncounted == IMPERSONAL
    writes = {Permission.UNIT_WRITE, Permission.TEACHER_WRITE, Permission.PARTICIPATE}
    assert not any(categories_of(each) for each in writes)
    assert categories_of(Permission.RECORD_OWN) == tuple(DataCategory)


def claims(**more: Any) -> dict[str, Any]:
    key = "01890000-0000-7000-8000-000000000001"
    return {"sub": key, "sv": 1, "grants": [], **more}


CLIENT = "01890000-0000-7000-8000-000000000002"


def test_what_an_application_asks_with_is_counted_until_it_is_taken() -> None:
    reader = ActorReader()
    through = reader(claims(client=CLIENT, cv=1, sid=CLIENT, scope="credit:read"))
    itself = reader(claims(scope="teacher:read"))
    person = reader(claims(sid=CLIENT))
    for actor in (through, through, itself, person):
        actor.scope(Permission.CREDIT_READ)
    taken = reader.take_uses()
    assert {(str(each.client_id), each.for_person): n for each, n in taken.items()} == {
        (CLIENT, True): {Permission.CREDIT_READ: 2},
        (claims()["sub"], False): {Permission.CREDIT_READ: 1},
    }
    assert reader.take_uses() == {}
    reader.give_back_uses(taken)
    assert reader.take_uses() == taken
    through.scope(Permission.CREDIT_READ)
    assert [*reader.take_uses().values()] == [{Permission.CREDIT_READ: 1}]


async def test_a_process_records_what_it_has_counted(
    db: Connection, city: City, app: Row, resources: Resources, pool: Any
) -> None:
    held = replace(resources, pool=pool, actors=ActorReader())
    actor = held.actors(claims(client=str(app["id"]), cv=1, sid=CLIENT, scope="credit:read"))
    actor.scope(Permission.CREDIT_READ)
    await upkeep.record_uses(held)
    [row] = await listed(db, city.county_admin)
    assert (row["client_id"], row["times"], row["scope"]) == (app["id"], 1, "credit:read")
    await upkeep.record_uses(held)
    assert await listed(db, city.county_admin) == [row]
