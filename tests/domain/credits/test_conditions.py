"""Conditions of persons, and the pre-check lists of units."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.domain.base import civil_date
from app.domain.credits.conditions import (
    Outcome,
    PurposeNotAsked,
    get_condition,
    list_conditions,
    list_prechecks,
)
from app.domain.credits.packs.purposes import PurposeKind
from app.domain.errors import NotAllowed
from app.domain.paging import Page, PageRequest
from app.domain.people.facts.qualifications import REGISTRATION
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.make import NOW, TODAY, City, make_fact

# For persons.


async def registered(db: Connection, teacher: Row) -> None:
    await make_fact(
        db, teacher, REGISTRATION, date(2024, 7, 1), date(2029, 7, 1),
        conclusion="qualified", issuer="甲县教育局",
    )  # fmt: skip


async def test_every_purpose_of_the_pack_is_answered(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await registered(db, city.teacher)
    await make_recognised(
        db, city.school, city.county_admin, [city.teacher], hours="30.00", on=date(2026, 3, 10)
    )
    teacher_id, actor = city.teacher["id"], city.teacher_account.actor
    before = db.statements
    found = await list_conditions(db, actor, teacher_id=teacher_id, now=NOW)
    assert db.statements - before == 5
    told = {each["purpose"]: each for each in found}
    assert list(told) == [
        "registration", "appraisal", "appointment", "title_review", "backbone_selection",
    ]  # fmt: skip
    assert all(each["scope"]["code"] == "one_of_several" for each in found)
    # The last school year, 2025/26, has its credit; in the five years before there are years without.
    appraisal, backbone = told["appraisal"], told["backbone_selection"]
    assert (appraisal["frame_start"], appraisal["frame_end"]) == (
        date(2025, 9, 1), date(2026, 8, 31),
    )  # fmt: skip
    assert (appraisal["outcome"], appraisal["basis"]["article"]) == ("qualified", "第25条")
    assert (backbone["outcome"], backbone["requirements"][0]["missing"]) == (
        "unqualified", Decimal("0.03"),
    )  # fmt: skip
    # Registered from 2024-07-01 to 2029-06-30: 30 of 360, and the year 2024/25 is over without.
    registration = told["registration"]
    assert registration["frame_end"] == date(2029, 6, 30)
    total = next(each for each in registration["requirements"] if each["id"] == "total")
    assert (total["needed"], total["counted"], total["missing"]) == (360, 30, 330)
    assert registration["verdict"] == "missed"


async def test_one_purpose_is_explained(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    asked: dict[str, Any] = {"teacher_id": city.teacher["id"], "now": NOW}
    actor = city.teacher_account.actor
    before = db.statements
    told = await get_condition(db, actor, purpose=PurposeKind.APPOINTMENT, **asked)
    assert db.statements - before == 5
    assert {"name": "rank", "value": "first_grade"} in told["inputs"]
    assert [(each["earned"], each["counted"]) for each in told["contributions"]] == [
        (100, 100), (30, 20),
    ]  # fmt: skip
    total = [each for each in told["changes"] if each["requirement_id"] == "total"]
    assert [(each["kind"], each["amount"], each["missing_after"]) for each in total] == [
        ("earn", 240, 0), ("cap", 10, 230),
    ]  # fmt: skip
    assert told["assumptions"]
    unknown = await get_condition(db, actor, purpose=PurposeKind.REGISTRATION, **asked)
    assert (unknown["outcome"], unknown["verdict"]) == ("deferred", "undecided")
    assert unknown["frame_reason"]["code"] == "not_registered"
    assert unknown["contributions"] == []
    early = await get_condition(
        db, actor, purpose=PurposeKind.APPOINTMENT, known_on=date(2026, 1, 1), **asked
    )
    assert early["contributions"] == []
    with pytest.raises(TeacherNotFound):
        await get_condition(
            db, city.colleague_account.actor, purpose=PurposeKind.APPOINTMENT, **asked
        )


async def test_a_purpose_that_the_pack_does_not_have(db: Connection, city: City) -> None:
    bare = open_ended().model_copy(update={"purposes": ()})
    await make_pack(db, city.city, bare)
    asked: dict[str, Any] = {"teacher_id": city.teacher["id"], "now": NOW}
    actor = city.county_admin.actor
    assert await list_conditions(db, actor, **asked) == []
    with pytest.raises(PurposeNotAsked):
        await get_condition(db, actor, purpose=PurposeKind.APPRAISAL, **asked)


# Lists.


class Lists:
    """Pre-check lists as the county's administrator asks for them."""

    def __init__(self, db: Connection, city: City) -> None:
        self.db, self.city = db, city

    async def begin(self) -> None:
        """The teacher and a colleague have credit of the school, earned in the last school year."""
        city, by = self.city, self.city.county_admin
        await make_pack(self.db, city.city)
        both = [city.teacher, city.colleague]
        await make_recognised(self.db, city.school, by, both, hours="30.00")
        await make_recognised(
            self.db, city.county, by, [city.teacher], on=date(2025, 10, 1), hours="10.00"
        )

    async def page(
        self, kind: str, unit: Row, limit: int = 50, cursor: str | None = None, **more: Any
    ) -> Page:
        return await list_prechecks(
            self.db, self.city.county_admin.actor, unit_id=unit["id"], purpose=PurposeKind(kind),
            page=PageRequest(limit=limit, cursor=cursor), now=NOW, **more,
        )  # fmt: skip


@pytest.fixture
async def lists(db: Connection, city: City) -> Lists:
    made = Lists(db, city)
    await made.begin()
    return made


async def test_a_list_says_who_is_deferred_and_why(db: Connection, lists: Lists) -> None:
    city, before = lists.city, db.statements
    page = await lists.page("appointment", city.county)
    assert db.statements - before == 5
    lines = {line["teacher_id"]: line for line in page.items}
    own = lines[city.teacher["id"]]
    assert (own["outcome"], own["frame_start"]) == ("deferred", date(2026, 1, 1))
    assert {each["id"]: each["missing"] for each in own["unmet"]}["total"] == 330
    assert lines[city.sibling_teacher["id"]]["unmet"]
    # The same from the ledgers.
    before = db.statements
    again = await lists.page("appointment", city.county, as_of=TODAY)
    assert db.statements - before == 5
    assert again.items == page.items
    before = db.statements
    page = await lists.page("registration", city.school)
    assert db.statements - before == 6
    assert {line["frame_reason"]["code"] for line in page.items} == {"not_registered"}


async def test_a_list_of_one_outcome_goes_on_where_a_page_ends(lists: Lists) -> None:
    city = lists.city
    credited = {city.teacher["id"], city.colleague["id"]}
    page = await lists.page("appraisal", city.county, outcome=Outcome.QUALIFIED)
    assert {line["teacher_id"] for line in page.items} == credited
    page = await lists.page("appraisal", city.county, outcome=Outcome.UNQUALIFIED)
    assert city.sibling_teacher["id"] in {line["teacher_id"] for line in page.items}
    seen, cursor, more = [], None, True
    while more:
        page = await lists.page("appraisal", city.county, 1, cursor, outcome=Outcome.QUALIFIED)
        seen += [line["teacher_id"] for line in page.items]
        cursor, more = page.next, page.more
    assert (set(seen), len(seen)) == (credited, 2)


async def test_the_stored_verdict_leaves_out_who_has_another_outcome(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    """Those with a stored verdict that still holds are not even looked at; the others are judged."""
    await make_pack(db, city.city)
    now = datetime.now(UTC)  # the stored ones are those of the database's today
    people_ = [city.teacher, city.colleague]
    by, today = city.county_admin, civil_date(now)
    await make_recognised(db, city.county, by, people_, now, hours="10.00", on=today)
    asked: dict[str, Any] = {
        "unit_id": city.school["id"], "purpose": PurposeKind.APPOINTMENT, "page": PageRequest(),
        "now": now,
    }  # fmt: skip

    async def looked_at(outcome: Outcome) -> tuple[int, int]:
        page = await list_prechecks(db, by.actor, outcome=outcome, **asked)
        return len(page.items), len(page.keys)

    await driver.execute("UPDATE standing SET verdict_until = NULL")
    assert await looked_at(Outcome.QUALIFIED) == (0, 0)
    assert await looked_at(Outcome.DEFERRED) == (2, 2)
    # A verdict that is out of date decides nothing.
    await driver.execute("UPDATE standing SET verdict = 'met', verdict_until = '2020-01-01'")
    assert await looked_at(Outcome.DEFERRED) == (2, 2)
    await driver.execute("UPDATE standing SET verdict_until = NULL")
    assert await looked_at(Outcome.DEFERRED) == (0, 0)


async def test_who_may_ask_for_a_list(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    asked: dict[str, Any] = {
        "unit_id": city.school["id"], "purpose": PurposeKind.APPRAISAL, "page": PageRequest(),
        "now": NOW,
    }  # fmt: skip
    for person in (city.teacher_account, city.colleague_account):
        with pytest.raises(NotAllowed):
            await list_prechecks(db, person.actor, **asked)
    page = await list_prechecks(db, city.school_admin.actor, **asked)
    assert {line["school_id"] for line in page.items} == {city.school["id"]}
