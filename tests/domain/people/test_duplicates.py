"""Duplicates: which records may be of one person, why, to whom they are shown, and what settles them."""

from datetime import date
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.people.duplicates import (
    DistinctAlready,
    DistinctFromOneself,
    NewDistinctPeople,
    declare_distinct_people,
    list_duplicates,
)
from app.domain.people.optional_data import DataConsent, NewPhone, set_phone
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, id_number
from tests.make_people import enter_person


async def found(db: Connection, who: Person, unit: Row) -> list[tuple[set[Any], list[str]]]:
    rows = await list_duplicates(db, who.actor, unit_id=unit["id"])
    return [({row["one_id"], row["other_id"]}, row["reasons"]) for row in rows]


async def phone(db: Connection, held: Resources, who: Person, teacher: Row, number: str) -> None:
    given = {"id": new_id(), "teacher_id": teacher["id"], "data": "phone", "given_at": NOW}
    await db.insert(DataConsent, given)
    new = NewPhone.model_validate({"phone": number})
    await set_phone(db, who.actor, teacher_id=teacher["id"], new=new, cipher=held.cipher, now=NOW)


async def test_two_records_are_found_for_every_reason_by_one_statement(
    db: Connection, city: City, resources: Resources
) -> None:
    one = await enter_person(db, city, resources)
    other = await enter_person(
        db, city, resources, name="单 晓红", id_kind="resident_card",
        id_number=id_number(date(1990, 1, 1)), birth_date=None,
    )  # fmt: skip
    for teacher in (one, other):
        await phone(db, resources, city.school_admin, teacher, "13800138000")
    before = db.statements
    pairs = await found(db, city.school_admin, city.school)
    assert db.statements - before == 2, "the unit, the candidates"
    both = {one["id"], other["id"]}
    assert pairs == [(both, ["alike_at_school", "name_and_birth", "other_document", "phone"])]


async def test_names_that_sound_alike_count_at_one_school_alone(
    db: Connection, city: City, resources: Resources
) -> None:
    one = await enter_person(db, city, resources)
    same_school = await enter_person(
        db, city, resources, name="单小虹", id_number="E00000001", birth_date="1980-05-05"
    )
    await enter_person(
        db, city, resources, "sibling", name="单晓鸿", id_number="E00000002",
        birth_date="1981-05-05",
    )  # fmt: skip
    pairs = await found(db, city.county_admin, city.county)
    assert pairs == [({one["id"], same_school["id"]}, ["alike_at_school"])]


async def test_a_pair_is_shown_to_whoever_is_over_both(
    db: Connection, city: City, resources: Resources
) -> None:
    one = await enter_person(db, city, resources)
    other = await enter_person(db, city, resources, "far_school", id_number="E87654321")
    assert await found(db, city.city_admin, city.city) == [
        ({one["id"], other["id"]}, ["name_and_birth"])
    ]
    for who, unit in ((city.county_admin, city.county), (city.school_admin, city.school)):
        assert await found(db, who, unit) == []
    with pytest.raises(UnitNotFound):
        await found(db, city.county_admin, city.other_county)
    for reader in (city.auditor, city.integration):
        with pytest.raises(NotAllowed):
            await found(db, reader, city.school)


async def test_what_was_declared_distinct_is_not_shown_again(
    db: Connection, city: City, resources: Resources
) -> None:
    one = await enter_person(db, city, resources)
    other = await enter_person(db, city, resources, id_number="E87654321")
    new = NewDistinctPeople(other_id=one["id"], reason="系同名同姓的两人")
    of_other = {"teacher_id": other["id"], "new": new, "now": NOW}
    with pytest.raises(TeacherNotFound):
        await declare_distinct_people(db, city.sibling_admin.actor, **of_other)
    with pytest.raises(NotAllowed):
        await declare_distinct_people(db, city.auditor.actor, **of_other)
    assert len(await found(db, city.school_admin, city.school)) == 1
    said = await declare_distinct_people(db, city.school_admin.actor, **of_other)
    assert (said["one_id"], said["other_id"]) == tuple(sorted([one["id"], other["id"]]))
    assert await found(db, city.school_admin, city.school) == []
    own = NewDistinctPeople(other_id=other["id"], reason="两人")
    with pytest.raises(DistinctFromOneself):
        await declare_distinct_people(db, city.school_admin.actor, **of_other | {"new": own})
    with pytest.raises(DistinctAlready):
        async with db.transaction():
            await declare_distinct_people(db, city.county_admin.actor, **of_other)


async def test_people_who_share_nothing_are_no_candidates(
    db: Connection, city: City, resources: Resources
) -> None:
    await enter_person(db, city, resources)
    await enter_person(
        db, city, resources, name="王大力", id_number="E87654321",
        birth_date=date(1990, 1, 1).isoformat(),
    )  # fmt: skip
    assert await found(db, city.city_admin, city.city) == []
