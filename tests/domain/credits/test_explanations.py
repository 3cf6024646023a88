"""Explanations: from an entry to what of it counts, in two languages."""

from datetime import date
from decimal import Decimal

import asyncpg
import pytest

from app.domain.credits.entries import EntryNotFound, list_entries
from app.domain.credits.explanations import get_explanation
from app.domain.credits.standings import get_standing
from app.domain.paging import PageRequest
from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City


async def test_an_entry_is_explained_step_by_step(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 2")
    actor = city.teacher_account.actor
    before = db.statements
    told = await get_explanation(db, actor, entry_id=entry_id, now=NOW)
    assert db.statements - before == 5
    assert (told["earned"], told["counted"]) == (Decimal("30.00"), Decimal("20.00"))
    steps = {step["code"]: step for step in told["steps"]}
    assert list(steps)[:3] == ["entered", "earned_by_factor", "cut_by_cap"]
    cut = steps["cut_by_cap"]
    assert cut["zh"] == (
        "“校本培训学分五年上限”：每周期至多120.00，此前已计100.00，核减10.00，计20.00。"
    )
    assert cut["basis"]["article"] == "第25条"
    assert {"name": "cut", "value": "10.00"} in cut["values"]
    assert any(each["path"] == "hours_per_credit" for each in told["assumptions"])


async def test_an_entry_of_a_past_cycle_is_explained_in_its_own(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    day = date(2024, 3, 10)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], on=day)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    told = await get_explanation(db, city.county_admin.actor, entry_id=entry_id, now=NOW)
    assert (told["as_of"], told["cycle_end"]) == (date(2025, 12, 31), date(2025, 12, 31))
    assert told["counted"] == Decimal("10.00")
    with pytest.raises(EntryNotFound):
        await get_explanation(db, city.sibling_admin.actor, entry_id=entry_id, now=NOW)


async def test_the_ends_of_the_calendar_are_days_like_others(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    pack = await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    actor, teacher_id = city.county_admin.actor, city.teacher["id"]
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    for day in (date.min, date.max):
        for known_on in (None, date.min, date.max):
            asked = {"as_of": day, "known_on": known_on, "pack_key": pack["id"]}
            told = await get_standing(db, actor, teacher_id=teacher_id, now=NOW, **asked)
            # No cycle but that of 2026 to 2030 has the entry in it.
            assert told["counted_credits"] == 0
            told = await get_explanation(db, actor, entry_id=entry_id, now=NOW, **asked)
            assert told["counted"] == 0
            page = await list_entries(
                db, actor, teacher_id=teacher_id, page=PageRequest(), as_of=day, known_on=known_on
            )
            assert len(page.items) == (day == date.max and known_on != date.min)
