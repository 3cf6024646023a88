"""Entering: the database writes the entries while they are counted, and all of it is one act."""

from typing import Any

import asyncpg
import pytest

from app.domain.credits.entries.chain import chained
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.standings import writing
from app.domain.credits.standings.counting import standing_row
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.verification import verify_ledger
from app.request import Resources
from app.sql import Connection, Row, UniqueViolationError
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import NOW, TODAY, City, make_teacher

LEFT = """SELECT (SELECT count(*) FROM credit_entry), (SELECT count(*) FROM standing),
                 (SELECT coalesce(sum(sequence), 0) FROM credit_chain)"""


async def offered(db: Connection, city: City, teachers: list[Row]) -> Row:
    """A closed activity in which these took part."""
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, teachers)
    return activity


async def test_more_than_are_counted_at_once_are_all_entered_and_counted(
    db: Connection, city: City, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 2)
    await make_pack(db, city.city)
    teachers = [await make_teacher(db, resources.cipher, city.school) for _ in range(7)]
    later = [await make_teacher(db, resources.cipher, city.school) for _ in range(2)]
    # At first all begin; then some go on while others begin, in one part of them too.
    for there in (teachers, [*teachers, *later]):
        activity = await offered(db, city, there)
        by = city.county_admin.actor
        done = await recognise_activity(db, by, activity_id=activity["id"], now=NOW)
        assert done["entered"] == len(there)
    found = await verify_ledger(db)
    assert (found.people, found.entries, found.standings, found.finding) == (9, 16, 9, None)


async def test_a_standing_that_is_missing_is_folded_with_what_was_written_just_now(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for _ in range(2):
        activity = await offered(db, city, [city.teacher, city.colleague])
        await recognise_activity(db, city.county_admin.actor, activity_id=activity["id"], now=NOW)
        # As where it was never begun, of somebody who has entries.
        await driver.execute("DELETE FROM standing WHERE teacher_id = $1", city.teacher["id"])
    activity = await offered(db, city, [city.teacher, city.colleague])
    await recognise_activity(db, city.county_admin.actor, activity_id=activity["id"], now=NOW)
    counted = await driver.fetch("SELECT entries FROM standing")
    assert [row["entries"] for row in counted] == [3, 3]
    assert (await verify_ledger(db)).finding is None


async def test_what_cannot_be_counted_is_not_entered_and_the_connection_serves_on(
    db: Connection, driver: asyncpg.Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused in the midst of counting, when the database has the entries already."""
    await make_pack(db, city.city)
    activity = await offered(db, city, [city.teacher, city.colleague])
    by, told = city.county_admin.actor, []

    def fails_at_the_second(*args: Any) -> Row:
        told.append(args)
        if len(told) == 2:
            raise ArithmeticError("of this person")
        return standing_row(*args)

    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(writing, "standing_row", fails_at_the_second)
        with pytest.raises(ArithmeticError):
            async with db.transaction():
                await recognise_activity(db, by, activity_id=activity["id"], now=NOW)
    assert tuple(await driver.fetchrow(LEFT)) == (0, 0, 0)
    done = await recognise_activity(db, by, activity_id=activity["id"], now=NOW)
    assert done["entered"] == 2
    assert (await verify_ledger(db)).finding is None


async def test_what_the_database_refuses_reaches_who_asked_and_nothing_is_counted(
    db: Connection, driver: asyncpg.Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second entry of one source: the natural key refuses it, whatever was looked up before."""
    await make_pack(db, city.city)
    activity = await offered(db, city, [city.teacher])
    by, entered = city.county_admin.actor, []

    def kept(entries: Any, heads: Any) -> list[Row]:
        entered.extend(entries)
        return chained(entries, heads)

    with monkeypatch.context() as patched:
        patched.setattr(writing, "chained", kept)
        await recognise_activity(db, by, activity_id=activity["id"], now=NOW)
    before = tuple(await driver.fetchrow(LEFT))
    [entry] = entered
    one = [city.teacher["id"]]
    people = await read_people(db, teacher_ids=one)
    packs = await read_packs(db, city_id=city.city["id"])
    heads = await lock_heads(db, teacher_ids=one)
    with pytest.raises(UniqueViolationError):
        async with db.transaction():
            await writing.enter_entries(
                db, entries=[entry], heads=heads, people=people, packs=packs, day=TODAY
            )
    assert tuple(await driver.fetchrow(LEFT)) == before
    assert (await verify_ledger(db)).finding is None


async def test_the_entries_of_one_person_follow_one_another(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Taken part by part, they would be carried into a state that is not the last one."""
    await make_pack(db, city.city)
    both = [city.teacher["id"], city.colleague["id"]]
    people = await read_people(db, teacher_ids=both)
    packs = await read_packs(db, city_id=city.city["id"])
    entries = [{"teacher_id": key} for key in (*both, both[0])]
    heads = await lock_heads(db, teacher_ids=both)
    with pytest.raises(ValueError, match="follow one another"):
        async with db.transaction():
            await writing.enter_entries(
                db, entries=entries, heads=heads, people=people, packs=packs, day=TODAY
            )
    assert tuple(await driver.fetchrow(LEFT)) == (0, 0, 0)
