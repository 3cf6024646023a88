"""What takes over from a pack, what a county refines in it, and what both mean for what is stored."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from app.domain.credits.explanations import get_explanation
from app.domain.credits.packs import PackDocument, PackRefused
from app.domain.credits.packs.published import RulePackNotFound, list_packs
from app.domain.credits.packs.publishing import (
    NewRefinement,
    NewRulePack,
    RefinementNeedsCounty,
    RulePackNotLater,
    RulePackOverlaps,
    RulePackSucceeded,
    SucceededPackNotFound,
    publish_pack,
    refine_pack,
)
from app.domain.credits.standings import get_standing
from app.domain.credits.standings.due import Part, recount_due
from app.domain.credits.standings.takeover import BEGINNING, Position, take_over
from app.domain.credits.summaries import get_credit_summary
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.domain.credits.packs.test_published import cited
from tests.make import NOW, TODAY, City

DEMO = {"id": "yueyang-demo-2026", "version": 1}


def document(version: int, begins: str, **changed: Any) -> dict[str, Any]:
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    return content | {"version": version, "effective_from": cited(begins)} | changed


async def publish(db: Connection, city: City, content: dict[str, Any]) -> Row:
    new = NewRulePack(unit_id=city.city["id"], document=content)
    async with db.transaction():
        return await publish_pack(db, city.city_admin.actor, new=new, now=NOW)


async def refine(db: Connection, city: City, numbers: dict[str, str], **changed: Any) -> Row:
    content: dict[str, Any] = {
        "id": "jia-county", "version": 1, "title": {"zh": "甲县细化", "en": "County"},
        "issuer": "甲县教育局", "refines": DEMO, "effective_from": cited("2026-09-01"),
        "numbers": [{"number": name, "value": cited(value)} for name, value in numbers.items()],
    } | changed  # fmt: skip
    unit_id = content.pop("unit_id", city.county["id"])
    by = content.pop("by", city.county_admin)
    async with db.transaction():
        new = NewRefinement(unit_id=unit_id, document=content)
        return await refine_pack(db, by.actor, new=new, now=NOW)


async def test_a_pack_without_an_end_is_followed_by_the_one_that_names_it(
    db: Connection, city: City
) -> None:
    first = await publish(db, city, document(1, "2006-01-01"))
    with pytest.raises(RulePackOverlaps):
        await publish(db, city, document(2, "2028-01-01"))
    second = await publish(db, city, document(2, "2028-01-01", succeeds=DEMO))
    assert (second["succeeds_id"], first["succeeds_id"]) == (first["id"], None)
    for day, in_force in ((date(2027, 12, 31), 1), (date(2028, 1, 1), 2)):
        page = await list_packs(db, city.auditor.actor, page=PageRequest(), in_force_on=day)
        assert [row["version"] for row in page.items] == [in_force]
    for content, refusal in (
        (document(3, "2029-01-01", succeeds=DEMO), RulePackSucceeded),
        (document(3, "2029-01-01", succeeds=DEMO | {"version": 9}), SucceededPackNotFound),
        (document(3, "2028-01-01", succeeds=DEMO | {"version": 2}), RulePackNotLater),
        (document(3, "2029-01-01"), RulePackOverlaps),
    ):
        with pytest.raises(refusal):
            await publish(db, city, content)
    await publish(db, city, document(3, "2029-01-01", succeeds=DEMO | {"version": 2}))


async def stored(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await driver.fetch(
        "SELECT pack_version, counted_credits, state->>'refinement' IS NOT NULL FROM standing"
        " ORDER BY pack_version, counted_credits"
    )
    return [tuple(row) for row in rows]


async def told(db: Connection, city: City, teacher: Row, **when: Any) -> tuple[int, int]:
    standing = await get_standing(
        db, city.city_admin.actor, teacher_id=teacher["id"], now=NOW, **when
    )
    return standing["pack_version"], int(standing["counted_credits"])


async def taken_over(db: Connection, *, at_most: int) -> list[int]:
    """How many people each part of a whole round counts."""
    counted: list[int] = []
    after: Position | None = BEGINNING
    while after is not None:
        part = await take_over(db, after=after, now=NOW, at_most=at_most)
        after = part.last
        counted.append(part.counted)
    return counted


async def test_what_a_new_pack_takes_over_in_mid_cycle_is_counted_in_rounds(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    people = [city.teacher, city.colleague]
    await make_recognised(db, city.school, city.county_admin, people, hours="100.00")
    content = document(2, TODAY.isoformat(), succeeds=DEMO)
    content["caps"][0]["maximum"] = cited("70.00")
    await publish(db, city, content)
    assert await told(db, city, city.teacher) == (2, 70)
    assert await told(db, city, city.teacher, as_of=date(2026, 11, 19)) == (1, 100)
    assert await stored(driver) == [(1, 100, False)] * 2
    assert await taken_over(db, at_most=1) == [1, 1, 0]
    assert await stored(driver) == [(1, 100, False)] * 2 + [(2, 70, False)] * 2
    unit = await get_credit_summary(db, city.city_admin.actor, unit_id=city.school["id"])
    assert (unit["with_credit"], unit["counted_credits"]) == (2, 140)
    assert await recount_due(db, now=NOW, at_most=9) == Part(0, None)
    assert (await verify_ledger(db)).finding is None


async def test_a_county_refines_what_the_city_left_to_it_and_nothing_else(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    numbers = {
        "caps.school-based-five-years.maximum": "100.00", "caps.moon.maximum": "1.00",
        "caps.county-each-year.maximum": "60.01", "requirements.county-or-above.at_least": "179.99",
    }  # fmt: skip
    with pytest.raises(PackRefused) as refused:
        await refine(db, city, numbers)
    codes = [each.code for each in refused.value.problems]
    assert codes == ["number_locked", "number_unknown", "number_raised", "number_lowered"]
    assert "caps.school-based-five-years.maximum" in refused.value.message("zh")
    fine = {"caps.county-each-year.maximum": "30.00"}
    for changed, refusal in (
        ({"unit_id": city.city["id"], "by": city.city_admin}, RefinementNeedsCounty),
        ({"unit_id": city.school["id"]}, RefinementNeedsCounty),
        ({"by": city.school_admin, "unit_id": city.school["id"]}, NotAllowed),
        ({"refines": DEMO | {"version": 2}}, RulePackNotFound),
        ({"effective_from": cited("2005-12-31")}, PackRefused),
    ):
        with pytest.raises(refusal):
            await refine(db, city, fine, **changed)
    assert await driver.fetchval("SELECT count(*) FROM rule_pack") == 1
    made = await refine(db, city, fine)
    assert made["refines_id"] is not None
    with pytest.raises(RulePackOverlaps):
        await refine(db, city, fine, version=2, effective_from=cited("2027-01-01"))


async def test_the_person_s_county_decides_whose_numbers_count(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    people = [city.teacher, city.far_teacher]
    activity = await make_recognised(db, city.county, city.city_admin, people[:1], hours="40.00")
    await make_recognised(db, city.other_county, city.city_admin, people[1:], hours="40.00")
    assert activity["id"]
    await refine(db, city, {"caps.county-each-year.maximum": "30.00"})
    assert [await told(db, city, each) for each in people] == [(1, 30), (1, 40)]
    assert await told(db, city, city.teacher, as_of=date(2026, 8, 31)) == (1, 40)
    assert await stored(driver) == [(1, 40, False)] * 2
    assert await taken_over(db, at_most=9) == [1, 0]
    assert await stored(driver) == [(1, 30, True), (1, 40, False)]
    assert (await verify_ledger(db)).finding is None
    # The next step goes on under the county's numbers: 5 more of the school's count beside the 30.
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="5.00")
    assert await stored(driver) == [(1, 35, True), (1, 40, False)]
    entry_id = await driver.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1 AND level = 'county'", city.teacher["id"]
    )
    why = await get_explanation(db, city.city_admin.actor, entry_id=entry_id, now=NOW)
    [cut] = [step for step in why["steps"] if step["code"] == "cut_by_cap"]
    assert (cut["basis"]["document"], why["counted"]) == ("文件", 30)
    # A later version of the county's is counted with the next entry, without waiting for a round.
    after = {"version": 2, "effective_from": cited("2026-11-01"),
             "succeeds": {"id": "jia-county", "version": 1}}  # fmt: skip
    await refine(db, city, {"caps.county-each-year.maximum": "20.00"}, **after)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="1.00")
    assert await stored(driver) == [(1, 26, True), (1, 40, False)]
    assert (await verify_ledger(db)).finding is None


async def test_numbers_that_begin_in_a_cycle_that_is_over_are_counted_in_it(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """40 of the county's in 2024 and 40 in 2026; 30 a year from 2024 on: 30 count in either cycle."""
    await make_pack(db, city.city)
    for day in (date(2024, 3, 4), date(2026, 3, 4)):
        await make_recognised(
            db, city.county, city.city_admin, [city.teacher], hours="40.00", on=day
        )
    since = {"effective_from": cited("2024-01-01")}
    await refine(db, city, {"caps.county-each-year.maximum": "30.00"}, **since)
    assert await stored(driver) == [(1, 40, False)] * 2
    assert await taken_over(db, at_most=9) == [1, 0]
    assert await stored(driver) == [(1, 30, True)] * 2
    assert (await verify_ledger(db)).finding is None


async def test_a_pack_that_begins_in_the_past_is_counted_without_being_asked(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Published today, in force since March: what was earned before counts in its cycle too."""
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher], hours="100.00")
    content = document(2, "2026-03-01", succeeds=DEMO)
    content["caps"][0]["maximum"] = cited("70.00")
    await publish(db, city, content)
    assert await taken_over(db, at_most=9) == [1, 0]
    assert await stored(driver) == [(1, 100, False), (2, 70, False)]


def test_the_demonstration_leaves_three_numbers_to_the_counties() -> None:
    pack: PackDocument = open_ended()
    left = {cap.id: cap.maximum.refinable for cap in pack.caps if cap.maximum.refinable}
    assert left == {"county-each-year": "lower"}
    asked = {each.id for each in pack.requirements if each.ground.refinable == "raise"}
    assert asked == {"county-or-above", "ethics"}
