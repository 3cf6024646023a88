import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.accounts import AccountNotFound
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture, FactEnded, FactNotLater
from app.domain.organisation.responsibilities import (
    NewResponsibility,
    ResponsibilityEnd,
    ResponsibilityNotFound,
    ResponsibilityTaken,
    ResponsibleElsewhere,
    SchoolDuty,
    end_responsibility,
    list_responsibilities,
    list_schools_without_responsible,
    name_responsible,
    responsibilities_of,
)
from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_city

ALL = PageRequest(limit=100)
SINCE = TODAY - timedelta(days=100)


def new(**changed: Any) -> NewResponsibility:
    fields = {"duty": "training_lead", "department": "教导处", "valid_from": SINCE} | changed
    return NewResponsibility.model_validate(fields)


async def name(
    db: Connection, by: Person, unit: Row, after: timedelta = timedelta(), **changed: Any
) -> Row:
    return await name_responsible(
        db, by.actor, unit_id=unit["id"], new=new(**changed), now=NOW + after
    )


async def lacking(db: Connection, by: Person, **duty: Any) -> list[str]:
    page = await list_schools_without_responsible(db, by.actor, page=ALL, **duty)
    return [row["name"] for row in page.items]


async def test_who_answers_for_training_in_each_school(db: Connection, city: City) -> None:
    by = city.county_admin
    assert await lacking(db, by) == ["甲县第一小学", "甲县第二小学"]
    held = await name(db, city.school_admin, city.school, teacher_id=city.teacher["id"])
    assert (held["name"], held["department"]) == ("测试甲", "教导处")
    assert await lacking(db, by) == ["甲县第二小学"]
    assert await lacking(db, by, duty=SchoolDuty.FIRST_RESPONSIBLE) == [
        "甲县第一小学", "甲县第二小学",
    ]  # fmt: skip
    admin = city.sibling_admin.actor.account_id
    await name(db, city.sibling_admin, city.sibling, account_id=admin)
    before = db.statements
    assert await lacking(db, by) == []
    assert db.statements - before == 1


async def test_whoever_left_the_school_answers_for_nothing_there(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await name(db, city.school_admin, city.school, teacher_id=city.teacher["id"])
    await driver.execute(
        "UPDATE teacher SET school_id = $1 WHERE id = $2", city.sibling["id"], city.teacher["id"]
    )
    assert await lacking(db, city.county_admin) == ["甲县第一小学", "甲县第二小学"]


async def test_the_work_is_divided_and_changes_hands(db: Connection, city: City) -> None:
    by, unit_id = city.school_admin, city.school["id"]
    first = await name(
        db, by, city.school, duty="first_responsible", department=None,
        teacher_id=city.teacher["id"], tasks="第一责任人，主持校本研修工作",
    )  # fmt: skip
    await name(db, by, city.school, duty="academic_office", tasks="组织教研活动")
    day = TODAY - timedelta(days=10)
    await name(
        db, by, city.school, timedelta(days=1), duty="first_responsible", department=None,
        teacher_id=city.colleague["id"], valid_from=day,
    )  # fmt: skip
    for when, principal in ((day - timedelta(1), "测试甲"), (day, "测试乙")):
        page = await list_responsibilities(db, by.actor, page=ALL, unit_id=unit_id, as_of=when)
        told = {row["duty"]: row["name"] for row in page.items}
        assert told == {"first_responsible": principal, "academic_office": None}
    page = await list_responsibilities(
        db, by.actor, page=ALL, duty=SchoolDuty.FIRST_RESPONSIBLE, as_of=TODAY, known_on=TODAY
    )
    assert [row["id"] for row in page.items] == [first["id"]]
    edges = await responsibilities_of(db, by.actor, unit_ids=[unit_id, city.sibling["id"]])
    assert [len(rows) for rows in edges.values()] == [3, 0]


async def test_a_duty_ends(db: Connection, city: City) -> None:
    by = city.school_admin
    held = await name(db, by, city.school, teacher_id=city.teacher["id"])
    ended = {"responsibility_id": held["id"], "now": NOW + timedelta(days=1)}
    for who, refusal in (
        (city.sibling_admin, ResponsibilityNotFound), (city.auditor, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await end_responsibility(db, who.actor, end=ResponsibilityEnd(), **ended)
    early = ResponsibilityEnd(on=SINCE - timedelta(1))
    with pytest.raises(FactNotLater):
        await end_responsibility(db, by.actor, end=early, **ended)
    await end_responsibility(db, by.actor, end=ResponsibilityEnd(on=TODAY), **ended)
    assert "甲县第一小学" in await lacking(db, city.county_admin)
    with pytest.raises(FactEnded):
        await end_responsibility(db, by.actor, end=ResponsibilityEnd(on=TODAY), **ended)


@pytest.mark.parametrize(
    ("who", "place", "person", "more", "refusal"),
    [
        ("school_admin", "school", "sibling_teacher", {}, SubjectNotFound),
        ("county_admin", "school", "sibling_teacher", {}, ResponsibleElsewhere),
        ("county_admin", "school", "sibling_admin", {}, ResponsibleElsewhere),
        ("school_admin", "school", "sibling_admin", {}, AccountNotFound),
        ("school_admin", "school", "nobody", {}, SubjectNotFound),
        ("county_admin", "county", "teacher", {}, NotASchool),
        ("auditor", "school", "teacher", {}, NotAllowed),
        ("sibling_admin", "school", "teacher", {}, UnitNotFound),
        ("school_admin", "school", "teacher", {"valid_from": TODAY + timedelta(1)}, DayInFuture),
        ("school_admin", "school", "teacher", {"valid_from": SINCE - timedelta(1)}, FactNotLater),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, place: str, person: str,
    more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    await name(db, city.school_admin, city.school, teacher_id=city.colleague["id"])
    known = getattr(city, person, None)
    named = (
        {"account_id": known.actor.account_id}
        if isinstance(known, Person)
        else {"teacher_id": known["id"] if known else new_id()}
    )
    with pytest.raises(refusal):
        async with db.transaction():
            await name(db, getattr(city, who), getattr(city, place), **named, **more)
    assert await driver.fetchval("SELECT count(*) FROM responsibility") == 1


@pytest.mark.parametrize(
    "changed",
    [
        {}, {"teacher_id": new_id(), "department": None},
        {"teacher_id": new_id(), "account_id": new_id()},
        {"duty": "vice_principal", "department": None}, {"duty": "gardener"},
    ],
)  # fmt: skip
def test_somebody_is_named(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new(**changed)


async def test_of_two_named_at_once_one_holds_the_duty(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def one(teacher: Row) -> Row:
        async with real_pool.transaction() as db:
            return await name(db, city.school_admin, city.school, teacher_id=teacher["id"])

    done = await asyncio.gather(one(city.teacher), one(city.colleague), return_exceptions=True)
    assert {type(each) for each in done} <= {dict, ResponsibilityTaken}
    assert any(isinstance(each, dict) for each in done)
    async with real_pool.connection() as db:
        page = await list_responsibilities(db, city.school_admin.actor, page=ALL, as_of=TODAY)
    assert len(page.items) == 1


async def test_nobody_answers_for_it_beside_whoever_did_then(db: Connection, city: City) -> None:
    """Whoever is named from a day on which another answered for it would make two of that day."""
    by = city.school_admin
    held = await name(db, by, city.school, teacher_id=city.teacher["id"])
    end = ResponsibilityEnd(on=SINCE + timedelta(50))
    await end_responsibility(db, by.actor, responsibility_id=held["id"], end=end, now=NOW)
    with pytest.raises(FactNotLater):
        await name(
            db, by, city.school, teacher_id=city.teacher["id"], valid_from=SINCE + timedelta(20)
        )
    await name(db, by, city.school, teacher_id=city.teacher["id"], valid_from=end.on)
    for day in (SINCE + timedelta(20), TODAY):
        page = await list_responsibilities(db, by.actor, page=ALL, as_of=day)
        assert len(page.items) == 1


async def test_a_suspended_account_answers_for_nothing(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    account_id = city.school_admin.actor.account_id
    await name(db, city.school_admin, city.school, account_id=account_id)
    assert await lacking(db, city.school_admin) == []
    await driver.execute("UPDATE account SET suspended_at = now() WHERE id = $1", account_id)
    assert await lacking(db, city.school_admin) == ["甲县第一小学"]
