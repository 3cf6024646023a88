"""What the rules are told of a person: where the school lies, and when the person was not at work."""

from datetime import date, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.credits.packs import PackDocument
from app.domain.credits.rules import Dated
from app.domain.credits.rules.applicability import held_on
from app.domain.credits.standings import get_standing
from app.domain.credits.standings.due import recount_due
from app.domain.credits.standings.facts import facts_version, read_people
from app.domain.organisation.unit_locations import NewLocation, classify_unit
from app.domain.organisation.units import LocationClass, UnitChanges, update_unit
from app.domain.people.careers import record_fact
from app.domain.people.facts.engagement import (
    EMPLOYMENT,
    STATE,
    NewEmployment,
    NewServiceState,
    ServiceState,
)
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement
from tests.domain.credits.histories import TITLE, stated
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.domain.credits.standings.test_due import counted
from tests.make import NOW, TODAY, City

VERSION = Statement(
    select(facts_version()).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def test_leave_and_place_are_told_and_leave_makes_a_verdict_due(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]
    before = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id].facts
    assert (before.leaves, before.locations) == ((), ())
    for state, day in (
        (ServiceState.IN_SERVICE, date(2026, 1, 1)),
        (ServiceState.ON_LEAVE, date(2026, 3, 1)),
        (ServiceState.IN_SERVICE, date(2026, 9, 1)),
    ):
        new = NewServiceState(state=state, valid_from=day)
        await record_fact(db, actor, kind=STATE, teacher_id=teacher_id, new=new, now=NOW)
    place = UnitChanges(location=LocationClass.RURAL)
    await update_unit(db, city.city_admin.actor, unit_id=city.school["id"], changes=place, now=NOW)
    facts = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id].facts
    assert facts.leaves == (Dated("on_leave", date(2026, 3, 1), date(2026, 8, 31)),)
    assert facts.locations == (Dated("rural", date.min),)
    # Of everybody at the school: it is a fact of each of them.
    assert (await recount_due(db, now=NOW, at_most=9)).counted == 2


async def test_a_school_that_was_classed_anew_leaves_what_was_before_as_it_was(
    db: Connection, city: City
) -> None:
    """Asked of schools in the country: met until the school became one of a town, and for what was earned
    by then. What was believed on an earlier day stays what it was.
    """
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    [total] = [each for each in content["requirements"] if each["id"] == "total"]
    content["requirements"] = [total | {"who": {"locations": ["rural"]}}]
    content["purposes"] = []
    await make_pack(db, city.city, PackDocument.model_validate(content))
    by, key, school_id = city.city_admin.actor, city.teacher["id"], city.school["id"]
    for location, day in (("rural", None), ("town", TODAY - timedelta(days=10))):
        new = NewLocation.model_validate({"location": location, "valid_from": day})
        moment = NOW if day else NOW - timedelta(days=20)
        await classify_unit(db, by, unit_id=school_id, new=new, now=moment)

    async def applies(day: date, known_on: date | None = None) -> Any:
        told = await get_standing(db, by, teacher_id=key, now=NOW, as_of=day, known_on=known_on)
        [asked] = told["requirements"]
        return asked["applies"]

    assert await applies(TODAY - timedelta(days=400)) is True
    assert await applies(TODAY - timedelta(days=11)) is True
    assert await applies(TODAY - timedelta(days=10)) is False
    assert await applies(TODAY, known_on=TODAY - timedelta(days=1)) is True
    assert await applies(TODAY, known_on=TODAY - timedelta(days=21)) is None


async def test_what_is_earned_goes_by_where_the_school_lay_on_the_day(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Double for schools in the country; the school was one until 1 June 2026."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    plain = {"id": "plain", "title": TITLE, "factor": stated("1.0000")}
    double = {"id": "double", "title": TITLE, "factor": stated("2.0000"),
              "who": {"locations": ["rural"]}}  # fmt: skip
    content |= {"earning": [double, plain], "purposes": []}
    await make_pack(db, city.city, PackDocument.model_validate(content))
    by, school_id = city.city_admin.actor, city.school["id"]
    for location, day in (("rural", date(2020, 1, 1)), ("town", date(2026, 6, 1))):
        new = NewLocation.model_validate({"location": location, "valid_from": day})
        await classify_unit(db, by, unit_id=school_id, new=new, now=NOW)
    for day in (date(2026, 5, 31), date(2026, 6, 1)):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], on=day)
    rows = await driver.fetch("SELECT hours, rule_id FROM credit_entry ORDER BY sequence")
    assert [tuple(row) for row in rows] == [(20, "double"), (10, "plain")]


async def test_of_whoever_once_worked_elsewhere_it_is_told_where_that_school_lay(
    db: Connection, city: City
) -> None:
    """Read together with a colleague who was never elsewhere, for whom where the own school lies is enough."""
    by = city.city_admin.actor
    for school, location in ((city.school, "urban"), (city.sibling, "rural")):
        new = NewLocation.model_validate({"location": location, "valid_from": date(2010, 1, 1)})
        await classify_unit(db, by, unit_id=school["id"], new=new, now=NOW)
    moved, stayed = city.teacher["id"], city.colleague["id"]
    former = NewEmployment(
        school_id=city.sibling["id"], valid_from=date(2012, 9, 1), valid_to=date(2016, 9, 1)
    )
    await record_fact(db, by, kind=EMPLOYMENT, teacher_id=moved, new=former, now=NOW)
    people = await read_people(db, teacher_ids=[stayed, moved])
    places = people[moved].facts.locations
    assert [held_on(places, date(year, 1, 1)) for year in (2013, 2026)] == [("rural",), ("urban",)]
    assert people[stayed].facts.locations == (Dated("urban", date.min),)
    for teacher_id, person in people.items():
        assert await read_people(db, teacher_ids=[teacher_id]) == {teacher_id: person}
        assert await db.value(VERSION, teacher_id=teacher_id) == person.version
