"""What an auditor would try: credit lost, doubled or unexplained at the edges."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.base import civil_date
from app.domain.credits.entries import list_entries
from app.domain.credits.explanations import get_explanation
from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.standings import get_standing
from app.domain.credits.verification import verify_ledger
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection
from tests.domain.credits.making import attend, make_closed_activity, make_pack, make_recognised
from tests.make import NOW, City, make_city, make_teacher

FIRST, LAST = date.min, date.max


async def test_the_ends_of_the_calendar_are_days_like_others(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    pack = await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    actor, teacher_id = city.county_admin.actor, city.teacher["id"]
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    for day in (FIRST, LAST):
        for known_on in (None, FIRST, LAST):
            asked = {"as_of": day, "known_on": known_on, "pack_key": pack["id"]}
            told = await get_standing(db, actor, teacher_id=teacher_id, now=NOW, **asked)
            # No cycle but that of 2026 to 2030 has the entry in it.
            assert told["counted_credits"] == 0
            told = await get_explanation(db, actor, entry_id=entry_id, now=NOW, **asked)
            assert told["counted"] == 0
            page = await list_entries(
                db, actor, teacher_id=teacher_id, page=PageRequest(), as_of=day, known_on=known_on
            )
            assert len(page.items) == (day == LAST and known_on != FIRST)


async def test_what_was_recognised_is_counted_somewhere(db: Connection, city: City) -> None:
    """The pack of 2013 is in force from May, and its first cycle begins in September."""
    content = shipped_packs()["yueyang-2013"].model_dump(mode="json", exclude_defaults=True)
    await make_pack(db, city.city, PackDocument.model_validate(content))
    day = date(2013, 6, 1)
    activity = await make_closed_activity(db, city.school, city.school_admin, on=day)
    await attend(db, activity, [city.teacher])
    actor = city.county_admin.actor
    done = await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)
    told = await get_standing(db, actor, teacher_id=city.teacher["id"], now=NOW, as_of=day)
    assert (done["entered"], done["not_covered"], told["earned_hours"]) == (0, 1, 0)
    assert done["left_out"][0]["code"] == "before_first_cycle"
    assert done["left_out"][0]["zh"].endswith("第一个周期自2013-09-01起。")


async def test_what_is_still_to_come_is_not_recognised(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    day = civil_date(NOW) + timedelta(days=1)
    activity = await make_closed_activity(db, city.school, city.school_admin, on=day)
    await attend(db, activity, [city.teacher])
    actor = city.county_admin.actor
    with pytest.raises(ActivityNotOver) as refused:
        await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)
    assert refused.value.details == {"day": day.isoformat()}
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0
    next_day = NOW + timedelta(days=1)
    done = await recognise_activity(db, actor, activity_id=activity["id"], now=next_day)
    assert done["entered"] == 1


async def test_schools_met_in_opposite_order_are_no_deadlock(
    real_pool: Pool, resources: Resources
) -> None:
    """A person with a standing and a newcomer each, of two schools the other way round.

    The sums of schools are written in two passes, first those of standings that go on.
    """
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        known = [city.teacher, city.sibling_teacher]
        await make_recognised(db, city.county, city.county_admin, known)
        new = [
            await make_teacher(db, resources.cipher, school)
            for school in (city.sibling, city.school)
        ]
        activities = []
        for pair in zip(known, new, strict=True):
            activities.append(await make_closed_activity(db, city.county, city.county_admin))
            await attend(db, activities[-1], pair)

    async def recognise(number: int) -> int:
        async with real_pool.transaction() as db:
            done = await recognise_activity(
                db, city.county_admin.actor, activity_id=activities[number]["id"], now=NOW
            )
            return int(done["entered"])

    async with real_pool.transaction() as db:
        # Both are held up where each holds the standings of its own people.
        for teacher in known:
            await db._driver.execute(
                "UPDATE standing SET entries = entries WHERE teacher_id = $1", teacher["id"]
            )
        racing = [asyncio.create_task(recognise(number)) for number in range(2)]
        await asyncio.sleep(0.5)
    assert await asyncio.gather(*racing) == [2, 2]
    async with real_pool.transaction(read_only=True) as db:
        found = await verify_ledger(db)
    assert (found.people, found.entries, found.finding) == (4, 6, None)
