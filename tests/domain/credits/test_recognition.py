"""Recognition: who gets what, once, and in how many statements."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.base import civil_date
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.recognition import (
    ActivityNotClosed,
    ActivityNotOver,
    recognise_activity,
)
from app.domain.credits.standings import get_standing
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.domain.training.activities import ActivityNotFound, ActivityState
from app.request import Resources
from app.sql import Connection
from tests.domain.credits.making import (
    DAY,
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
)
from tests.make import NOW, City, make_city, make_teacher

LEDGER = "SELECT * FROM credit_entry ORDER BY teacher_id, sequence"


async def test_everyone_who_qualified_gets_one_entry(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin, requires_note=False)
    await attend(db, activity, [city.teacher], role="speaker")
    await attend(db, activity, [city.colleague])
    await attend(db, activity, [city.sibling_teacher], status="absent")
    actor = city.county_admin.actor

    done = await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)

    counts = {name: done[name] for name in ("entered", "already_entered", "not_qualified")}
    assert counts == {"entered": 2, "already_entered": 0, "not_qualified": 1}
    absent = {"code": "absent", "zh": "未出席。", "en": "Was not present."}
    assert done["left_out"] == [{"teacher_id": city.sibling_teacher["id"], **absent}]
    rows = {row["teacher_id"]: row for row in await driver.fetch(LEDGER)}
    spoke, took_part = rows[city.teacher["id"]], rows[city.colleague["id"]]
    # The pack counts speaking twice.
    assert (spoke["hours"], spoke["credits"], spoke["rule_id"]) == (20, 20, "speaking")
    assert (took_part["hours"], took_part["credits"], took_part["rule_id"]) == (
        10,
        10,
        "attendance",
    )
    frozen = (
        "kind", "source_kind", "source_id", "attempt", "sequence", "earned_on", "recorded_at", "level",
        "activity_kind", "mode", "role", "channel", "content", "awarded_rank", "awarded_posts",
        "awarded_school_id", "awarded_county_id", "pack_id", "pack_version", "recorded_by",
    )  # fmt: skip
    assert [took_part[name] for name in frozen] == [
        "earn", "activity", activity["id"], 1, 1, DAY, NOW, "school",
        "collective_planning", "concentrated", "participant", "school_based",
        ["ethics", "teaching_methods"], "first_grade", ["teacher"],
        city.school["id"], city.county["id"], "yueyang-demo-2026", 1, actor.account_id,
    ]  # fmt: skip


async def test_a_repeat_enters_nothing(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher])
    actor = city.county_admin.actor
    await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)
    before = await driver.fetch(LEDGER)

    again = await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)

    assert (again["entered"], again["already_entered"]) == (0, 1)
    assert await driver.fetch(LEDGER) == before
    assert len(before) == 1


async def test_only_a_bureau_recognises_and_only_what_is_closed(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    held = await make_closed_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    closed = await make_closed_activity(db, city.school, city.school_admin)
    for activity in (held, closed):
        await attend(db, activity, [city.teacher])
    with pytest.raises(ActivityNotClosed) as refused:
        await recognise_activity(db, city.county_admin.actor, activity_id=held["id"], now=NOW)
    assert refused.value.details == {"state": "held"}
    with pytest.raises(NotAllowed):
        await recognise_activity(db, city.school_admin.actor, activity_id=closed["id"], now=NOW)
    with pytest.raises(ActivityNotFound):
        await recognise_activity(
            db, city.other_county_admin.actor, activity_id=closed["id"], now=NOW
        )
    assert await driver.fetch(LEDGER) == []


async def test_what_no_pack_covers_is_said(db: Connection, city: City) -> None:
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher])
    actor = city.county_admin.actor
    done = await recognise_activity(db, actor, activity_id=activity["id"], now=NOW)
    assert (done["entered"], done["not_covered"]) == (0, 1)
    assert done["left_out"][0]["code"] == "no_rule_pack_in_force"
    assert done["left_out"][0]["zh"] == "2026-03-10没有生效的学分规则包。"


async def test_the_number_of_statements_does_not_grow(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_pack(db, city.city)
    needed = []
    for size in (1, 30):
        teachers = [await make_teacher(db, resources.cipher, city.school) for _ in range(size)]
        first = await make_closed_activity(db, city.school, city.school_admin, on=DAY)
        second = await make_closed_activity(db, city.school, city.school_admin, on=DAY)
        for activity in (first, second):
            await attend(db, activity, teachers)
            before = db.statements
            done = await recognise_activity(
                db, city.county_admin.actor, activity_id=activity["id"], now=NOW
            )
            assert done["entered"] == size
            needed.append(db.statements - before)
    assert needed == [17, 17, 17, 17]


async def test_a_new_cycle_reads_the_ledger_once_more(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    needed = []
    for day in (DAY, date(2025, 3, 10)):
        activity = await make_closed_activity(db, city.school, city.school_admin, on=day)
        await attend(db, activity, [city.teacher, city.colleague])
        before = db.statements
        await recognise_activity(db, city.county_admin.actor, activity_id=activity["id"], now=NOW)
        needed.append(db.statements - before)
    assert needed == [17, 18]
    assert (await verify_ledger(db)).standings == 4


async def test_two_at_once_enter_nothing_twice(real_pool: Pool, resources: Resources) -> None:
    """Thirty racers over two activities of the same people, with real commits."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        teachers = [city.teacher, city.colleague, city.sibling_teacher]
        activities = [
            await make_closed_activity(db, city.county, city.county_admin) for _ in range(2)
        ]
        for activity, order in zip(activities, (teachers, teachers[::-1]), strict=True):
            await attend(db, activity, order)

    async def race(number: int) -> int:
        async with real_pool.transaction() as db:
            activity_id = activities[number % 2]["id"]
            done = await recognise_activity(
                db, city.county_admin.actor, activity_id=activity_id, now=NOW
            )
            return int(done["entered"])

    entered = await asyncio.gather(*(race(number) for number in range(30)))
    assert sorted(entered)[-2:] == [3, 3]
    assert sum(entered) == 6
    async with real_pool.transaction(read_only=True) as db:
        ledgers = await read_ledgers(db, teacher_ids=[teacher["id"] for teacher in teachers])
        assert [len(ledger) for ledger in ledgers.values()] == [2, 2, 2]
        found = await verify_ledger(db)
    assert (found.people, found.entries, found.standings, found.finding) == (3, 6, 3, None)


async def test_the_sums_of_schools_follow(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.county, city.county_admin, hours="61.50")
    await attend(db, activity, [city.teacher, city.colleague, city.sibling_teacher])
    await recognise_activity(db, city.county_admin.actor, activity_id=activity["id"], now=NOW)
    sums = {row["school_id"]: row for row in await driver.fetch("SELECT * FROM school_credit")}
    assert sums.keys() == {city.school["id"], city.sibling["id"]}
    own = sums[city.school["id"]]
    # A county's credit counts up to 60 in a school year.
    assert [own[name] for name in ("teachers", "entries", "earned_credits", "counted_credits")] == [
        2, 2, Decimal("123.00"), Decimal("120.00"),
    ]  # fmt: skip


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
