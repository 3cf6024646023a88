"""Standings: what is stored is what counting from nothing gives, whatever happened before."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import pytest
from msgspec import to_builtins

from app.domain.base import civil_date
from app.domain.credits.conditions import list_prechecks
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.packs.published import RulePackNotFound
from app.domain.credits.packs.purposes import PurposeKind
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.rules import evaluate, fold
from app.domain.credits.standings import NoRulePack, get_standing, standings_of
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.verification import verify_ledger
from app.domain.paging import PageRequest
from app.domain.people.careers import NewRank, Rank, record_fact
from app.domain.people.facts.posts import POST
from app.domain.people.facts.ranks import RANK
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, TODAY, City, make_fact, make_teacher

HISTORIES = 50
STRIKE = NewReversal(reason="登记有误")


async def happen(db: Connection, city: City, teacher: Row, chance: Random) -> None:
    """Some months of a person: activities of all levels, now and then a reversal."""
    for _ in range(chance.randint(1, 6)):
        standing = [
            entry
            for entry in (await read_ledgers(db, teacher_ids=[teacher["id"]]))[teacher["id"]]
            if entry.kind == "earn"
        ]
        ledger = (await read_ledgers(db, teacher_ids=[teacher["id"]]))[teacher["id"]]
        struck = {entry.reverses_id for entry in ledger}
        standing = [entry for entry in standing if entry.id not in struck]
        if standing and chance.random() < 0.35:
            entry_id = chance.choice(standing).id
            await reverse_entry(db, city.city_admin.actor, entry_id=entry_id, new=STRIKE, now=NOW)
        else:
            organiser = chance.choice([city.school, city.county, city.city])
            day = date(2024, 6, 1) + timedelta(days=chance.randint(0, 850))
            hours = str(Decimal(chance.randint(1, 9000)) / 100)
            await make_recognised(
                db, organiser, city.city_admin, [teacher],
                hours=hours, on=day, channel=chance.choice(["online", "school_based"]),
            )  # fmt: skip


async def test_what_is_stored_is_what_counting_from_nothing_gives(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    await make_pack(db, city.city)
    packs = await read_packs(db, city_id=city.city["id"])
    pack = next(iter(packs.packs.values()))
    for seed in range(HISTORIES):
        chance = Random(seed)
        born, rank = date(1980 + seed % 25, 3, 7), chance.choice(list(Rank))
        teacher = await make_teacher(db, resources.cipher, city.school, rank=rank, born=born)
        await happen(db, city, teacher, chance)
        ledger = (await read_ledgers(db, teacher_ids=[teacher["id"]]))[teacher["id"]]
        person = (await read_people(db, teacher_ids=[teacher["id"]]))[teacher["id"]]
        rows = await driver.fetch("SELECT * FROM standing WHERE teacher_id = $1", teacher["id"])
        cycles = {pack.cycle_of(entry.earned_on).start for entry in ledger}
        assert {row["cycle_start"] for row in rows} == cycles, seed
        for row in rows:
            cycle = pack.cycle_of(row["cycle_start"])
            state, _ = fold(ledger, pack, cycle)
            assert row["state"] == to_builtins(state, str_keys=True), seed
            told = evaluate(person.facts, ledger, pack, min(TODAY, cycle.end))
            for name in ("earned_hours", "earned_credits", "counted_hours", "counted_credits"):
                assert row[name] == getattr(told.totals, name), (seed, name)
            if cycle.end >= TODAY:
                assert (row["verdict"], row["verdict_until"]) == (
                    told.verdict, told.verdict_until,
                ), seed  # fmt: skip


async def test_a_standing_says_what_counts_and_what_is_missing(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    by = city.county_admin
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, by, [city.teacher], hours=hours)
    before = db.statements
    row = await get_standing(db, city.teacher_account.actor, teacher_id=city.teacher["id"], now=NOW)
    assert db.statements - before == 4
    assert (row["cycle_start"], row["cycle_end"]) == (date(2026, 1, 1), date(2030, 12, 31))
    assert (row["earned_credits"], row["counted_credits"]) == (Decimal(130), Decimal(120))
    assert [each["counted"] for each in row["entries"]] == [Decimal(100), Decimal(20)]
    assert row["entries"][1]["cuts"] == [
        {"cap_id": "school-based-five-years", "amount": Decimal("10.00")}
    ]
    total = next(each for each in row["requirements"] if each["id"] == "total")
    assert (total["needed"], total["counted"], total["missing"]) == (360, 120, 240)
    cap = next(each for each in row["caps"] if each["id"] == "school-based-five-years")
    assert (cap["used"], cap["basis"]["article"]) == (120, "第25条")


async def test_as_of_and_known_on(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    await make_pack(db, city.city)
    by, teacher_id = city.county_admin, city.teacher["id"]
    for day in (date(2026, 3, 10), date(2026, 5, 10)):
        await make_recognised(db, city.school, by, [city.teacher], on=day)
    first = await driver.fetchval("SELECT id FROM credit_entry WHERE sequence = 1")
    later = NOW + timedelta(days=2)
    await reverse_entry(db, by.actor, entry_id=first, new=STRIKE, now=later)

    async def credits_(as_of: date | None = None, known_on: date | None = None) -> int:
        row = await get_standing(
            db, by.actor, teacher_id=teacher_id, now=later, as_of=as_of, known_on=known_on
        )
        return int(row["counted_credits"])

    assert await credits_() == 10
    assert await credits_(as_of=date(2026, 4, 1)) == 0
    assert await credits_(known_on=TODAY) == 20
    assert await credits_(as_of=date(2026, 4, 1), known_on=TODAY) == 10
    assert await credits_(known_on=TODAY - timedelta(days=1)) == 0


async def test_another_pack_may_be_named(db: Connection, city: City) -> None:
    teacher_id, actor = city.teacher["id"], city.county_admin.actor
    with pytest.raises(NoRulePack) as refused:
        await get_standing(db, actor, teacher_id=teacher_id, now=NOW)
    assert refused.value.message("zh") == "2026-11-20没有生效的学分规则包。"
    pack = await make_pack(db, city.city)
    old = date(2001, 1, 1)
    with pytest.raises(NoRulePack):
        await get_standing(db, actor, teacher_id=teacher_id, now=NOW, as_of=old)
    named = await get_standing(
        db, actor, teacher_id=teacher_id, now=NOW, as_of=old, pack_key=pack["id"]
    )
    assert named["cycle_start"] == date(2006, 1, 1)
    with pytest.raises(RulePackNotFound):
        await get_standing(db, actor, teacher_id=teacher_id, now=NOW, pack_key=new_id())


async def test_who_may_see_a_standing(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for person, refusal in (
        (city.colleague_account, TeacherNotFound),
        (city.other_county_admin, TeacherNotFound),
        (city.sibling_admin, TeacherNotFound),
    ):
        with pytest.raises(refusal):
            await get_standing(db, person.actor, teacher_id=city.teacher["id"], now=NOW)
    for person in (city.teacher_account, city.school_admin, city.auditor, city.integration):
        row = await get_standing(db, person.actor, teacher_id=city.teacher["id"], now=NOW)
        assert row["verdict"] == "open"


async def test_the_short_standings_of_many_are_one_statement(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    now = datetime.now(UTC)  # the short ones are those of the database's today
    people = [city.teacher, city.sibling_teacher]
    await make_recognised(
        db, city.county, city.county_admin, people, now, hours="70.00", on=civil_date(now)
    )
    ids = [city.teacher["id"], city.sibling_teacher["id"], city.colleague["id"]]
    before = db.statements
    found = await standings_of(db, city.county_admin.actor, teacher_ids=ids)
    assert db.statements - before == 1
    row = found[ids[0]]
    assert row is not None
    assert (row["earned_credits"], row["counted_credits"]) == (Decimal(70), Decimal(60))
    assert found[ids[2]] is None
    own = await standings_of(db, city.teacher_account.actor, teacher_ids=ids)
    assert [own[each] is not None for each in ids] == [True, False, False]


async def test_a_new_rank_is_seen_at_once(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    today = date.today()  # noqa: DTZ011
    actor, teacher_id = city.county_admin.actor, city.teacher["id"]
    await make_recognised(db, city.county, city.county_admin, [city.teacher], on=today)
    before = (await standings_of(db, actor, teacher_ids=[teacher_id]))[teacher_id]
    new = NewRank(rank=Rank.SENIOR, valid_from=date(2021, 1, 1))
    await record_fact(db, actor, kind=RANK, teacher_id=teacher_id, new=new, now=NOW)
    after = (await standings_of(db, actor, teacher_ids=[teacher_id]))[teacher_id]
    assert before is not None
    assert after is not None
    # 360 credits are asked of everybody, 400 of senior ranks; ten are there.
    assert (before["missing"], after["missing"]) == (Decimal(350), Decimal(390))


async def test_a_principal_is_a_school_cadre_for_the_rules(db: Connection, city: City) -> None:
    place = {"post": "principal", "school_id": city.school["id"]}
    await make_fact(db, city.teacher, POST, date(2021, 9, 1), date(2024, 9, 1), **place)
    people = await read_people(db, teacher_ids=[city.teacher["id"]])
    posts = people[city.teacher["id"]].facts.posts
    assert {(each.value, each.valid_from, each.valid_to) for each in posts or ()} == {
        ("teacher", date(2020, 9, 1), None),
        ("principal", date(2021, 9, 1), date(2024, 8, 31)),
        ("school_cadre", date(2021, 9, 1), date(2024, 8, 31)),
    }


async def test_what_was_counted_with_other_sums_is_judged_as_the_rules_count_now(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """After a release that sums otherwise: nothing is refused or wrong until everybody is counted anew."""
    await make_pack(db, city.city)
    now = datetime.now(UTC)
    actor, people = city.county_admin.actor, [city.teacher, city.colleague]
    await make_recognised(
        db, city.county, city.county_admin, people, now, hours="70.00", on=civil_date(now)
    )
    asked: dict[str, Any] = {
        "unit_id": city.school["id"], "purpose": PurposeKind.APPOINTMENT, "page": PageRequest(),
        "now": now,
    }  # fmt: skip
    ids = [each["id"] for each in people]
    short = await standings_of(db, actor, teacher_ids=ids)
    listed = await list_prechecks(db, actor, **asked)
    await driver.execute(
        "UPDATE standing SET facts_version = -1, counted_credits = 1,"
        """ state = jsonb_set(state, '{sums}', '{"earlier": {}}')"""
    )
    before = db.statements
    assert await standings_of(db, actor, teacher_ids=ids) == short
    assert db.statements - before == 4
    # Nor is it taken for something that somebody has tampered with.
    assert (await verify_ledger(db)).finding is None
    assert (await list_prechecks(db, actor, **asked)).items == listed.items
