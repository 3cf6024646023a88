"""What is not an activity is recognised the same way: once for each person, by the rules, and undone alike."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.domain.credits.explanations import get_explanation
from app.domain.credits.packs import PackDocument
from app.domain.credits.recognition import Hindrance, Offered, Share, recognise_source
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import verify_ledger
from app.sql import Connection, Row, new_id
from tests.domain.credits.histories import TITLE, stated
from tests.domain.credits.making import DAY, make_pack, make_recognised, open_ended
from tests.make import NOW, City

UNFINISHED = Hindrance("term_unfinished", "带教未满期。", "The term is not over.")


def mentoring() -> PackDocument:
    """The demonstration pack, by which a term of mentoring gives the mentor 6 and the apprentice its hours."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    mentors = {"id": "mentors", "title": TITLE, "fixed": stated("6.00"),
               "when": {"source_kind": ["mentorship"], "role": ["mentor"]}}  # fmt: skip
    return PackDocument.model_validate(content | {"earning": [mentors, *content["earning"]]})


def term(city: City) -> Offered:
    return Offered(
        source_kind="mentorship", source_id=new_id(), city_id=city.city["id"], earned_on=DAY,
        level="school", content=("teaching_methods",),
    )  # fmt: skip


async def entries(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await driver.fetch(
        "SELECT teacher_id, kind, attempt, credits, role, rule_id FROM credit_entry"
        " WHERE source_kind = 'mentorship' ORDER BY attempt, role DESC"
    )
    return [tuple(row) for row in rows]


async def recognised(db: Connection, city: City, offered: Offered, *shares: Share) -> Row:
    by: UUID = city.county_admin.actor.account_id
    return await recognise_source(db, offered=offered, shares=shares, recorded_by=by, now=NOW)


async def test_a_term_of_mentoring_earns_by_role_and_once(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, mentoring())
    offered = term(city)
    mentor, apprentice, other = city.teacher["id"], city.colleague["id"], city.sibling_teacher["id"]
    shares = [
        Share(mentor, Decimal("4.00"), "mentor"), Share(apprentice, Decimal("4.00"), "apprentice"),
        Share(other, Decimal("4.00"), "apprentice", UNFINISHED),
    ]  # fmt: skip
    done = await recognised(db, city, offered, *shares)
    assert (done["entered"], done["not_qualified"]) == (2, 1)
    assert done["left_out"] == [
        {"teacher_id": other, "code": "term_unfinished", "zh": UNFINISHED.zh, "en": UNFINISHED.en}
    ]
    first = [(mentor, "earn", 1, 6, "mentor", "mentors"),
             (apprentice, "earn", 1, 4, "apprentice", "attendance")]  # fmt: skip
    assert await entries(driver) == first
    again = await recognised(db, city, offered, *shares)
    assert (again["entered"], again["already_entered"]) == (0, 2)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry WHERE role = 'mentor'")
    wrong = NewReversal(reason="带教未完成")
    await reverse_entry(db, city.county_admin.actor, entry_id=entry_id, new=wrong, now=NOW)
    assert (await recognised(db, city, offered, *shares))["entered"] == 1
    assert await entries(driver) == [*first, (mentor, "earn", 2, 6, "mentor", "mentors")]
    assert (await verify_ledger(db)).finding is None


async def test_another_source_of_the_same_day_is_another_entry(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, mentoring())
    share = Share(city.teacher["id"], Decimal("4.00"), "mentor")
    one = term(city)
    other = msgspec.structs.replace(one, source_kind="topic")
    for offered in (one, other, term(city)):
        assert (await recognised(db, city, offered, share))["entered"] == 1
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 3


async def test_an_explanation_says_what_the_entry_comes_from(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """An activity by its title; of a kind that is not declared there is the key alone."""
    await make_pack(db, city.city, mentoring())
    activity = await make_recognised(db, city.school, city.county_admin, [city.teacher])
    offered = msgspec.structs.replace(term(city), source_kind="visit")
    await recognised(db, city, offered, Share(city.teacher["id"], Decimal("4.00"), "mentor"))
    told = []
    for entry_id in await driver.fetch("SELECT id FROM credit_entry ORDER BY sequence"):
        why = await get_explanation(
            db, city.teacher_account.actor, entry_id=entry_id["id"], now=NOW
        )
        told.append((why["source_kind"], why["source_id"], why["source_title"]))
    assert told == [
        ("activity", activity["id"], activity["title"]),
        ("visit", offered.source_id, None),
    ]
