"""Published packs: put in force once, for days of their own."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.credits.packs import PackRefused, shipped_packs
from app.domain.credits.packs.published import (
    RulePackNotFound,
    documents_of,
    get_pack,
    list_packs,
)
from app.domain.credits.packs.publishing import (
    NewRulePack,
    RulePackExists,
    RulePackNeedsCity,
    RulePackOverlaps,
    publish_pack,
)
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.careers import Post, Rank
from app.domain.training.activities import ActivityChannel, ActivityContent, ActivityMode
from app.domain.training.attendance import AttendanceRole
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, make_city


def document(pack_id: str = "yueyang-demo-2026", **changed: Any) -> dict[str, Any]:
    """A shipped pack as JSON."""
    content = shipped_packs()[pack_id].model_dump(mode="json", exclude_defaults=True)
    return content | changed


def cited(value: Any) -> dict[str, Any]:
    return {"value": value, "citation": {"document": "文件", "article": "第1条"}}


async def test_a_city_publishes_and_everybody_in_it_reads(db: Connection, city: City) -> None:
    new = NewRulePack(unit_id=city.city["id"], document=document())
    row = await publish_pack(db, city.city_admin.actor, new=new, now=NOW)
    assert (row["pack_id"], row["version"], row["title_en"][:13]) == (
        "yueyang-demo-2026", 1, "Demonstration",
    )  # fmt: skip
    for person in (city.teacher_account, city.school_admin, city.auditor):
        read = await get_pack(db, person.actor, pack_key=row["id"])
        assert read == row
        page = await list_packs(db, person.actor, page=PageRequest(), in_force_on=NOW.date())
        assert [each["id"] for each in page.items] == [row["id"]]
    documents = await documents_of(db, city.teacher_account.actor, pack_keys=[row["id"]])
    assert documents[row["id"]] == document()
    elsewhere = await list_packs(db, city.city_admin.actor, page=PageRequest(), pack_id="other")
    assert elsewhere.items == []


async def test_nobody_else_publishes(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    own = NewRulePack(unit_id=city.city["id"], document=document())
    for person in (city.county_admin, city.school_admin, city.auditor, city.teacher_account):
        with pytest.raises(NotAllowed):
            await publish_pack(db, person.actor, new=own, now=NOW)
    for unit, person, refusal in (
        (city.county, city.city_admin, RulePackNeedsCity),
        (city.school, city.city_admin, RulePackNeedsCity),
        (city.sibling, city.school_admin, UnitNotFound),
    ):
        new = NewRulePack(unit_id=unit["id"], document=document())
        with pytest.raises(refusal):
            await publish_pack(db, person.actor, new=new, now=NOW)
    assert await driver.fetchval("SELECT count(*) FROM rule_pack") == 0


async def test_a_version_is_published_once_and_days_do_not_overlap(
    db: Connection, city: City
) -> None:
    async def publish(**changed: Any) -> None:
        new = NewRulePack(unit_id=city.city["id"], document=document(**changed))
        async with db.transaction():
            await publish_pack(db, city.city_admin.actor, new=new, now=NOW)

    await publish()
    with pytest.raises(RulePackExists):
        await publish()
    with pytest.raises(RulePackOverlaps) as refused:
        await publish(version=2)
    assert refused.value.details == {"other": "yueyang-demo-2026", "other_version": 1}
    after = {"effective_from": cited("2031-01-01"), "effective_to": cited("2035-12-31")}
    with pytest.raises(RulePackExists):
        await publish(**after)
    await publish(version=2, **after)
    page = await list_packs(db, city.auditor.actor, page=PageRequest())
    assert [row["version"] for row in page.items] == [1, 2]


async def test_a_bad_document_is_refused_with_every_place(db: Connection, city: City) -> None:
    content = document(unit="minutes")
    content["caps"][0]["maximum"] = {"value": "120.00"}
    new = NewRulePack(unit_id=city.city["id"], document=content)
    with pytest.raises(PackRefused) as refused:
        await publish_pack(db, city.city_admin.actor, new=new, now=NOW)
    assert {each.path for each in refused.value.problems} == {"unit", "caps.0.maximum"}


async def test_another_citys_packs_do_not_exist(
    db: Connection, city: City, resources: Resources
) -> None:
    other = await make_city(db, resources.cipher)
    new = NewRulePack(unit_id=other.city["id"], document=document())
    row = await publish_pack(db, other.city_admin.actor, new=new, now=NOW)
    with pytest.raises(RulePackNotFound):
        await get_pack(db, city.city_admin.actor, pack_key=row["id"])
    assert await documents_of(db, city.city_admin.actor, pack_keys=[row["id"]]) == {row["id"]: None}


async def test_of_two_who_publish_at_once_one_is_refused(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def publish(version: int) -> str:
        new = NewRulePack(unit_id=city.city["id"], document=document(version=version))
        async with real_pool.transaction() as db:
            try:
                await publish_pack(db, city.city_admin.actor, new=new, now=NOW)
            except RulePackOverlaps as refusal:
                return refusal.code
        return "published"

    outcomes = await asyncio.gather(*(publish(version) for version in range(1, 9)))
    assert sorted(outcomes) == ["published"] + ["rule_pack_overlaps"] * 7


def test_the_shipped_packs_speak_the_words_of_the_register() -> None:
    words = {
        "ranks": Rank, "rank": Rank, "posts": Post, "mode": ActivityMode, "role": AttendanceRole,
        "channel": ActivityChannel, "content": ActivityContent,
    }  # fmt: skip
    unknown = [
        (pack.id, rule.id, name, code)
        for pack in shipped_packs().values()
        for rule in pack.rules()
        for part in ("of", "when", "who")
        for name, codes in getattr(rule, part, ())
        if name in words
        for code in codes
        if code not in set(words[name])
    ]
    assert unknown == []
